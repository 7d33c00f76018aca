//! What the window needs to know of the machine before anything else runs.
//!
//! Rule: the environment is never changed in place, which is unsound once threads run; the program starts itself anew
//! with the environment it needs.

use std::{env, io, os::unix::process::CommandExt, path::Path, process::Command};

/// WebKitGTK's own switches (2.44 and later) for a machine without a GPU. Its frames go to the window through shared
/// memory, where its GPU buffers would show nothing at all; layers are still blended by OpenGL, in software, and pages
/// are painted by the rasteriser that is made for a processor. Switching the renderer off instead would paint the whole
/// panel anew for every frame: half as many a second.
const WITHOUT_GPU: [(&str, &str); 2] =
    [("WEBKIT_DMABUF_RENDERER_FORCE_SHM", "1"), ("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1")];
/// Whoever sets it knows better.
const NO_DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

pub(crate) fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

pub(crate) fn suit_web_view() -> io::Result<()> {
    let suits = |(name, _): &(&str, &str)| env::var_os(name).is_some();
    if Path::new("/dev/dri").exists() || env::var_os(NO_DMABUF).is_some() || WITHOUT_GPU.iter().all(suits) {
        return Ok(());
    }
    Err(itself()?.envs(WITHOUT_GPU).exec())
}

/// Replaces this process by a fresh one with the same arguments and process id. Returns only when that fails.
pub(crate) fn start_anew() -> io::Error {
    match itself() {
        Ok(mut command) => command.exec(),
        Err(error) => error,
    }
}

fn itself() -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.args(env::args_os().skip(1));
    Ok(command)
}

//! What the window needs to know of the machine before anything else runs.
//!
//! Rule: the environment is never changed in place, which is unsound once threads run; the program starts itself anew
//! with the environment it needs.

use std::{env, io, os::unix::process::CommandExt, path::Path, process::Command};

const NO_DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

pub(crate) fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Without a GPU, WebKitGTK's DMA-BUF renderer shows nothing at all.
pub(crate) fn suit_web_view() -> io::Result<()> {
    if Path::new("/dev/dri").exists() || env::var_os(NO_DMABUF).is_some() {
        return Ok(());
    }
    Err(itself()?.env(NO_DMABUF, "1").exec())
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

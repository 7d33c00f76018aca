//! What the window needs to know of the machine before anything else runs.
//!
//! Rule: the environment is never changed in place, which is unsound once threads run; the program starts itself anew
//! with the environment it needs. What somebody has set is left alone.

use std::{env, ffi::OsString, io, os::unix::process::CommandExt, path::Path, process::Command};

use crate::stand_ins;

/// They are read by this program's C library and by WebKit's processes, which inherit them.
const LESS_MEMORY: [(&str, &str); 5] = [
    // The page's few scripts are quick enough interpreted: compiled code and what compiles it take 30 MB.
    ("JSC_useJIT", "0"),
    // Each event reaches the page as a script, run once: all of them would be kept for a next time.
    ("JSC_useCodeCache", "0"),
    // As on a machine with so many bytes of memory: garbage is looked for early, and by one thread.
    ("JSC_forceRAMSize", "134217728"),
    ("JSC_numberOfGCMarkers", "1"),
    // What pictures took is not kept for the next by each thread that had one.
    ("MALLOC_ARENA_MAX", "2"),
];

const WITHOUT_GPU: [(&str, &str); 3] = [
    // It would show nothing at all.
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
    // Without either, this program loads a whole OpenGL, compiler and all, to find out that there is no GPU.
    ("WEBKIT_WEB_RENDER_DEVICE_FILE", "/dev/dri/none"),
    ("GDK_GL", "disable"),
];

pub(crate) fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

pub(crate) fn suit_web_view(data_dir: &Path) -> io::Result<()> {
    let has_gpu = Path::new("/dev/dri").exists();
    let without_gpu = if has_gpu { &[][..] } else { &WITHOUT_GPU };
    let missing = LESS_MEMORY.iter().chain(without_gpu).filter(|(name, _)| env::var_os(name).is_none());
    let mut needed: Vec<(&str, OsString)> = missing.map(|&(name, value)| (name, value.into())).collect();
    needed.extend(stand_ins::environment(data_dir, has_gpu));
    if needed.is_empty() {
        return Ok(());
    }
    Err(itself()?.envs(needed).exec())
}

/// Replaces this process by a fresh one with the same arguments and process id. Returns only when that fails.
pub(crate) fn start_anew() -> io::Error {
    let ended = itself().map(|mut command| {
        stand_ins::take_back(&mut command);
        command.exec()
    });
    ended.unwrap_or_else(|error| error)
}

fn itself() -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.args(env::args_os().skip(1));
    Ok(command)
}

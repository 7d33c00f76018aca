//! Keeps out of memory what nobody will hear or see.
//!
//! Debian's WebKit is linked with flite and all its English voices, 5 MB in each of the window's three processes, though
//! the page never speaks: the engine does. And the page's process opens an EGL display, for which Mesa and LLVM come,
//! 30 MB, though without a GPU nothing is drawn with it. One small library goes by the names of the voices, and is an EGL
//! that draws nothing; it has all functions that another library can call. Rule: voices are replaced only after the
//! program has been seen to load so, and when the page cannot be kept alive, all is loaded as ever (`leave_out`).

use std::{
    env,
    ffi::OsString,
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::json;

/// What the dynamic linker looks through before the system's own libraries.
const SEARCH_PATH: &str = "LD_LIBRARY_PATH";
/// Of GLVND, whose `libEGL.so.1` leaves everything to those it names.
const EGL_VENDORS: &str = "__EGL_VENDOR_LIBRARY_FILENAMES";
/// Set to `none` by [`leave_out`], or by somebody.
const SWITCH: &str = "PICUP_STAND_INS";

const LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/libnothing.so"));
const FOLDER: &str = "stand-ins";
const NAME: &str = "libnothing.so";
const EGL: &str = "egl.json";

/// `libflite.so.1` itself is small, and stays.
const VOICES: [&str; 12] = [
    "libflite_cmu_grapheme_lang.so.1",
    "libflite_cmu_grapheme_lex.so.1",
    "libflite_cmu_indic_lang.so.1",
    "libflite_cmu_indic_lex.so.1",
    "libflite_cmu_time_awb.so.1",
    "libflite_cmu_us_awb.so.1",
    "libflite_cmu_us_kal.so.1",
    "libflite_cmu_us_kal16.so.1",
    "libflite_cmu_us_rms.so.1",
    "libflite_cmu_us_slt.so.1",
    "libflite_cmulex.so.1",
    "libflite_usenglish.so.1",
];

/// What the environment has yet to say, so that they are found. `probe` is a short run of this program.
pub(crate) fn environment(data_dir: &Path, has_gpu: bool, probe: Command) -> Vec<(&'static str, OsString)> {
    if env::var_os(SWITCH).is_some_and(|switch| switch == "none") {
        return Vec::new();
    }
    let folder = match put_down(&data_dir.join(FOLDER)) {
        Ok(folder) => folder,
        Err(error) => {
            tracing::warn!(%error, "WebKit loads all it is linked with: nothing can be put in its place");
            return Vec::new();
        }
    };
    let already = env::var_os(SEARCH_PATH).unwrap_or_default();
    let path = before(&folder, &already).filter(|path| loads(probe, path)).map(|path| (SEARCH_PATH, path));
    let is_left_alone = has_gpu || env::var_os(EGL_VENDORS).is_some();
    let egl = (!is_left_alone).then(|| (EGL_VENDORS, folder.join(EGL).into_os_string()));
    path.into_iter().chain(egl).collect()
}

/// Takes from the environment of `command` what [`environment`] put there, for as long as it runs.
pub(crate) fn leave_out(command: &mut Command) {
    command.env(SWITCH, "none");
    if env::var_os(EGL_VENDORS).is_some_and(|file| Path::new(&file).ends_with(Path::new(FOLDER).join(EGL))) {
        command.env_remove(EGL_VENDORS);
    }
    let path = env::var_os(SEARCH_PATH).unwrap_or_default();
    let others = env::split_paths(&path).filter(|folder| !folder.ends_with(FOLDER));
    if let Ok(others) = env::join_paths(others) {
        command.env(SEARCH_PATH, others);
    }
}

/// `None` when it is there, or cannot be: a folder's name may not hold what separates them.
fn before(folder: &Path, already: &OsString) -> Option<OsString> {
    let others = || env::split_paths(already).filter(|other| !other.as_os_str().is_empty());
    if others().any(|other| other == folder) {
        return None;
    }
    env::join_paths(std::iter::once(folder.to_owned()).chain(others())).ok()
}

/// Writes what is not there, and answers where, from the root.
fn put_down(folder: &Path) -> io::Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    fs::create_dir_all(&folder)?;
    let library = folder.join(NAME);
    write(&library, LIBRARY)?;
    let egl = json!({ "file_format_version": "1.0.0", "ICD": { "library_path": library } });
    write(&folder.join(EGL), egl.to_string().as_bytes())?;
    for voice in VOICES {
        match symlink(NAME, folder.join(voice)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(folder)
}

fn write(file: &Path, content: &[u8]) -> io::Result<()> {
    if fs::read(file).is_ok_and(|written| written == content) {
        return Ok(());
    }
    // Another process may have the old one in its memory.
    let fresh = file.with_extension("new");
    fs::write(&fresh, content)?;
    fs::rename(fresh, file)
}

/// Everything a program is linked with is bound before its first line.
fn loads(mut probe: Command, path: &OsString) -> bool {
    probe.env(SEARCH_PATH, path).env("LD_BIND_NOW", "1").stdout(Stdio::null()).stderr(Stdio::null());
    let loads = probe.status().is_ok_and(|status| status.success());
    if !loads {
        tracing::warn!("WebKit loads its voices: it asks more of them than there is in their place");
    }
    loads
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe() -> Command {
        let mut probe = Command::new(env::current_exe().unwrap());
        probe.arg("--list");
        probe
    }

    #[test]
    fn a_program_linked_with_webkit_loads_without_voices() {
        let home = tempfile::tempdir().unwrap();
        let folder = put_down(&home.path().join(FOLDER)).unwrap();
        assert!(loads(probe(), &folder.into()));
    }

    #[test]
    fn a_torn_library_is_written_anew_and_never_used() {
        let home = tempfile::tempdir().unwrap();
        let folder = put_down(home.path()).unwrap();
        fs::write(folder.join(NAME), &LIBRARY[..100]).unwrap();
        assert!(!loads(probe(), &folder.clone().into()));
        put_down(home.path()).unwrap();
        assert!(loads(probe(), &folder.into()));
    }

    #[test]
    fn it_is_looked_through_first_and_asked_for_once() {
        let folder = Path::new("/var/lib/picup/stand-ins");
        assert_eq!(before(folder, &"".into()).unwrap(), "/var/lib/picup/stand-ins");
        let both = before(folder, &"/opt/lib".into()).unwrap();
        assert_eq!(both, "/var/lib/picup/stand-ins:/opt/lib");
        assert_eq!(before(folder, &both), None);
        assert_eq!(before(Path::new("/a:b"), &"".into()), None);
    }
}

//! Keeps out of memory the voices that nobody will hear.
//!
//! Debian's WebKit is linked with flite and all its English voices: 5 MB in each of the window's three processes. The
//! page never speaks, the engine does, so an empty library goes by their names. It has all functions that another
//! library can call: GStreamer's decoders are linked with the voices, too, and would be missed. Rule: it is only used
//! after the program has been seen to load with it; where WebKit wants more, the voices are loaded as ever.

use std::{
    env,
    ffi::OsString,
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What the dynamic linker looks through before the system's own libraries.
pub(crate) const VARIABLE: &str = "LD_LIBRARY_PATH";

const LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/libsilence.so"));
const NAME: &str = "libsilence.so";

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

/// What [`VARIABLE`] must be, if it must be another than it is. `probe` is a short run of this program.
pub(crate) fn search_path(data_dir: &Path, probe: Command) -> Option<OsString> {
    let already = env::var_os(VARIABLE).unwrap_or_default();
    let directory = match put_down(&data_dir.join("silence")) {
        Ok(directory) => directory,
        Err(error) => {
            tracing::warn!(%error, "WebKit loads its voices: nothing can be put in their place");
            return None;
        }
    };
    let path = before(&directory, &already)?;
    if loads(probe, &path) {
        return Some(path);
    }
    tracing::warn!("WebKit loads its voices: it asks more of them than there is in their place");
    None
}

/// `None` when it is there, or cannot be: a directory's name may not hold what separates them.
fn before(directory: &Path, already: &OsString) -> Option<OsString> {
    let others = || env::split_paths(already).filter(|other| !other.as_os_str().is_empty());
    if others().any(|other| other == directory) {
        return None;
    }
    env::join_paths(std::iter::once(directory.to_owned()).chain(others())).ok()
}

/// Writes what is not there, and answers where, from the root.
fn put_down(directory: &Path) -> io::Result<PathBuf> {
    let directory = std::path::absolute(directory)?;
    fs::create_dir_all(&directory)?;
    let library = directory.join(NAME);
    if fs::read(&library).ok().as_deref() != Some(LIBRARY) {
        // Another process may have the old one in its memory.
        let fresh = library.with_extension("new");
        fs::write(&fresh, LIBRARY)?;
        fs::rename(fresh, library)?;
    }
    for voice in VOICES {
        match symlink(NAME, directory.join(voice)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(directory)
}

/// Everything a program is linked with is bound before its first line.
fn loads(mut probe: Command, path: &OsString) -> bool {
    probe.env(VARIABLE, path).env("LD_BIND_NOW", "1").stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
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
    fn a_program_linked_with_webkit_loads_with_silence_in_the_place_of_voices() {
        let home = tempfile::tempdir().unwrap();
        let directory = put_down(&home.path().join("silence")).unwrap();
        assert!(loads(probe(), &directory.into()));
    }

    #[test]
    fn a_torn_library_is_written_anew_and_never_used() {
        let home = tempfile::tempdir().unwrap();
        let directory = put_down(home.path()).unwrap();
        fs::write(directory.join(NAME), &LIBRARY[..100]).unwrap();
        assert!(!loads(probe(), &directory.clone().into()));
        put_down(home.path()).unwrap();
        assert!(loads(probe(), &directory.into()));
    }

    #[test]
    fn it_is_looked_through_first_and_asked_for_once() {
        let silence = Path::new("/var/lib/picup/silence");
        assert_eq!(before(silence, &"".into()).unwrap(), "/var/lib/picup/silence");
        let both = before(silence, &"/opt/lib".into()).unwrap();
        assert_eq!(both, "/var/lib/picup/silence:/opt/lib");
        assert_eq!(before(silence, &both), None);
        assert_eq!(before(Path::new("/a:b"), &"".into()), None);
    }
}

//! Keeps out of memory what nobody will hear or see.
//!
//! Debian's WebKit is linked with flite and all its English voices, 5 MB in each of the window's three processes, though
//! the page never speaks: the engine does. And the page's process opens an EGL display, for which Mesa and LLVM come,
//! 30 MB, though without a GPU nothing is drawn with it. One small library goes by the names of the voices, and is an EGL
//! that draws nothing; it has all that WebKit and FFmpeg call. Rule: a start with it is a trial until a picture has been
//! painted, and a start that follows a trial without a picture does without it.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::fs::symlink,
    path::Path,
    process::Command,
};

use anyhow::Context;
use serde_json::json;

/// What the dynamic linker looks through before the system's own libraries.
const SEARCH_PATH: &str = "LD_LIBRARY_PATH";
/// Of GLVND, whose `libEGL.so.1` leaves everything to those it names.
const EGL_VENDORS: &str = "__EGL_VENDOR_LIBRARY_FILENAMES";

const LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/libnothing.so"));
const FOLDER: &str = "stand-ins";
const NAME: &str = "libnothing.so";
const EGL: &str = "egl.json";
const TRIAL: &str = "trial";

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

/// What the environment has yet to say so that they are found: with it begins a trial.
pub(crate) fn environment(data_dir: &Path, has_gpu: bool) -> Vec<(&'static str, OsString)> {
    let already = env::var_os(SEARCH_PATH).unwrap_or_default();
    if without_ours(&already) != already {
        return Vec::new();
    }
    if data_dir.join(FOLDER).join(TRIAL).exists() {
        tracing::warn!("the last start showed no picture: WebKit loads all it is linked with");
        return Vec::new();
    }
    begin_trial(data_dir, &already, has_gpu).unwrap_or_else(|error| {
        tracing::warn!(%error, "WebKit loads all it is linked with: nothing can be put in its place");
        Vec::new()
    })
}

/// A picture has been painted.
pub(crate) fn end_trial(data_dir: &Path) {
    match fs::remove_file(data_dir.join(FOLDER).join(TRIAL)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "the next start will not know that this one went well");
        }
        _ => {}
    }
}

/// Takes from the environment of `command` what [`environment`] put there, so that it is decided anew.
pub(crate) fn take_back(command: &mut Command) {
    let path = env::var_os(SEARCH_PATH).unwrap_or_default();
    command.env(SEARCH_PATH, without_ours(&path));
    let ours = Path::new(FOLDER).join(EGL);
    if env::var_os(EGL_VENDORS).is_some_and(|file| Path::new(&file).ends_with(ours)) {
        command.env_remove(EGL_VENDORS);
    }
}

fn begin_trial(
    data_dir: &Path,
    already: &OsStr,
    has_gpu: bool,
) -> anyhow::Result<Vec<(&'static str, OsString)>> {
    let folder = std::path::absolute(data_dir.join(FOLDER))?;
    put_down(&folder)?;
    let mut needed = vec![(SEARCH_PATH, put_first(&folder, already)?)];
    if !has_gpu && env::var_os(EGL_VENDORS).is_none() {
        needed.push((EGL_VENDORS, folder.join(EGL).into_os_string()));
    }
    fs::write(folder.join(TRIAL), [])?;
    Ok(needed)
}

/// Fails where the folder's name holds what separates them.
fn put_first(folder: &Path, others: &OsStr) -> Result<OsString, env::JoinPathsError> {
    let others = env::split_paths(others).filter(|other| !other.as_os_str().is_empty());
    env::join_paths(std::iter::once(folder.to_owned()).chain(others))
}

fn without_ours(path: &OsStr) -> OsString {
    let others = env::split_paths(path).filter(|folder| !folder.ends_with(FOLDER));
    // What was split at what separates them holds none.
    env::join_paths(others).unwrap_or_default()
}

/// Writes what is not there.
fn put_down(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let library = folder.join(NAME);
    write(&library, LIBRARY)?;
    let egl = serde_json::to_vec(&json!({
        "file_format_version": "1.0.0",
        "ICD": { "library_path": library.to_str().context("its name is not UTF-8")? },
    }))?;
    write(&folder.join(EGL), &egl)?;
    VOICES.iter().try_for_each(|voice| link(&folder.join(voice)))?;
    Ok(())
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

fn link(voice: &Path) -> io::Result<()> {
    if fs::read_link(voice).is_ok_and(|target| target == Path::new(NAME)) {
        return Ok(());
    }
    // As a backup may have left it that followed the link.
    match fs::remove_file(voice) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => symlink(NAME, voice),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    /// Whether a program that is linked with WebKit begins with the folder's libraries.
    fn loads(folder: &Path) -> bool {
        let mut program = Command::new(env::current_exe().unwrap());
        program.arg("--list").env(SEARCH_PATH, folder).env("LD_BIND_NOW", "1");
        program.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    }

    #[test]
    fn what_was_torn_or_copied_is_put_down_anew() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(FOLDER);
        put_down(&folder).unwrap();
        assert!(loads(&folder));
        let voice = folder.join(VOICES[0]);
        fs::write(folder.join(NAME), &LIBRARY[..100]).unwrap();
        fs::remove_file(&voice).unwrap();
        fs::write(&voice, "a copy").unwrap();
        assert!(!loads(&folder), "it is this library that is loaded");
        put_down(&folder).unwrap();
        assert!(loads(&folder));
        assert_eq!(fs::read_link(voice).unwrap(), Path::new(NAME));
    }

    #[test]
    fn a_start_after_one_without_a_picture_does_without() {
        let home = tempfile::tempdir().unwrap();
        let names = |has_gpu| {
            let needed = environment(home.path(), has_gpu);
            needed.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(false), [SEARCH_PATH, EGL_VENDORS]);
        assert_eq!(names(false), [""; 0]);
        end_trial(home.path());
        end_trial(home.path());
        assert_eq!(names(true), [SEARCH_PATH]);
    }

    #[test]
    fn a_folder_that_cannot_be_searched_is_no_reason_not_to_start() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(environment(&home.path().join("a:b"), false), []);
        assert!(!home.path().join("a:b").join(FOLDER).join(TRIAL).exists());
    }

    #[test]
    fn what_somebody_else_put_there_stays() {
        let ours = put_first(Path::new("/data/stand-ins"), OsStr::new("/opt/lib")).unwrap();
        assert_eq!(ours, "/data/stand-ins:/opt/lib");
        assert_eq!(without_ours(&ours), "/opt/lib");
        assert_eq!(without_ours(OsStr::new("")), "");
    }
}

//! Names of spooled files, and handing one on from fence to fence.
//!
//! Invariant: a file is written to only by who holds its lock, and only while it has the name of the fence it was
//! opened under. So whoever was overtaken without noticing writes where nobody looks any more.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use picup_api::UploadId;

/// How long the process that has a file may take to let go of it.
const LETS_GO_WITHIN: Duration = Duration::from_secs(5);
const LOOKS_EVERY: Duration = Duration::from_millis(20);

pub(super) fn path(directory: &Path, upload: UploadId, fence: i64) -> PathBuf {
    directory.join(format!("{upload}.{fence}"))
}

/// The upload and fence a file is of; None for what is not a spooled file.
pub(super) fn parse(path: &Path) -> Option<(UploadId, i64)> {
    let name = path.file_name()?.to_str()?;
    let (upload, fence) = name.split_once('.').unwrap_or((name, "0"));
    Some((upload.parse().ok()?, fence.parse().ok()?))
}

/// Whose a file is, be it whole or a copy that was not finished.
pub(super) fn upload_of(path: &Path) -> Option<UploadId> {
    path.file_name()?.to_str()?.split('.').next()?.parse().ok()
}

/// The files of an upload, newest fence first.
pub(super) fn of(directory: &Path, upload: UploadId) -> io::Result<Vec<(i64, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        files.extend(parse(&path).filter(|(of, _)| *of == upload).map(|(_, fence)| (fence, path)));
    }
    files.sort_by_key(|(fence, _)| std::cmp::Reverse(*fence));
    Ok(files)
}

/// Opens the file of a fence for writing, made when `expected` bytes are none.
///
/// Errors: `NotFound` and `WouldBlock` when somebody else has taken the upload over.
pub(super) fn open(path: &Path, expected: u64) -> io::Result<File> {
    let file = File::options().read(true).write(true).create(expected == 0).truncate(false).open(path)?;
    lock(&file)?;
    // It may have been handed on between the two.
    let named = fs::metadata(path)?;
    if named.ino() != file.metadata()?.ino() {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    Ok(file)
}

/// A share without locks does without: files are then copied when they are handed on.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Makes what an upload has so far the file of `fence`. False when a later fence has it already.
pub(super) fn hand_over(directory: &Path, upload: UploadId, fence: i64) -> io::Result<bool> {
    let target = path(directory, upload, fence);
    loop {
        let files = of(directory, upload)?;
        let Some((newest, from)) = files.first() else { return Ok(true) };
        if *newest >= fence {
            return Ok(*newest == fence);
        }
        match move_or_copy(from, &target) {
            // Somebody else was faster; their file is the newest now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
            Ok(()) => return files.iter().try_for_each(|(_, old)| remove(old)).map(|()| true),
        }
    }
}

/// A file somebody holds on to, for they hang, is copied: what they write later stays out of the copy.
fn move_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    let file = File::options().read(true).write(true).open(from)?;
    let asked = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return fs::rename(from, to),
            Err(TryLockError::WouldBlock) if asked.elapsed() < LETS_GO_WITHIN => {
                std::thread::sleep(LOOKS_EVERY);
            }
            Err(_) => return copy(file, to),
        }
    }
}

fn copy(mut from: File, to: &Path) -> io::Result<()> {
    let temporary = to.with_added_extension("tmp");
    io::copy(&mut from, &mut File::create(&temporary)?)?;
    fs::rename(temporary, to)
}

/// Also copies that were not finished.
pub(super) fn remove_all(directory: &Path, upload: UploadId) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if upload_of(&path) == Some(upload) {
            remove(&path)?;
        }
    }
    Ok(())
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const UPLOAD: UploadId = UploadId(Uuid::nil());

    fn file_of(directory: &Path, fence: i64, bytes: &str) -> PathBuf {
        let path = path(directory, UPLOAD, fence);
        fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn a_file_nobody_holds_is_moved_to_the_next_fence() {
        let directory = tempfile::tempdir().unwrap();
        let old = file_of(directory.path(), 1, "so far");
        assert!(hand_over(directory.path(), UPLOAD, 2).unwrap());
        assert!(!old.exists());
        assert_eq!(fs::read(path(directory.path(), UPLOAD, 2)).unwrap(), b"so far");
    }

    #[test]
    fn what_a_hanging_writer_writes_later_stays_out() {
        use std::io::Write;
        let directory = tempfile::tempdir().unwrap();
        let old = file_of(directory.path(), 1, "so far");
        let mut hanging = open(&old, 6).unwrap();
        hanging.write_all(b"s").unwrap();
        assert!(hand_over(directory.path(), UPLOAD, 2).unwrap());
        hanging.write_all(b"!!!!!!!!!").unwrap();
        assert_eq!(fs::read(path(directory.path(), UPLOAD, 2)).unwrap(), b"so far");
    }

    #[test]
    fn an_earlier_fence_gets_nothing_and_opens_nothing() {
        let directory = tempfile::tempdir().unwrap();
        file_of(directory.path(), 3, "so far");
        assert!(!hand_over(directory.path(), UPLOAD, 2).unwrap());
        assert!(open(&path(directory.path(), UPLOAD, 2), 6).is_err());
    }
}

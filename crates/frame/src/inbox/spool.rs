//! Copies a settled file into the frame's own spool, hashing on the way. From then on the stick may be pulled.
//!
//! The source is opened for reading only, without following a link and without waiting for a FIFO. A copy has its
//! name only when all of its bytes are on the disk.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use aws_lc_rs::digest;
use picup_api::Sha256Digest;
use picup_imaging::MediaType;
use rustix::fs::OFlags;

use super::settle::Stamp;
use crate::disk;

const UNFINISHED: &str = "part-";
const COPY: &str = "copy-";
const CHUNK: usize = 256 * 1024;

pub(crate) enum Outcome {
    Copied(Copied),
    /// No format that Picup shows.
    NotAPicture,
    /// It was written to while it was read: it settles anew.
    Changed,
    /// Gone, or pulled out.
    Vanished,
    /// No room here; the file waits.
    DiskFull,
    /// It cannot be read: no permission, a broken medium.
    Unreadable(io::Error),
}

pub(crate) struct Copied {
    pub spool_name: String,
    pub sha256: Sha256Digest,
    pub media_type: MediaType,
}

/// `None` for what is no regular file.
pub(crate) fn stamp_of(path: &Path) -> Option<Stamp> {
    let meta = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(stamp(&meta))
}

fn stamp(meta: &fs::Metadata) -> Stamp {
    let modified = meta.mtime().wrapping_mul(1_000_000_000).wrapping_add(meta.mtime_nsec());
    Stamp { bytes: meta.len(), modified }
}

/// `unique` makes the copy's name; `reserve` bytes stay free.
pub(crate) fn copy(source: &Path, expected: Stamp, spool: &Path, unique: u64, reserve: u64) -> Outcome {
    let mut from = match open_regular(source, expected) {
        Ok(Some(file)) => file,
        Ok(None) => return Outcome::Changed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Outcome::Vanished,
        Err(error) => return Outcome::Unreadable(error),
    };
    let mut head = Vec::with_capacity(MediaType::HEAD_BYTES);
    if let Err(error) = Read::by_ref(&mut from).take(MediaType::HEAD_BYTES as u64).read_to_end(&mut head) {
        return failed_read(source, error);
    }
    let Some(media_type) = MediaType::sniff(&head) else { return Outcome::NotAPicture };
    if disk::free_bytes(spool).is_ok_and(|free| free < expected.bytes.saturating_add(reserve)) {
        return Outcome::DiskFull;
    }
    let unfinished = spool.join(format!("{UNFINISHED}{unique:016x}"));
    let outcome = pour(&head, &mut from, source, expected, &unfinished);
    let sha256 = match outcome {
        Ok(sha256) => sha256,
        Err(outcome) => {
            // The next start removes it when this does not.
            let _ = disk::remove_if_there(&unfinished);
            return outcome;
        }
    };
    let spool_name = name_for(source, unique);
    match disk::publish(&unfinished, &spool.join(&spool_name)) {
        Ok(()) => Outcome::Copied(Copied { spool_name, sha256, media_type }),
        Err(_) => Outcome::DiskFull,
    }
}

/// Opens what was looked at, and nothing that took its place: no link, no FIFO, no device.
fn open_regular(path: &Path, expected: Stamp) -> io::Result<Option<File>> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let meta = file.metadata()?;
    Ok((meta.is_file() && stamp(&meta) == expected).then_some(file))
}

fn pour(
    head: &[u8],
    from: &mut File,
    source: &Path,
    expected: Stamp,
    to: &Path,
) -> Result<Sha256Digest, Outcome> {
    let mut copy = File::create(to).map_err(failed_write)?;
    let mut digest = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; CHUNK];
    let mut bytes = head.len() as u64;
    digest.update(head);
    copy.write_all(head).map_err(failed_write)?;
    loop {
        let read = from.read(&mut buffer).map_err(|error| failed_read(source, error))?;
        if read == 0 {
            break;
        }
        digest.update(&buffer[..read]);
        copy.write_all(&buffer[..read]).map_err(failed_write)?;
        bytes += read as u64;
    }
    copy.sync_all().map_err(failed_write)?;
    let now = from.metadata().map_err(|error| failed_read(source, error))?;
    if bytes != expected.bytes || stamp(&now) != expected {
        return Err(Outcome::Changed);
    }
    Ok(finished(digest))
}

fn finished(digest: digest::Context) -> Sha256Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.finish().as_ref());
    Sha256Digest(bytes)
}

fn failed_write(error: io::Error) -> Outcome {
    if !disk::is_full(&error) {
        tracing::warn!(%error, "the spool cannot be written to");
    }
    Outcome::DiskFull
}

/// A pulled stick answers with an error of the device; the name is gone then, too.
fn failed_read(source: &Path, error: io::Error) -> Outcome {
    if source.exists() { Outcome::Unreadable(error) } else { Outcome::Vanished }
}

/// Keeps the file's own name, so that a copy whose row was lost still knows it.
fn name_for(source: &Path, unique: u64) -> String {
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    let skip = name.chars().count().saturating_sub(60);
    let tail: String = name.chars().skip(skip).filter(|c| !c.is_control()).collect();
    format!("{COPY}{unique:016x}-{tail}")
}

/// `None` for a copy that was never finished.
pub(crate) fn original_name(spool_name: &str) -> Option<&str> {
    spool_name.strip_prefix(COPY)?.split_once('-').map(|(_, name)| name)
}

pub(crate) fn digest_of(path: &Path) -> io::Result<(Sha256Digest, Option<MediaType>)> {
    let mut file = File::open(path)?;
    let mut digest = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; CHUNK];
    let mut kind = None;
    let mut first = true;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((finished(digest), kind));
        }
        if std::mem::take(&mut first) {
            kind = MediaType::sniff(&buffer[..read.min(MediaType::HEAD_BYTES)]);
        }
        digest.update(&buffer[..read]);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0 and the rest of a picture";

    fn file_of(folder: &Path, name: &str, bytes: &[u8]) -> (PathBuf, Stamp) {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        let stamp = stamp_of(&path).unwrap();
        (path, stamp)
    }

    #[test]
    fn a_copy_has_the_sources_bytes_digest_and_name() {
        let (inbox, spool) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (path, stamp) = file_of(inbox.path(), "할머니.jpg", JPEG);
        let Outcome::Copied(copied) = copy(&path, stamp, spool.path(), 7, 0) else { panic!("not copied") };
        assert_eq!(fs::read(spool.path().join(&copied.spool_name)).unwrap(), JPEG);
        assert_eq!(original_name(&copied.spool_name), Some("할머니.jpg"));
        assert_eq!(digest_of(&path).unwrap().0, copied.sha256);
    }

    #[test]
    fn a_file_that_was_written_to_meanwhile_is_not_taken() {
        let (inbox, spool) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (path, stamp) = file_of(inbox.path(), "a.jpg", JPEG);
        fs::write(&path, [JPEG, JPEG].concat()).unwrap();
        assert!(matches!(copy(&path, stamp, spool.path(), 7, 0), Outcome::Changed));
        assert_eq!(fs::read_dir(spool.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_full_disk_leaves_nothing_behind_and_a_text_is_not_a_picture() {
        let (inbox, spool) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (path, stamp) = file_of(inbox.path(), "a.jpg", JPEG);
        assert!(matches!(copy(&path, stamp, spool.path(), 7, u64::MAX), Outcome::DiskFull));
        let (path, stamp) = file_of(inbox.path(), "b.jpg", b"To whom it may concern");
        assert!(matches!(copy(&path, stamp, spool.path(), 8, 0), Outcome::NotAPicture));
        assert_eq!(fs::read_dir(spool.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_link_or_a_fifo_that_took_a_files_place_is_not_read() {
        let (inbox, spool) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (real, stamp) = file_of(inbox.path(), "a.jpg", JPEG);
        let link = inbox.path().join("link.jpg");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert!(stamp_of(&link).is_none());
        assert!(!matches!(copy(&link, stamp, spool.path(), 7, 0), Outcome::Copied(_)));
        let fifo = inbox.path().join("fifo.jpg");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        assert!(stamp_of(&fifo).is_none());
        assert!(!matches!(copy(&fifo, stamp, spool.path(), 7, 0), Outcome::Copied(_)));
    }
}

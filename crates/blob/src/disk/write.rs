//! Puts bytes on a disk so that they are there whole or not at all, also after a power cut.
//!
//! Temporary file, sync, link or rename into place, sync of the directory.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;

use super::blocking::Abandoned;
use crate::{Existing, Expected, Hasher, Key, SpooledFile, error::corrupt};

const BUFFER_BYTES: usize = 512 * 1024;

/// Where a put goes, and what it must be.
pub(super) struct Place {
    pub(super) root: Arc<Path>,
    pub(super) key: Key,
    pub(super) expected: Expected,
    pub(super) existing: Existing,
}

impl Place {
    pub(super) fn put_file(&self, file: &SpooledFile, abandoned: &Abandoned) -> io::Result<()> {
        if self.has_it_already(abandoned)? {
            return Ok(());
        }
        if file.hashed && self.link(&file.path, abandoned)? {
            return Ok(());
        }
        self.write(FileChunks::open(&file.path)?, abandoned)
    }

    pub(super) fn put_chunks(
        &self,
        chunks: impl Iterator<Item = io::Result<Bytes>>,
        abandoned: &Abandoned,
    ) -> io::Result<()> {
        if self.has_it_already(abandoned)? {
            return Ok(());
        }
        self.write(chunks, abandoned)
    }

    /// The right bytes may be there from an attempt that failed later on.
    fn has_it_already(&self, abandoned: &Abandoned) -> io::Result<bool> {
        let path = self.path();
        if self.existing == Existing::Replace {
            return Ok(false);
        }
        match digest_of(&path) {
            Ok(found) if found == self.expected => {
                // The earlier attempt may have died before it was durable.
                File::open(&path)?.sync_all()?;
                sync_parent(&path)?;
                Ok(true)
            }
            Ok(_) => quarantine(&self.root, &self.key, abandoned).map(|()| false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives the spooled file a second name here. False on another file system.
    fn link(&self, spooled: &Path, abandoned: &Abandoned) -> io::Result<bool> {
        let file = File::open(spooled)?;
        if file.metadata()?.len() != self.expected.bytes {
            return Err(corrupt("the spooled file has another length"));
        }
        let path = self.path();
        create_parent(&path)?;
        let temporary = Temporary::name(&self.root)?;
        if fs::hard_link(spooled, &temporary.0).is_err() {
            return Ok(false);
        }
        file.sync_all()?;
        temporary.move_to(&path, abandoned)?;
        Ok(true)
    }

    fn write(
        &self,
        chunks: impl Iterator<Item = io::Result<impl AsRef<[u8]>>>,
        abandoned: &Abandoned,
    ) -> io::Result<()> {
        let path = self.path();
        create_parent(&path)?;
        let temporary = Temporary::name(&self.root)?;
        let mut file = File::create_new(&temporary.0)?;
        let found = copy_hashing(chunks, &mut file)?;
        if found != self.expected {
            return Err(corrupt("the source has another digest"));
        }
        file.sync_all()?;
        temporary.move_to(&path, abandoned)
    }

    fn path(&self) -> PathBuf {
        self.root.join(self.key.as_str())
    }
}

/// Moves the bytes aside, under a name that tells which key they had and when.
pub(super) fn quarantine(root: &Path, key: &Key, abandoned: &Abandoned) -> io::Result<()> {
    let path = root.join(key.as_str());
    fs::symlink_metadata(&path)?;
    let name = format!("{}.{}", key.as_str().replace('/', "~"), unique());
    let aside = root.join(".quarantine").join(name);
    create_parent(&aside)?;
    abandoned.check()?;
    fs::rename(&path, &aside)?;
    sync_parent(&aside)?;
    sync_parent(&path)
}

/// Invariant: not when the caller has gone, who may have let go of the key; the same bytes can be wanted again by now.
pub(super) fn unlink(path: &Path, abandoned: &Abandoned) -> io::Result<()> {
    abandoned.check()?;
    match fs::remove_file(path) {
        Ok(()) => sync_parent(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Removes what writers that were killed left under `.tmp/` before `cutoff`; answers how many.
pub(super) fn sweep(root: &Path, cutoff: SystemTime, abandoned: &Abandoned) -> io::Result<usize> {
    let entries = match fs::read_dir(root.join(".tmp")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let cutoff = cutoff.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut removed = 0;
    for entry in entries {
        let entry = entry?;
        abandoned.check()?;
        // Not the time of the last write: a link made just now is to a file that may be older.
        if u64::try_from(entry.metadata()?.ctime()).is_ok_and(|changed| changed < cutoff) {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// A name under `.tmp/`, unlinked when it was not moved into place.
struct Temporary(PathBuf);

impl Temporary {
    fn name(root: &Path) -> io::Result<Self> {
        let directory = root.join(".tmp");
        fs::create_dir_all(&directory)?;
        Ok(Self(directory.join(unique())))
    }

    fn move_to(&self, path: &Path, abandoned: &Abandoned) -> io::Result<()> {
        abandoned.check()?;
        fs::rename(&self.0, path)?;
        sync_parent(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Renaming one name of a file onto another name of it does nothing (POSIX), so this may also be a leftover link.
        let _ = fs::remove_file(&self.0);
    }
}

/// Reads a file in large pieces into one buffer.
struct FileChunks {
    file: File,
    at: u64,
}

impl FileChunks {
    fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, at: 0 })
    }
}

impl Iterator for FileChunks {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut buffer = vec![0; BUFFER_BYTES];
        match self.file.read_at(&mut buffer, self.at) {
            Ok(0) => None,
            Ok(length) => {
                self.at += length as u64;
                buffer.truncate(length);
                Some(Ok(buffer))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

fn copy_hashing(
    chunks: impl Iterator<Item = io::Result<impl AsRef<[u8]>>>,
    to: &mut File,
) -> io::Result<Expected> {
    let (mut hasher, mut bytes) = (Hasher::default(), 0);
    for chunk in chunks {
        let chunk = chunk?;
        to.write_all(chunk.as_ref())?;
        hasher.update(chunk.as_ref());
        bytes += chunk.as_ref().len() as u64;
    }
    Ok(Expected { sha256: hasher.finish(), bytes })
}

fn digest_of(path: &Path) -> io::Result<Expected> {
    let (mut file, mut buffer) = (File::open(path)?, vec![0; BUFFER_BYTES]);
    let (mut hasher, mut bytes) = (Hasher::default(), 0);
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            return Ok(Expected { sha256: hasher.finish(), bytes });
        }
        hasher.update(&buffer[..length]);
        bytes += length as u64;
    }
}

/// Creates the directories of `path` and makes each new one durable in its parent.
fn create_parent(path: &Path) -> io::Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    if parent.is_dir() {
        return Ok(());
    }
    create_parent(parent)?;
    match fs::create_dir(parent) {
        Ok(()) => sync_parent(parent),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), sync_directory)
}

fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Unique within this store also after a restart with a wrong clock, for it carries the process too.
fn unique() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{}-{}", since.as_nanos(), std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

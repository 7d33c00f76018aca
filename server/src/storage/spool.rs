//! Files being received: one per upload, in the data directory.
//!
//! Invariant: bytes are counted and hashed only once they are in the file, so what a client is told has arrived is
//! there after the process died. One request writes to a file at a time; another can take its place.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_lc_rs::digest::Context;
use bytes::Bytes;
use picup_api::{Sha256Digest, UploadId};
use picup_blob::Hasher;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tokio_util::sync::CancellationToken;

const READ_BYTES: usize = 1024 * 1024;
/// How long a request that is told to stop may take to do so.
const TAKE_OVER: Duration = Duration::from_secs(5);

pub struct Spool {
    directory: PathBuf,
    slots: Mutex<HashMap<UploadId, Arc<Slot>>>,
}

#[derive(Default)]
struct Slot {
    received: Arc<AsyncMutex<Received>>,
    /// Cancels whoever writes now.
    writer: Mutex<CancellationToken>,
}

/// What is known of a file.
#[derive(Default)]
struct Received {
    file: Option<File>,
    offset: u64,
    /// None until the file was read after a restart.
    hasher: Option<Hasher>,
}

impl Spool {
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        Ok(Self { directory: directory.to_owned(), slots: Mutex::default() })
    }

    pub fn path(&self, upload: UploadId) -> PathBuf {
        self.directory.join(upload.to_string())
    }

    /// Takes the file for writing. None while another request has it.
    pub fn try_take(&self, upload: UploadId) -> Option<Writing> {
        let slot = self.slot(upload);
        let guard = Arc::clone(&slot.received).try_lock_owned().ok()?;
        Some(self.writing(upload, &slot, guard))
    }

    /// Takes the file from whoever has it. None when they do not let go, for they are past receiving.
    pub async fn take_over(&self, upload: UploadId) -> Option<Writing> {
        let slot = self.slot(upload);
        slot.writer.lock().unwrap_or_else(PoisonError::into_inner).cancel();
        let taken = tokio::time::timeout(TAKE_OVER, Arc::clone(&slot.received).lock_owned()).await.ok()?;
        Some(self.writing(upload, &slot, taken))
    }

    fn writing(&self, upload: UploadId, slot: &Slot, guard: OwnedMutexGuard<Received>) -> Writing {
        let stopped = CancellationToken::new();
        *slot.writer.lock().unwrap_or_else(PoisonError::into_inner) = stopped.clone();
        Writing { path: self.path(upload), received: Some(guard), stopped }
    }

    fn slot(&self, upload: UploadId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(upload).or_default())
    }

    /// Forgets an upload and its bytes.
    pub fn remove(&self, upload: UploadId) -> io::Result<()> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(&upload);
        match fs::remove_file(self.path(upload)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// What lies here, and what room is left. Reads the directory.
    pub fn usage(&self) -> io::Result<Usage> {
        let (mut files, mut bytes) = (0, 0);
        for entry in fs::read_dir(&self.directory)? {
            // One that is gone meanwhile is no longer here.
            if let Ok(metadata) = entry?.metadata() {
                (files, bytes) = (files + 1, bytes + metadata.len());
            }
        }
        let disk = rustix::fs::statvfs(&self.directory)?;
        let of_disk = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        let (disk_bytes, free_bytes) = (of_disk(disk.f_blocks), of_disk(disk.f_bavail));
        Ok(Usage { files, bytes, disk_bytes, free_bytes })
    }

    /// Uploads that have a file.
    pub fn list(&self) -> io::Result<Vec<UploadId>> {
        let mut uploads = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            uploads.extend(entry?.file_name().to_str().and_then(|name| name.parse::<UploadId>().ok()));
        }
        Ok(uploads)
    }
}

/// Files received so far, and the disk they are on.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub files: u64,
    pub bytes: u64,
    pub disk_bytes: u64,
    pub free_bytes: u64,
}

/// The right to write to one file, until dropped.
pub struct Writing {
    path: PathBuf,
    /// Travels to the thread that writes and back: dropped half way, the file stays taken until the write is done.
    received: Option<OwnedMutexGuard<Received>>,
    /// Cancelled when another request wants the file.
    pub stopped: CancellationToken,
}

/// A point to return to when a checksum does not fit.
pub struct Mark {
    offset: u64,
    hasher: Option<Hasher>,
}

impl Writing {
    /// Bytes in the file.
    pub async fn offset(&mut self) -> io::Result<u64> {
        self.on_disk(|received, path| match received.hasher {
            Some(_) => Ok(received.offset),
            None => length(path),
        })
        .await
    }

    /// Reads what is there since before a restart, so that hashing can go on. Answers the offset.
    pub async fn prepare(&mut self) -> io::Result<u64> {
        self.on_disk(|received, path| {
            if received.file.is_none() {
                let open = File::options().read(true).write(true).create(true).truncate(false).open(path);
                received.file = Some(open?);
            }
            if received.hasher.is_none() {
                (received.hasher, received.offset) = rehash(received.file.as_mut())?;
            }
            Ok(received.offset)
        })
        .await
    }

    /// Appends chunks; `checksum` sees the same bytes. A failed write leaves the file as it was.
    pub async fn append(
        &mut self,
        chunks: Vec<Bytes>,
        checksum: Option<Context>,
    ) -> io::Result<Option<Context>> {
        self.on_disk(move |received, _| {
            let written = write_all(received, &chunks, checksum);
            if written.is_err()
                && let Some(file) = &received.file
            {
                file.set_len(received.offset)?;
            }
            written
        })
        .await
    }

    pub fn mark(&self) -> Mark {
        let received = self.received.as_deref();
        Mark {
            offset: received.map_or(0, |received| received.offset),
            hasher: received.and_then(|received| received.hasher.clone()),
        }
    }

    /// Drops everything since `mark`.
    pub async fn return_to(&mut self, mark: Mark) -> io::Result<()> {
        self.on_disk(move |received, _| {
            // First, so that what stays in the file when it cannot be cut is written over.
            (received.offset, received.hasher) = (mark.offset, mark.hasher);
            received.file.as_ref().map_or(Ok(()), |file| file.set_len(mark.offset))
        })
        .await
    }

    /// Makes what was received survive a power cut.
    pub async fn sync(&mut self) -> io::Result<()> {
        self.on_disk(|received, _| received.file.as_ref().map_or(Ok(()), File::sync_data)).await
    }

    /// Of everything received so far. Invariant: called after `prepare`.
    pub fn digest(&self) -> Option<Sha256Digest> {
        let hasher = self.received.as_ref()?.hasher.clone()?;
        Some(Sha256Digest(hasher.finish()))
    }

    /// The first bytes, by which a file's type is known.
    pub async fn head(&mut self, length: usize) -> io::Result<Vec<u8>> {
        self.on_disk(move |_, path| {
            let mut head = Vec::with_capacity(length);
            File::open(path)?.take(length as u64).read_to_end(&mut head)?;
            Ok(head)
        })
        .await
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    async fn on_disk<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Received, &Path) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let lost = || io::Error::other("an earlier write was given up");
        let (mut received, path) = (self.received.take().ok_or_else(lost)?, self.path.clone());
        let task = tokio::task::spawn_blocking(move || {
            let outcome = work(&mut received, &path);
            (received, outcome)
        });
        let (received, outcome) = task.await.map_err(io::Error::other)?;
        self.received = Some(received);
        outcome
    }
}

impl Drop for Writing {
    /// A paused upload keeps its hash but no open file.
    fn drop(&mut self) {
        if let Some(received) = &mut self.received {
            received.file = None;
        }
    }
}

fn length(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

fn rehash(file: Option<&mut File>) -> io::Result<(Option<Hasher>, u64)> {
    let (mut hasher, mut offset, mut buffer) = (Hasher::default(), 0, vec![0; READ_BYTES]);
    let Some(file) = file else { return Ok((Some(hasher), 0)) };
    loop {
        match file.read_at(&mut buffer, offset)? {
            0 => return Ok((Some(hasher), offset)),
            length => {
                hasher.update(&buffer[..length]);
                offset += length as u64;
            }
        }
    }
}

fn write_all(
    received: &mut Received,
    chunks: &[Bytes],
    mut checksum: Option<Context>,
) -> io::Result<Option<Context>> {
    let (Some(file), Some(hasher)) = (&received.file, &mut received.hasher) else {
        return Err(io::Error::other("the file was not prepared"));
    };
    let mut at = received.offset;
    for chunk in chunks {
        file.write_all_at(chunk, at)?;
        at += chunk.len() as u64;
    }
    for chunk in chunks {
        hasher.update(chunk);
        if let Some(checksum) = &mut checksum {
            checksum.update(chunk);
        }
    }
    received.offset = at;
    Ok(checksum)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const UPLOAD: UploadId = UploadId(Uuid::nil());

    #[tokio::test]
    async fn a_restart_in_the_middle_goes_on_with_the_right_hash() {
        let directory = tempfile::tempdir().unwrap();
        let mut writing = Spool::open(directory.path()).unwrap().try_take(UPLOAD).unwrap();
        writing.prepare().await.unwrap();
        writing.append(vec![Bytes::from_static(b"half "), Bytes::from_static(b"and ")], None).await.unwrap();
        drop(writing);

        let mut writing = Spool::open(directory.path()).unwrap().try_take(UPLOAD).unwrap();
        assert_eq!(writing.offset().await.unwrap(), 9);
        assert_eq!(writing.prepare().await.unwrap(), 9);
        writing.append(vec![Bytes::from_static(b"half")], None).await.unwrap();
        assert_eq!(writing.digest().unwrap().0, Hasher::digest(b"half and half"));
    }

    #[tokio::test]
    async fn returning_to_a_mark_drops_what_came_since() {
        let directory = tempfile::tempdir().unwrap();
        let mut writing = Spool::open(directory.path()).unwrap().try_take(UPLOAD).unwrap();
        writing.prepare().await.unwrap();
        writing.append(vec![Bytes::from_static(b"good")], None).await.unwrap();
        let mark = writing.mark();
        writing.append(vec![Bytes::from_static(b"bad")], None).await.unwrap();
        writing.return_to(mark).await.unwrap();
        assert_eq!(writing.digest().unwrap().0, Hasher::digest(b"good"));
        assert_eq!(fs::read(writing.path()).unwrap(), b"good");
    }

    #[tokio::test]
    async fn one_writes_at_a_time_and_another_takes_over() {
        let directory = tempfile::tempdir().unwrap();
        let spool = Spool::open(directory.path()).unwrap();
        let first = spool.try_take(UPLOAD).unwrap();
        assert!(spool.try_take(UPLOAD).is_none());
        let stopped = first.stopped.clone();
        let let_go = async move {
            stopped.cancelled().await;
            drop(first);
        };
        let (taken, ()) = tokio::join!(spool.take_over(UPLOAD), let_go);
        assert!(taken.is_some());
    }
}

//! The right to write to one spooled file.

use std::{
    convert::Infallible,
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::Context;
use bytes::Bytes;
use picup_api::{Sha256Digest, UploadId};
use picup_blob::Hasher;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

use super::files;
use crate::cache::leases::Lease;

const READ_BYTES: usize = 1024 * 1024;

/// What this process knows of a file.
#[derive(Default)]
pub(super) struct Received {
    /// What it knows holds under this fence only. 0: nothing.
    pub(super) fence: i64,
    file: Option<File>,
    offset: u64,
    /// None until the file was read after a restart or another process's turn.
    hasher: Option<Hasher>,
}

/// The right to write to one file, until dropped.
pub struct Writing {
    directory: PathBuf,
    upload: UploadId,
    /// Travels to the thread that writes and back: dropped half way, the file stays taken until the write is done.
    received: Option<OwnedMutexGuard<Received>>,
    lease: Lease,
    /// Cancelled when another request wants the file.
    pub stopped: CancellationToken,
}

/// A point to return to when a checksum does not fit.
pub struct Mark {
    offset: u64,
    hasher: Option<Hasher>,
}

impl Writing {
    pub(super) fn new(
        directory: PathBuf,
        upload: UploadId,
        received: OwnedMutexGuard<Received>,
        lease: Lease,
        stopped: CancellationToken,
    ) -> Self {
        Self { directory, upload, received: Some(received), lease, stopped }
    }

    /// Under which this process knows the file.
    pub fn fence(&self) -> i64 {
        self.received.as_ref().map_or(0, |received| received.fence)
    }

    /// Takes over, under a new fence, what came so far. False when somebody with a later fence did.
    pub async fn adopt(&mut self, fence: i64) -> io::Result<bool> {
        let (directory, upload) = (self.directory.clone(), self.upload);
        self.on_disk(move |received, _| {
            *received = Received::default();
            let adopted = files::hand_over(&directory, upload, fence)?;
            if adopted {
                received.fence = fence;
            }
            Ok(adopted)
        })
        .await
    }

    /// To be polled beside the work; cancels `stopped` when another process takes the upload over.
    pub fn keep(&self) -> impl Future<Output = Infallible> + use<> {
        self.lease.clone().keep(self.stopped.clone())
    }

    /// From now on no other process takes it over. False when one has.
    pub async fn insist(&self) -> bool {
        self.lease.insist().await
    }

    /// Lets other processes take it at once.
    pub async fn release(self) {
        self.lease.release().await;
    }

    /// Bytes in the file.
    pub async fn offset(&mut self) -> io::Result<u64> {
        self.on_disk(|received, path| match received.hasher {
            Some(_) => Ok(received.offset),
            None => length(path),
        })
        .await
    }

    /// Reads what is there since before a restart, so that hashing can go on. Answers the offset.
    ///
    /// Errors: `WouldBlock` and `NotFound` when another process has taken the upload over.
    pub async fn prepare(&mut self) -> io::Result<u64> {
        self.on_disk(|received, path| {
            if received.file.is_none() {
                received.file = Some(files::open(path, received.offset)?);
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

    pub fn path(&self) -> PathBuf {
        files::path(&self.directory, self.upload, self.fence())
    }

    async fn on_disk<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Received, &Path) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let lost = || io::Error::other("an earlier write was given up");
        let path = self.path();
        let mut received = self.received.take().ok_or_else(lost)?;
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

    use super::{super::Spool, *};
    use crate::cache::leases::Leases;

    const UPLOAD: UploadId = UploadId(Uuid::nil());

    fn spool(directory: &Path) -> Spool {
        Spool::open(directory, Leases::new(None)).unwrap()
    }

    /// By a process that has just started.
    async fn taken(directory: &Path, fence: i64) -> Writing {
        let mut writing = spool(directory).try_take(UPLOAD).await.unwrap();
        assert!(writing.adopt(fence).await.unwrap());
        writing
    }

    #[tokio::test]
    async fn a_restart_in_the_middle_goes_on_with_the_right_hash() {
        let directory = tempfile::tempdir().unwrap();
        let mut writing = taken(directory.path(), 1).await;
        writing.prepare().await.unwrap();
        writing.append(vec![Bytes::from_static(b"half "), Bytes::from_static(b"and ")], None).await.unwrap();
        drop(writing);

        let mut writing = taken(directory.path(), 2).await;
        assert_eq!(writing.offset().await.unwrap(), 9);
        assert_eq!(writing.prepare().await.unwrap(), 9);
        writing.append(vec![Bytes::from_static(b"half")], None).await.unwrap();
        assert_eq!(writing.digest().unwrap().0, Hasher::digest(b"half and half"));
    }

    #[tokio::test]
    async fn returning_to_a_mark_drops_what_came_since() {
        let directory = tempfile::tempdir().unwrap();
        let mut writing = taken(directory.path(), 1).await;
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
        let spool = spool(directory.path());
        let first = spool.try_take(UPLOAD).await.unwrap();
        assert!(spool.try_take(UPLOAD).await.is_none());
        let stopped = first.stopped.clone();
        let let_go = async move {
            stopped.cancelled().await;
            drop(first);
        };
        let (taken, ()) = tokio::join!(spool.take_over(UPLOAD), let_go);
        assert!(taken.is_some());
    }

    #[tokio::test]
    async fn who_was_overtaken_without_noticing_writes_no_more() {
        let directory = tempfile::tempdir().unwrap();
        let mut overtaken = taken(directory.path(), 1).await;
        overtaken.prepare().await.unwrap();
        overtaken.append(vec![Bytes::from_static(b"half ")], None).await.unwrap();
        drop(overtaken);
        let sleeper = spool(directory.path());
        let mut sleeping = sleeper.try_take(UPLOAD).await.unwrap();
        assert!(sleeping.adopt(2).await.unwrap());
        assert_eq!(sleeping.prepare().await.unwrap(), 5);
        drop(sleeping);

        let mut writing = taken(directory.path(), 3).await;
        writing.prepare().await.unwrap();
        let error = sleeper.try_take(UPLOAD).await.unwrap().prepare().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        writing.append(vec![Bytes::from_static(b"and half")], None).await.unwrap();
        assert_eq!(writing.digest().unwrap().0, Hasher::digest(b"half and half"));
        assert_eq!(fs::read(writing.path()).unwrap(), b"half and half");
    }
}

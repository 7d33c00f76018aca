//! Files being received: one per upload, in a directory that several processes may share.
//!
//! Invariant: bytes are counted and hashed only once they are in the file, so what a client is told has arrived is
//! there after the process died. One request writes to a file at a time; another can take its place, here or in
//! another process.
//!
//! Who takes an upload up counts its fence in the database, and gets a file of that fence: see `files`. What a process
//! knows of an upload holds only while the fence is the one it knows it under.

mod files;
mod writing;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use picup_api::UploadId;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tokio_util::sync::CancellationToken;

use crate::cache::leases::{Lease, Leases};
use writing::Received;
pub use writing::{Mark, Writing};

/// How long a request that is told to stop may take to do so.
const TAKE_OVER: Duration = Duration::from_secs(5);
/// Uploads a process remembers between requests; of more, only those in hand.
const REMEMBERED: usize = 4096;

pub struct Spool {
    directory: PathBuf,
    leases: Leases,
    slots: Mutex<HashMap<UploadId, Arc<Slot>>>,
}

#[derive(Default)]
struct Slot {
    received: Arc<AsyncMutex<Received>>,
    /// Cancels whoever writes now.
    writer: Mutex<CancellationToken>,
}

impl Spool {
    pub(super) fn open(directory: &Path, leases: Leases) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        Ok(Self { directory: directory.to_owned(), leases, slots: Mutex::default() })
    }

    /// Takes the file for writing. None while another request has it.
    pub async fn try_take(&self, upload: UploadId) -> Option<Writing> {
        let slot = self.slot(upload);
        let guard = Arc::clone(&slot.received).try_lock_owned().ok()?;
        let lease = self.leases.try_take(upload.0).await?;
        Some(self.writing(upload, &slot, guard, lease))
    }

    /// Takes the file from whoever has it. None when they do not let go, for they are past receiving.
    pub async fn take_over(&self, upload: UploadId) -> Option<Writing> {
        let slot = self.slot(upload);
        slot.writer.lock().unwrap_or_else(PoisonError::into_inner).cancel();
        let taken = tokio::time::timeout(TAKE_OVER, Arc::clone(&slot.received).lock_owned()).await.ok()?;
        let lease = self.leases.take_over(upload.0).await?;
        Some(self.writing(upload, &slot, taken, lease))
    }

    fn writing(
        &self,
        upload: UploadId,
        slot: &Slot,
        received: OwnedMutexGuard<Received>,
        lease: Lease,
    ) -> Writing {
        let stopped = CancellationToken::new();
        *slot.writer.lock().unwrap_or_else(PoisonError::into_inner) = stopped.clone();
        Writing::new(self.directory.clone(), upload, received, lease, stopped)
    }

    fn slot(&self, upload: UploadId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= REMEMBERED {
            slots.retain(|_, slot| Arc::strong_count(slot) + Arc::strong_count(&slot.received) > 2);
        }
        Arc::clone(slots.entry(upload).or_default())
    }

    /// Knows that a new upload, under its first fence, has no bytes yet.
    pub fn begin(&self, upload: UploadId, fence: i64) {
        if let Ok(mut received) = self.slot(upload).received.try_lock() {
            received.fence = fence;
        }
    }

    /// Forgets an upload and its bytes.
    pub fn remove(&self, upload: UploadId, fence: i64) -> io::Result<()> {
        self.forget(upload);
        files::remove(&files::path(&self.directory, upload, fence))
    }

    /// Forgets an upload under whatever fences it has left bytes.
    pub fn remove_all(&self, upload: UploadId) -> io::Result<()> {
        self.forget(upload);
        files::remove_all(&self.directory, upload)
    }

    fn forget(&self, upload: UploadId) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(&upload);
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
        let entries = fs::read_dir(&self.directory)?.map(|entry| Ok(files::upload_of(&entry?.path())));
        let mut uploads = entries.filter_map(Result::transpose).collect::<io::Result<Vec<_>>>()?;
        uploads.sort_unstable();
        uploads.dedup();
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

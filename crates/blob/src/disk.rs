//! A store on a mounted file system: a local disk, or NFS.
//!
//! Every call runs on the store's own few threads with a deadline, so a hanging mount costs those threads and nothing
//! else. A marker file is checked before every write, so bytes never land under an empty mount point.

mod blocking;
mod listing;
mod marker;
mod write;

use std::{
    fs::File,
    io,
    ops::Range,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::{
    StreamExt,
    future::{self, Either},
    stream,
};

use crate::{
    Blob, BlobError, BlobErrorKind, BlobStore, Entry, Existing, Expected, Key, Result, Source, StoreId,
    store::cut,
};
use blocking::Blocking;

const READ_BYTES: u64 = 256 * 1024;

/// Bytes under one directory: `{key}`, plus `.picup-store` (the marker), `.tmp/` and `.quarantine/`.
#[derive(Clone, Debug)]
pub struct DiskStore {
    name: Arc<str>,
    root: Arc<Path>,
    id: StoreId,
    blocking: Blocking,
}

impl DiskStore {
    /// Makes `root` a store: creates the directory and the marker. A root that is one already keeps its identity.
    pub async fn create(root: &Path, deadline: Duration) -> io::Result<StoreId> {
        let root = root.to_owned();
        Blocking::new(deadline).run(0, move |_| marker::create(&root)).await
    }

    /// Makes `root` the store `id`, whatever it was before: a person has replaced a disk.
    pub async fn adopt(root: &Path, id: StoreId, deadline: Duration) -> io::Result<()> {
        let root = root.to_owned();
        Blocking::new(deadline).run(0, move |_| marker::write(&root, id)).await
    }

    /// Refers to the store `id` at `root`. Succeeds without touching the disk: a store that is not mounted
    /// answers `Unavailable` until it is.
    pub fn new(name: &str, root: &Path, id: StoreId, deadline: Duration) -> Self {
        Self { name: name.into(), root: root.into(), id, blocking: Blocking::new(deadline) }
    }

    /// For tests and tools: creates what is missing and opens it.
    pub fn create_and_open(name: &str, root: &Path, deadline: Duration) -> io::Result<Self> {
        Ok(Self::new(name, root, marker::create(root)?, deadline))
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }

    /// Runs `work` on a blocking thread after checking the marker.
    async fn on_disk<T: Send + 'static>(
        &self,
        bytes: u64,
        work: impl FnOnce(&blocking::Abandoned) -> io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (root, id) = (Arc::clone(&self.root), self.id);
        let checked = move |abandoned: &blocking::Abandoned| {
            marker::check(&root, id)?;
            work(abandoned)
        };
        self.blocking.run(bytes, checked).await.map_err(|error| BlobError::from_io(&self.name, error))
    }
}

#[async_trait]
impl BlobStore for DiskStore {
    fn name(&self) -> &str {
        &self.name
    }

    async fn put(&self, key: &Key, source: Source, expected: &Expected, existing: Existing) -> Result<()> {
        let (root, key, expected) = (Arc::clone(&self.root), key.clone(), *expected);
        let place = write::Place { root, key, expected, existing };
        match source {
            Source::File(file) => {
                self.on_disk(expected.bytes, move |abandoned| place.put_file(&file, abandoned)).await
            }
            Source::Bytes(bytes) => {
                let chunks = std::iter::once(Ok(bytes));
                self.on_disk(expected.bytes, move |abandoned| place.put_chunks(chunks, abandoned)).await
            }
            Source::Stream(mut stream) => {
                let (sender, mut receiver) = tokio::sync::mpsc::channel(4);
                let chunks = std::iter::from_fn(move || receiver.blocking_recv());
                let writing =
                    self.on_disk(expected.bytes, move |abandoned| place.put_chunks(chunks, abandoned));
                let feeding = async move {
                    while let Some(chunk) = stream.next().await {
                        if sender.send(chunk.map_err(io::Error::other)).await.is_err() {
                            break;
                        }
                    }
                    drop(sender);
                };
                // A writer that was given up may never take another chunk: nobody waits to feed it.
                match future::select(pin!(writing), pin!(feeding)).await {
                    Either::Left((written, _)) => written,
                    Either::Right(((), writing)) => writing.await,
                }
            }
        }
    }

    async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Blob> {
        let path = self.path(key);
        let (file, size) = self
            .on_disk(0, move |_| {
                let file = File::open(path)?;
                let metadata = file.metadata()?;
                if metadata.is_file() {
                    Ok((file, metadata.len()))
                } else {
                    Err(io::ErrorKind::NotFound.into())
                }
            })
            .await?;
        let range = cut(range, size);
        let reading = Reading { file: Arc::new(file), at: range.start, end: range.end, store: self.clone() };
        let stream = stream::try_unfold(reading, |reading| reading.next()).boxed();
        Ok(Blob { size, range, stream })
    }

    async fn head(&self, key: &Key) -> Result<u64> {
        let path = self.path(key);
        self.on_disk(0, move |_| {
            let metadata = std::fs::metadata(path)?;
            if metadata.is_file() { Ok(metadata.len()) } else { Err(io::ErrorKind::NotFound.into()) }
        })
        .await
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        let path = self.path(key);
        self.on_disk(0, move |abandoned| write::unlink(&path, abandoned)).await
    }

    async fn list(&self, prefix: &str, after: Option<&Key>, limit: usize) -> Result<Vec<Entry>> {
        let (root, prefix, after) = (Arc::clone(&self.root), prefix.to_owned(), after.cloned());
        self.on_disk(0, move |abandoned| listing::list(&root, &prefix, after.as_ref(), limit, abandoned))
            .await
    }

    async fn quarantine(&self, key: &Key) -> Result<()> {
        let (root, key) = (Arc::clone(&self.root), key.clone());
        self.on_disk(0, move |abandoned| write::quarantine(&root, &key, abandoned)).await
    }

    async fn probe(&self) -> Result<()> {
        self.on_disk(0, |_| Ok(())).await
    }

    async fn sweep(&self, cutoff: SystemTime) -> Result<usize> {
        let root = Arc::clone(&self.root);
        self.on_disk(0, move |abandoned| write::sweep(&root, cutoff, abandoned)).await
    }
}

/// A blob being read, one chunk per visit to the disk.
struct Reading {
    file: Arc<File>,
    at: u64,
    end: u64,
    store: DiskStore,
}

impl Reading {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        if self.at >= self.end {
            return Ok(None);
        }
        let (file, at, length) = (Arc::clone(&self.file), self.at, READ_BYTES.min(self.end - self.at));
        let read = self.store.blocking.run(length, move |_| {
            let mut chunk = BytesMut::zeroed(length as usize);
            file.read_exact_at(&mut chunk, at)?;
            Ok(chunk.freeze())
        });
        let chunk = read.await.map_err(|error| self.failed(error))?;
        self.at += length;
        Ok(Some((chunk, self)))
    }

    /// A file shorter than it said is damaged, not away.
    fn failed(&self, error: io::Error) -> BlobError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => BlobError::new(&self.store.name, BlobErrorKind::Corrupt),
            _ => BlobError::from_io(&self.store.name, error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEADLINE: Duration = Duration::from_secs(10);

    fn key(name: &str) -> Key {
        name.parse().unwrap()
    }

    async fn put(store: &DiskStore, name: &str, bytes: &'static [u8]) -> Result<()> {
        let source = Source::Bytes(Bytes::from_static(bytes));
        store.put(&key(name), source, &Expected::of(bytes), Existing::Keep).await
    }

    #[tokio::test]
    async fn a_disk_behaves_like_every_store() {
        let directory = tempfile::tempdir().unwrap();
        let store = DiskStore::create_and_open("disk", directory.path(), DEADLINE).unwrap();
        crate::conformance::check_blob_store(&store).await;
        assert_eq!(
            std::fs::read_dir(directory.path().join(".tmp")).unwrap().count(),
            0,
            "nothing is left over"
        );
    }

    #[tokio::test]
    async fn what_a_killed_writer_left_goes_when_it_is_old() {
        let directory = tempfile::tempdir().unwrap();
        let store = DiskStore::create_and_open("disk", directory.path(), DEADLINE).unwrap();
        assert_eq!(store.sweep(SystemTime::now()).await.unwrap(), 0, "nothing was ever written");
        put(&store, "originals/a", b"a photo").await.unwrap();
        let leftover = directory.path().join(".tmp/leftover");
        std::fs::write(&leftover, b"half a pho").unwrap();

        let hour = Duration::from_secs(3600);
        assert_eq!(store.sweep(SystemTime::now() - hour).await.unwrap(), 0);
        assert!(leftover.exists(), "its writer may be at work");
        assert_eq!(store.sweep(SystemTime::now() + hour).await.unwrap(), 1);
        assert!(!leftover.exists());
        assert_eq!(store.head(&key("originals/a")).await.unwrap(), 7);
    }

    /// FAILURES 21: the share is not mounted, and the empty mount point would take the bytes.
    #[tokio::test]
    async fn bytes_never_land_under_an_empty_mount_point() {
        let directory = tempfile::tempdir().unwrap();
        let (mounted, point) = (directory.path().join("mounted"), directory.path().join("point"));
        let store = DiskStore::create_and_open("nfs", &point, DEADLINE).unwrap();
        put(&store, "originals/a", b"before").await.unwrap();

        std::fs::rename(&point, &mounted).unwrap();
        std::fs::create_dir(&point).unwrap();
        assert_eq!(put(&store, "originals/b", b"lost").await.unwrap_err().kind, BlobErrorKind::Unavailable);
        assert_eq!(std::fs::read_dir(&point).unwrap().count(), 0);
        // Invariant: absent is not missing, or the ledger would forget bytes that are only out of reach.
        assert_eq!(store.head(&key("originals/a")).await.unwrap_err().kind, BlobErrorKind::Unavailable);

        std::fs::remove_dir(&point).unwrap();
        std::fs::rename(&mounted, &point).unwrap();
        put(&store, "originals/b", b"kept").await.unwrap();
        assert_eq!(store.head(&key("originals/a")).await.unwrap(), 6);
    }

    #[tokio::test]
    async fn another_disk_at_the_same_place_is_not_written_to() {
        let directory = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let id = DiskStore::create(other.path(), DEADLINE).await.unwrap();
        DiskStore::create(directory.path(), DEADLINE).await.unwrap();
        let store = DiskStore::new("main", directory.path(), id, DEADLINE);
        assert_eq!(put(&store, "originals/a", b"x").await.unwrap_err().kind, BlobErrorKind::Unavailable);
    }

    #[tokio::test]
    async fn a_hashed_file_on_the_same_file_system_is_linked_and_stays_after_its_name_goes() {
        use std::os::unix::fs::MetadataExt;
        let directory = tempfile::tempdir().unwrap();
        let store = DiskStore::create_and_open("main", &directory.path().join("main"), DEADLINE).unwrap();
        let spooled = directory.path().join("spooled");
        std::fs::write(&spooled, b"a photo").unwrap();
        let file = crate::SpooledFile { path: spooled.clone(), hashed: true };
        let name = key("originals/x");
        store.put(&name, Source::File(file), &Expected::of(b"a photo"), Existing::Keep).await.unwrap();
        let inode = |path: &Path| std::fs::metadata(path).unwrap().ino();
        assert_eq!(inode(&spooled), inode(&store.path(&name)));
        std::fs::remove_file(&spooled).unwrap();
        assert_eq!(store.get(&name, None).await.unwrap().bytes().await.unwrap(), b"a photo");
    }

    #[tokio::test]
    async fn other_bytes_under_a_digests_name_are_set_aside_and_never_unlinked() {
        let directory = tempfile::tempdir().unwrap();
        let store = DiskStore::create_and_open("main", directory.path(), DEADLINE).unwrap();
        put(&store, "originals/x", b"a photo").await.unwrap();
        std::fs::write(directory.path().join("originals/x"), b"a phoXo").unwrap();
        put(&store, "originals/x", b"a photo").await.unwrap();
        store.verify(&key("originals/x"), &Expected::of(b"a photo")).await.unwrap();
        let aside = std::fs::read_dir(directory.path().join(".quarantine")).unwrap();
        let aside: Vec<_> = aside.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
        assert_eq!(aside, [b"a phoXo"]);
    }

    #[tokio::test]
    async fn a_hanging_mount_costs_its_callers_a_deadline_and_nobody_else_a_thread() {
        let directory = tempfile::tempdir().unwrap();
        let store = DiskStore::create_and_open("nfs", directory.path(), Duration::from_millis(100)).unwrap();
        // Opening a FIFO for reading blocks until somebody writes: as good a hang as any.
        let fifo = directory.path().join("hang");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(made.success());
        let name = key("hang");
        let reads = (0..blocking::THREADS * 2).map(|_| store.get(&name, None));
        let outcomes = futures::future::join_all(reads).await;
        for outcome in outcomes {
            assert_eq!(outcome.unwrap_err().kind, BlobErrorKind::Unavailable);
        }
        // Lets the blocked threads go.
        drop(std::fs::OpenOptions::new().write(true).open(&fifo).unwrap());
    }
}

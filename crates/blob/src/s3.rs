//! A store in a bucket of S3, or of anything that speaks its protocol.
//!
//! What S3 says of itself is not believed: after a write is acknowledged, the bytes are read back and their SHA-256
//! compared, for an ETag is no digest of the bytes and a checksum the service reports is only its word. A marker object
//! is checked before every write and listing and before anything is called missing, so a wrong or fresh bucket is never
//! taken for the store.

mod bucket;
mod errors;
mod leftovers;
mod marker;
mod parts;
mod write;

use std::{
    fmt,
    ops::Range,
    pin::pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::GetRange;
use secrecy::SecretString;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use crate::{
    Blob, BlobError, BlobErrorKind, BlobStore, ByteStream, Entry, Existing, Expected, Key, Result, Source,
    StoreId, deadline::limited, store::cut,
};
use bucket::Bucket;
use errors::{failed, is_beyond_the_end};

/// Calls that read, and calls that write, at the same time. The rest wait within their deadline.
const READS: usize = 32;
const WRITES: usize = 8;
/// Memory for parts on their way, in MiB, over all calls.
const BUFFER_MIB: usize = 32;
/// Bytes per second a put must reach after the first deadline.
const SLOWEST: u64 = 1024 * 1024;

/// Where the bucket is, and who may write to it.
#[derive(Clone, Debug)]
pub struct S3Settings {
    /// Such as `https://s3.example.org`. Without one: Amazon's, by region.
    pub endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    /// Path within the bucket, without slashes at its ends. May be empty.
    pub prefix: String,
    pub access_key_id: String,
    pub secret_access_key: SecretString,
}

/// Bytes under one prefix: `{key}`, plus `.picup-store` (the marker) and `.quarantine/`.
#[derive(Clone)]
pub struct S3Store {
    inner: Arc<Inner>,
}

struct Inner {
    name: String,
    id: StoreId,
    bucket: Bucket,
    deadline: Duration,
    reads: Arc<Semaphore>,
    writes: Arc<Semaphore>,
    /// One permit is a MiB.
    buffers: Arc<Semaphore>,
}

impl fmt::Debug for S3Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S3 store {} in {:?}", self.inner.name, self.inner.bucket)
    }
}

impl S3Store {
    /// Makes the place a store: writes the marker. A place that is one already keeps its identity.
    pub async fn create(name: &str, settings: &S3Settings, deadline: Duration) -> Result<StoreId> {
        let bucket = Bucket::new(name, settings, deadline)?;
        within(name, Instant::now() + deadline, marker::create(name, &bucket)).await
    }

    /// Makes the place the store `id`, whatever it was before: a person has replaced a bucket.
    pub async fn adopt(name: &str, settings: &S3Settings, id: StoreId, deadline: Duration) -> Result<()> {
        let bucket = Bucket::new(name, settings, deadline)?;
        within(name, Instant::now() + deadline, marker::write(name, &bucket, id)).await
    }

    /// Refers to the store `id`. Succeeds without a network: a store that is away answers `Unavailable` until it is back.
    ///
    /// Errors: settings that no store can have.
    pub fn new(name: &str, settings: &S3Settings, id: StoreId, deadline: Duration) -> Result<Self> {
        let inner = Inner {
            name: name.to_owned(),
            id,
            bucket: Bucket::new(name, settings, deadline)?,
            deadline,
            reads: Arc::new(Semaphore::new(READS)),
            writes: Arc::new(Semaphore::new(WRITES)),
            buffers: Arc::new(Semaphore::new(BUFFER_MIB)),
        };
        Ok(Self { inner: Arc::new(inner) })
    }
}

#[async_trait]
impl BlobStore for S3Store {
    fn name(&self) -> &str {
        &self.inner.name
    }

    async fn put(&self, key: &Key, source: Source, expected: &Expected, existing: Existing) -> Result<()> {
        let until = self.inner.until() + Duration::from_secs(expected.bytes / SLOWEST);
        self.inner.put(key, source, expected, existing, until).await
    }

    async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Blob> {
        let store = &self.inner;
        store.read(store.open(key, range)).await
    }

    async fn head(&self, key: &Key) -> Result<u64> {
        let store = &self.inner;
        store.read(store.length(key)).await
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        let store = &self.inner;
        let deleting = async {
            store.check_marker().await?;
            match store.bucket.delete(&store.bucket.path(key)?).await {
                Err(object_store::Error::NotFound { .. }) => Ok(()),
                done => done.map_err(|error| failed(&store.name, error)),
            }
        };
        store.write(store.until(), deleting).await
    }

    async fn list(&self, prefix: &str, after: Option<&Key>, limit: usize) -> Result<Vec<Entry>> {
        let store = &self.inner;
        let listing = async {
            // Invariant: an empty bucket is not a store without blobs.
            store.check_marker().await?;
            let listed = store.bucket.list(prefix, after.map_or("", Key::as_str), limit).await;
            listed.map_err(|error| failed(&store.name, error))
        };
        store.read(listing).await
    }

    async fn quarantine(&self, key: &Key) -> Result<()> {
        let store = &self.inner;
        store.write(store.until(), store.set_aside(key)).await
    }

    async fn probe(&self) -> Result<()> {
        let store = &self.inner;
        store.read(store.check_marker()).await
    }

    async fn sweep(&self, cutoff: SystemTime) -> Result<usize> {
        let store = &self.inner;
        let sweeping = async {
            store.check_marker().await?;
            leftovers::sweep(&store.name, &store.bucket, cutoff).await
        };
        store.write(store.until(), sweeping).await
    }
}

impl Inner {
    fn until(&self) -> Instant {
        Instant::now() + self.deadline
    }

    fn error(&self, kind: BlobErrorKind) -> BlobError {
        BlobError::new(&self.name, kind)
    }

    /// One of the calls that read at the same time, within the deadline.
    async fn read<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        let turn = async {
            let _turn = self.turn(&self.reads).await?;
            call.await
        };
        within(&self.name, self.until(), turn).await
    }

    async fn write<T>(&self, until: Instant, call: impl Future<Output = Result<T>>) -> Result<T> {
        let turn = async {
            let _turn = self.turn(&self.writes).await?;
            call.await
        };
        within(&self.name, until, turn).await
    }

    async fn turn(&self, turns: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
        let turn = Arc::clone(turns).acquire_owned().await;
        turn.map_err(|error| BlobError::caused(&self.name, BlobErrorKind::Unavailable, error))
    }

    async fn check_marker(&self) -> Result<()> {
        marker::check(&self.name, &self.bucket, self.id).await
    }

    /// An error of a call that read. Invariant: `NotFound` only while the marker is there, else the ledger would forget
    /// bytes that are only out of reach.
    async fn failed_reading(&self, error: object_store::Error) -> BlobError {
        let error = failed(&self.name, error);
        match error.kind {
            BlobErrorKind::NotFound => self.check_marker().await.err().unwrap_or(error),
            _ => error,
        }
    }

    async fn length(&self, key: &Key) -> Result<u64> {
        match self.bucket.head(&self.bucket.path(key)?).await {
            Ok(size) => Ok(size),
            Err(error) => Err(self.failed_reading(error).await),
        }
    }

    async fn open(&self, key: &Key, range: Option<Range<u64>>) -> Result<Blob> {
        let wanted = match range {
            Some(range) if range.is_empty() => return self.open_nothing(key, range).await,
            range => range.clone().map(GetRange::Bounded),
        };
        let (path, range) = (self.bucket.path(key)?, wanted.clone());
        let found = match self.bucket.get(&path, wanted).await {
            Ok(found) => found,
            Err(error) if is_beyond_the_end(&error) => {
                let range = if let Some(GetRange::Bounded(range)) = range { range } else { 0..0 };
                return self.open_nothing(key, range).await;
            }
            Err(error) => return Err(self.failed_reading(error).await),
        };
        let (size, range, name) = (found.meta.size, found.range.clone(), self.name.clone());
        let stream: ByteStream = found.into_stream().map_err(move |error| failed(&name, error)).boxed();
        Ok(Blob { size, range, stream: limited(stream, self.name.clone(), self.deadline) })
    }

    /// S3 has no empty ranges.
    async fn open_nothing(&self, key: &Key, range: Range<u64>) -> Result<Blob> {
        let size = self.length(key).await?;
        let start = cut(Some(range), size).start;
        Ok(Blob { size, range: start..start, stream: stream::empty().boxed() })
    }

    /// Copies the bytes aside and only then frees the key. Up to 5 GiB: what S3 copies in one call.
    async fn set_aside(&self, key: &Key) -> Result<()> {
        self.check_marker().await?;
        let (from, aside) = (self.bucket.path(key)?, self.bucket.aside(key)?);
        let size = self.length(key).await?;
        let copied = async {
            self.bucket.copy(&from, &aside).await?;
            self.bucket.head(&aside).await
        };
        let kept = copied.await.map_err(|error| errors::failed_writing(&self.name, error))?;
        if kept != size {
            return Err(self.error(BlobErrorKind::Unavailable));
        }
        self.bucket.delete(&from).await.map_err(|error| errors::failed_writing(&self.name, error))
    }
}

async fn within<T>(store: &str, until: Instant, call: impl Future<Output = Result<T>>) -> Result<T> {
    let late = |_| Err(BlobError::from_io(store, std::io::ErrorKind::TimedOut.into()));
    timeout_at(until, pin!(call)).await.unwrap_or_else(late)
}

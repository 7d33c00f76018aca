//! The port: what every store of bytes does.

use std::{fmt, ops::Range, path::PathBuf, time::SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};

use crate::{BlobError, BlobErrorKind, Digest, Hasher, Key, Result};

/// Pieces of a blob, in order. An error ends it.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// A store of bytes by key. Calls may run at the same time; a put is visible whole or not at all.
#[async_trait]
pub trait BlobStore: fmt::Debug + Send + Sync {
    /// The name in the ledger and the log, such as `main`.
    fn name(&self) -> &str;

    /// Returns once the bytes are durable and have the digest.
    ///
    /// Errors: `Corrupt` when the source has other bytes; then nothing is stored.
    async fn put(&self, key: &Key, source: Source, expected: &Expected, existing: Existing) -> Result<()>;

    /// Opens the whole blob, or a part of it. A range that ends beyond the blob is cut; `Blob::range` tells.
    async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Blob>;

    /// Its length in bytes.
    async fn head(&self, key: &Key) -> Result<u64>;

    /// Removes the bytes. Succeeds when there are none.
    async fn delete(&self, key: &Key) -> Result<()>;

    /// Up to `limit` entries in the order of their keys, from the first key after `after`.
    async fn list(&self, prefix: &str, after: Option<&Key>, limit: usize) -> Result<Vec<Entry>>;

    /// Sets bytes aside under a name no key has; the key is then free. Invariant: never unlinks them.
    async fn quarantine(&self, key: &Key) -> Result<()>;

    /// Whether the store is there and is the one it should be.
    async fn probe(&self) -> Result<()>;

    /// Removes what writers that were killed before `cutoff` left behind; answers how many pieces. Only writers remove
    /// their own otherwise, so the cut-off has to be longer ago than any of them takes.
    async fn sweep(&self, _cutoff: SystemTime) -> Result<usize> {
        Ok(0)
    }

    /// Reads the whole blob and compares it.
    ///
    /// Errors: `Corrupt` for other bytes, `NotFound`, `Unavailable`.
    async fn verify(&self, key: &Key, expected: &Expected) -> Result<()> {
        let blob = self.get(key, None).await?;
        if blob.size != expected.bytes {
            return Err(BlobError::new(self.name(), BlobErrorKind::Corrupt));
        }
        let hash = |mut hasher: Hasher, chunk: Bytes| async move {
            hasher.update(&chunk);
            Ok(hasher)
        };
        let hasher = blob.stream.try_fold(Hasher::default(), hash).await?;
        if hasher.finish() == expected.sha256 {
            Ok(())
        } else {
            Err(BlobError::new(self.name(), BlobErrorKind::Corrupt))
        }
    }
}

/// What the bytes must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    pub sha256: Digest,
    pub bytes: u64,
}

impl Expected {
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: Hasher::digest(bytes), bytes: bytes.len() as u64 }
    }
}

/// What to do with bytes the key already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// For bytes named by their digest: the right ones are kept, any other are set aside first.
    Keep,
    /// For bytes that can be made again, such as renditions.
    Replace,
}

/// Where the bytes of a put come from.
pub enum Source {
    File(SpooledFile),
    Bytes(Bytes),
    Stream(ByteStream),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => file.fmt(f),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Stream(_) => f.write_str("stream"),
        }
    }
}

/// A complete local file that nobody writes to any more.
#[derive(Clone, Debug)]
pub struct SpooledFile {
    pub path: PathBuf,
    /// Its digest was taken from these very bytes as they were written: a store on the same file system may
    /// link it instead of reading it again.
    pub hashed: bool,
}

/// An open blob.
pub struct Blob {
    /// Length of the whole blob in bytes.
    pub size: u64,
    /// The part `stream` gives.
    pub range: Range<u64>,
    pub stream: ByteStream,
}

impl Blob {
    /// Reads all of it into memory. For small things.
    pub async fn bytes(self) -> Result<Vec<u8>> {
        let mut all = Vec::with_capacity(usize::try_from(self.range.end - self.range.start).unwrap_or(0));
        let mut stream = self.stream;
        while let Some(chunk) = stream.next().await {
            all.extend_from_slice(&chunk?);
        }
        Ok(all)
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blob of {} bytes, {:?} open", self.size, self.range)
    }
}

/// One listed blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Key,
    pub bytes: u64,
}

/// Cuts a wanted range to what exists.
pub(crate) fn cut(range: Option<Range<u64>>, size: u64) -> Range<u64> {
    let range = range.unwrap_or(0..size);
    let start = range.start.min(size);
    start..range.end.clamp(start, size)
}

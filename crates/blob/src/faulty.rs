//! A store that fails on command, for tests.

use std::{
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;

use crate::{Blob, BlobError, BlobErrorKind, BlobStore, Entry, Existing, Expected, Key, Result, Source};

/// How a store misbehaves from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Every call fails with this kind.
    Fail(BlobErrorKind),
    /// Writes fail with this kind, reads work.
    FailWrites(BlobErrorKind),
    /// No call ever answers.
    Hang,
    /// Puts answer success and keep nothing.
    LieAboutPuts,
    /// Reads give bytes with one bit flipped.
    FlipBits,
    /// Reads break off after the first half.
    CutReads,
}

/// Wraps a store and fails as told.
#[derive(Debug)]
pub struct FaultyStore {
    inner: Arc<dyn BlobStore>,
    fault: Mutex<Fault>,
}

impl FaultyStore {
    pub fn new(inner: Arc<dyn BlobStore>) -> Self {
        Self { inner, fault: Mutex::new(Fault::None) }
    }

    pub fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    fn fault(&self) -> Fault {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, kind: BlobErrorKind) -> Result<()> {
        Err(BlobError::new(self.name(), kind))
    }

    async fn before_read(&self) -> Result<()> {
        match self.fault() {
            Fault::Fail(kind) => self.failed(kind),
            Fault::Hang => std::future::pending().await,
            _ => Ok(()),
        }
    }

    async fn before_write(&self) -> Result<()> {
        match self.fault() {
            Fault::FailWrites(kind) => self.failed(kind),
            _ => self.before_read().await,
        }
    }
}

#[async_trait]
impl BlobStore for FaultyStore {
    fn name(&self) -> &str {
        self.inner.name()
    }

    async fn put(&self, key: &Key, source: Source, expected: &Expected, existing: Existing) -> Result<()> {
        self.before_write().await?;
        if self.fault() == Fault::LieAboutPuts {
            return Ok(());
        }
        self.inner.put(key, source, expected, existing).await
    }

    async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Blob> {
        self.before_read().await?;
        let mut blob = self.inner.get(key, range).await?;
        if self.fault() == Fault::FlipBits {
            blob.stream = blob.stream.map(|chunk| chunk.map(with_a_flipped_bit)).boxed();
        }
        if self.fault() == Fault::CutReads {
            let broken = BlobError::new(self.name(), BlobErrorKind::Unavailable);
            let half = blob.stream.take(1).map(|chunk| chunk.map(|chunk| chunk.slice(..chunk.len() / 2)));
            blob.stream = half.chain(futures::stream::iter([Err(broken)])).boxed();
        }
        Ok(blob)
    }

    async fn head(&self, key: &Key) -> Result<u64> {
        self.before_read().await?;
        self.inner.head(key).await
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        self.before_write().await?;
        self.inner.delete(key).await
    }

    async fn list(&self, prefix: &str, after: Option<&Key>, limit: usize) -> Result<Vec<Entry>> {
        self.before_read().await?;
        self.inner.list(prefix, after, limit).await
    }

    async fn quarantine(&self, key: &Key) -> Result<()> {
        self.before_write().await?;
        self.inner.quarantine(key).await
    }

    async fn probe(&self) -> Result<()> {
        self.before_read().await?;
        self.inner.probe().await
    }

    async fn sweep(&self, cutoff: SystemTime) -> Result<usize> {
        self.before_write().await?;
        self.inner.sweep(cutoff).await
    }
}

fn with_a_flipped_bit(chunk: Bytes) -> Bytes {
    let mut chunk = chunk.to_vec();
    if let Some(byte) = chunk.first_mut() {
        *byte ^= 1;
    }
    chunk.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryStore;

    #[tokio::test]
    async fn without_a_fault_it_behaves_like_every_store() {
        crate::conformance::check_blob_store(&FaultyStore::new(Arc::new(MemoryStore::new("memory")))).await;
    }

    #[tokio::test]
    async fn a_lie_and_a_flipped_bit_are_found_by_verifying() {
        let store = FaultyStore::new(Arc::new(MemoryStore::new("memory")));
        let (key, expected) = ("a".parse().unwrap(), Expected::of(b"x"));
        let source = || Source::Bytes(Bytes::from_static(b"x"));
        store.set(Fault::LieAboutPuts);
        store.put(&key, source(), &expected, Existing::Keep).await.unwrap();
        assert_eq!(store.verify(&key, &expected).await.unwrap_err().kind, BlobErrorKind::NotFound);
        store.set(Fault::None);
        store.put(&key, source(), &expected, Existing::Keep).await.unwrap();
        store.set(Fault::FlipBits);
        assert_eq!(store.verify(&key, &expected).await.unwrap_err().kind, BlobErrorKind::Corrupt);
    }
}

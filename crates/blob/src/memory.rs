//! A store in memory, for tests and as the plainest statement of what a store does.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    Blob, BlobError, BlobErrorKind, BlobStore, Entry, Existing, Expected, Key, Result, Source, store::cut,
};

#[derive(Debug)]
pub struct MemoryStore {
    name: String,
    blobs: Mutex<BTreeMap<Key, Bytes>>,
    quarantined: Mutex<Vec<(Key, Bytes)>>,
}

impl MemoryStore {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), blobs: Mutex::default(), quarantined: Mutex::default() }
    }

    /// What was set aside, oldest first.
    pub fn quarantined(&self) -> Vec<(Key, Bytes)> {
        self.quarantined.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn blobs(&self) -> MutexGuard<'_, BTreeMap<Key, Bytes>> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, kind: BlobErrorKind) -> BlobError {
        BlobError::new(&self.name, kind)
    }

    async fn read(&self, source: Source) -> Result<Bytes> {
        match source {
            Source::Bytes(bytes) => Ok(bytes),
            Source::File(file) => {
                let read = tokio::fs::read(&file.path).await;
                read.map(Bytes::from).map_err(|error| BlobError::from_io(&self.name, error))
            }
            Source::Stream(stream) => {
                let all = stream.try_fold(Vec::new(), |mut all, chunk| async move {
                    all.extend_from_slice(&chunk);
                    Ok(all)
                });
                all.await.map(Bytes::from)
            }
        }
    }
}

#[async_trait]
impl BlobStore for MemoryStore {
    fn name(&self) -> &str {
        &self.name
    }

    async fn put(&self, key: &Key, source: Source, expected: &Expected, existing: Existing) -> Result<()> {
        let bytes = self.read(source).await?;
        if Expected::of(&bytes) != *expected {
            return Err(self.error(BlobErrorKind::Corrupt));
        }
        let before = self.blobs().insert(key.clone(), bytes.clone());
        if let Some(before) = before.filter(|before| existing == Existing::Keep && *before != bytes) {
            self.quarantined.lock().unwrap_or_else(PoisonError::into_inner).push((key.clone(), before));
        }
        Ok(())
    }

    async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Blob> {
        let bytes = self.blobs().get(key).cloned().ok_or_else(|| self.error(BlobErrorKind::NotFound))?;
        let size = bytes.len() as u64;
        let range = cut(range, size);
        let part = bytes.slice(range.start as usize..range.end as usize);
        Ok(Blob { size, range, stream: stream::iter([Ok(part)]).boxed() })
    }

    async fn head(&self, key: &Key) -> Result<u64> {
        let found = self.blobs().get(key).map(|bytes| bytes.len() as u64);
        found.ok_or_else(|| self.error(BlobErrorKind::NotFound))
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        self.blobs().remove(key);
        Ok(())
    }

    async fn list(&self, prefix: &str, after: Option<&Key>, limit: usize) -> Result<Vec<Entry>> {
        let blobs = self.blobs();
        let wanted = blobs
            .iter()
            .filter(|(key, _)| key.as_str().starts_with(prefix) && after.is_none_or(|after| *key > after));
        Ok(wanted
            .take(limit)
            .map(|(key, bytes)| Entry { key: key.clone(), bytes: bytes.len() as u64 })
            .collect())
    }

    async fn quarantine(&self, key: &Key) -> Result<()> {
        let bytes = self.blobs().remove(key).ok_or_else(|| self.error(BlobErrorKind::NotFound))?;
        self.quarantined.lock().unwrap_or_else(PoisonError::into_inner).push((key.clone(), bytes));
        Ok(())
    }

    async fn probe(&self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn memory_behaves_like_every_store() {
        crate::conformance::check_blob_store(&MemoryStore::new("memory")).await;
    }
}

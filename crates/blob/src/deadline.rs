//! A limit on how long any store may take.

use std::{
    ops::Range,
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use futures::{StreamExt, stream};
use tokio::time::timeout;

use crate::{
    Blob, BlobError, BlobErrorKind, BlobStore, ByteStream, Entry, Existing, Expected, Key, Result, Source,
};

/// Bytes per second a put must reach after the first `limit`.
const SLOWEST: u64 = 1024 * 1024;

/// Wraps a store: a call, or the wait for a chunk, that takes longer than `limit` is `Unavailable`.
#[derive(Debug)]
pub struct Deadline {
    inner: Arc<dyn BlobStore>,
    limit: Duration,
}

impl Deadline {
    pub fn new(inner: Arc<dyn BlobStore>, limit: Duration) -> Self {
        Self { inner, limit }
    }

    async fn within<T>(&self, limit: Duration, call: impl Future<Output = Result<T>>) -> Result<T> {
        timeout(limit, call).await.unwrap_or_else(|_| Err(late(self.inner.name())))
    }
}

fn late(store: &str) -> BlobError {
    BlobError::from_io(store, std::io::ErrorKind::TimedOut.into())
}

#[async_trait]
impl BlobStore for Deadline {
    fn name(&self) -> &str {
        self.inner.name()
    }

    async fn put(&self, key: &Key, source: Source, expected: &Expected, existing: Existing) -> Result<()> {
        let limit = self.limit + Duration::from_secs(expected.bytes / SLOWEST);
        self.within(limit, self.inner.put(key, source, expected, existing)).await
    }

    async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Blob> {
        let blob = self.within(self.limit, self.inner.get(key, range)).await?;
        let stream = limited(blob.stream, self.name().to_owned(), self.limit);
        Ok(Blob { stream, ..blob })
    }

    async fn head(&self, key: &Key) -> Result<u64> {
        self.within(self.limit, self.inner.head(key)).await
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        self.within(self.limit, self.inner.delete(key)).await
    }

    async fn list(&self, prefix: &str, after: Option<&Key>, limit: usize) -> Result<Vec<Entry>> {
        self.within(self.limit, self.inner.list(prefix, after, limit)).await
    }

    async fn quarantine(&self, key: &Key) -> Result<()> {
        self.within(self.limit, self.inner.quarantine(key)).await
    }

    async fn probe(&self) -> Result<()> {
        self.within(self.limit, self.inner.probe()).await
    }

    async fn sweep(&self, cutoff: SystemTime) -> Result<usize> {
        self.within(self.limit, self.inner.sweep(cutoff)).await
    }
}

/// The same stream, failing when the next chunk does not come in time.
pub(crate) fn limited(stream: ByteStream, store: String, limit: Duration) -> ByteStream {
    let step = move |mut stream: ByteStream| {
        let store = store.clone();
        async move {
            match timeout(limit, stream.next()).await {
                Ok(None) => Ok(None),
                Ok(Some(chunk)) => chunk.map(|chunk| Some((chunk, stream))),
                Err(_) => Err(BlobError::new(&store, BlobErrorKind::Unavailable)),
            }
        }
    };
    stream::try_unfold(stream, step).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fault, FaultyStore, MemoryStore};

    #[tokio::test]
    async fn a_store_with_a_deadline_behaves_like_every_store() {
        let memory = Arc::new(MemoryStore::new("memory"));
        crate::conformance::check_blob_store(&Deadline::new(memory, Duration::from_secs(10))).await;
    }

    #[tokio::test]
    async fn a_store_that_hangs_is_given_up() {
        let faulty = Arc::new(FaultyStore::new(Arc::new(MemoryStore::new("memory"))));
        faulty.set(Fault::Hang);
        let store = Deadline::new(faulty, Duration::from_millis(50));
        let key = "a".parse().unwrap();
        assert_eq!(store.get(&key, None).await.unwrap_err().kind, BlobErrorKind::Unavailable);
        let source = Source::Bytes(bytes::Bytes::from_static(b"x"));
        let put = store.put(&key, source, &Expected::of(b"x"), Existing::Keep).await;
        assert_eq!(put.unwrap_err().kind, BlobErrorKind::Unavailable);
    }
}

//! What the calls of a store cost, around any store: times, failures, bytes, and a span in the trace of whoever asks.
//!
//! A read counts from its opening to its last byte, without the time its reader takes. Keys are never told.

use std::{
    ops::Range,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant, SystemTime},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use metrics::Counter;
use picup_blob::{
    Blob, BlobErrorKind, BlobStore, ByteStream, Entry, Existing, Expected, Key, Result, Source,
};
use tracing::{Span, field::Empty};

use crate::telemetry::{InFlight, Operation, trace};

const KINDS: [&str; 4] = ["not_found", "full", "unavailable", "corrupt"];

#[derive(Debug)]
pub(super) struct Measured {
    inner: Arc<dyn BlobStore>,
    operations: Operations,
    read: Arc<Reads>,
    written_bytes: Counter,
}

#[derive(Debug)]
struct Operations {
    put: Operation,
    get: Operation,
    head: Operation,
    delete: Operation,
    list: Operation,
    quarantine: Operation,
    probe: Operation,
    sweep: Operation,
    verify: Operation,
}

#[derive(Debug)]
struct Reads {
    operation: Operation,
    bytes: Counter,
}

impl Measured {
    pub(super) fn new(inner: Arc<dyn BlobStore>) -> Self {
        let store = inner.name().to_owned();
        let operation = |name| Operation::new("blob", &[("store", &store), ("operation", name)], &KINDS);
        let operations = Operations {
            put: operation("put"),
            get: operation("get"),
            head: operation("head"),
            delete: operation("delete"),
            list: operation("list"),
            quarantine: operation("quarantine"),
            probe: operation("probe"),
            sweep: operation("sweep"),
            verify: operation("verify"),
        };
        let bytes = |name| metrics::counter!(name, "store" => store.clone());
        let read = Arc::new(Reads { operation: operation("read"), bytes: bytes("blob_read_bytes_total") });
        Self { operations, read, written_bytes: bytes("blob_written_bytes_total"), inner }
    }

    async fn measure<T>(
        &self,
        name: &'static str,
        operation: &Operation,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let span = self.span(name);
        let started = operation.start();
        let outcome = call.await;
        let failure = outcome.as_ref().err().map(|error| kind_word(error.kind));
        if let Some(kind) = failure {
            trace::note_failure(&span, kind);
        }
        started.end(failure);
        outcome
    }

    fn span(&self, name: &'static str) -> Span {
        if !trace::is_wanted() {
            return Span::none();
        }
        tracing::debug_span!(
            "blob",
            otel.kind = "client",
            otel.name = format!("blob {name}"),
            otel.status_code = Empty,
            error.type = Empty,
            store = self.inner.name(),
            bytes = Empty
        )
    }
}

fn kind_word(kind: BlobErrorKind) -> &'static str {
    match kind {
        BlobErrorKind::NotFound => KINDS[0],
        BlobErrorKind::Full => KINDS[1],
        BlobErrorKind::Unavailable => KINDS[2],
        BlobErrorKind::Corrupt => KINDS[3],
    }
}

#[async_trait]
impl BlobStore for Measured {
    fn name(&self) -> &str {
        self.inner.name()
    }

    async fn put(&self, key: &Key, source: Source, expected: &Expected, existing: Existing) -> Result<()> {
        let call = self.inner.put(key, source, expected, existing);
        self.measure("put", &self.operations.put, call).await?;
        self.written_bytes.increment(expected.bytes);
        Ok(())
    }

    async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Blob> {
        let blob = self.measure("get", &self.operations.get, self.inner.get(key, range)).await?;
        let stream = Reading::new(blob.stream, Arc::clone(&self.read), self.span("read")).boxed();
        Ok(Blob { stream, ..blob })
    }

    async fn head(&self, key: &Key) -> Result<u64> {
        self.measure("head", &self.operations.head, self.inner.head(key)).await
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        self.measure("delete", &self.operations.delete, self.inner.delete(key)).await
    }

    async fn list(&self, prefix: &str, after: Option<&Key>, limit: usize) -> Result<Vec<Entry>> {
        self.measure("list", &self.operations.list, self.inner.list(prefix, after, limit)).await
    }

    async fn quarantine(&self, key: &Key) -> Result<()> {
        self.measure("quarantine", &self.operations.quarantine, self.inner.quarantine(key)).await
    }

    async fn probe(&self) -> Result<()> {
        self.measure("probe", &self.operations.probe, self.inner.probe()).await
    }

    async fn sweep(&self, cutoff: SystemTime) -> Result<usize> {
        self.measure("sweep", &self.operations.sweep, self.inner.sweep(cutoff)).await
    }

    async fn verify(&self, key: &Key, expected: &Expected) -> Result<()> {
        self.measure("verify", &self.operations.verify, self.inner.verify(key, expected)).await?;
        self.read.bytes.increment(expected.bytes);
        Ok(())
    }
}

/// A stream on its way to a reader, who may be slow, or go away.
struct Reading {
    inner: ByteStream,
    reads: Arc<Reads>,
    /// Ends with the stream.
    span: Span,
    _in_flight: InFlight,
    /// Since when the reader waits for the store.
    asked_at: Option<Instant>,
    waited: Duration,
    bytes: u64,
    failure: Option<&'static str>,
}

impl Reading {
    fn new(inner: ByteStream, reads: Arc<Reads>, span: Span) -> Self {
        let in_flight = reads.operation.enter();
        let waited = Duration::ZERO;
        Self { inner, reads, span, _in_flight: in_flight, asked_at: None, waited, bytes: 0, failure: None }
    }
}

impl Stream for Reading {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let asked_at = *self.asked_at.get_or_insert_with(Instant::now);
        let Poll::Ready(item) = self.inner.poll_next_unpin(context) else { return Poll::Pending };
        self.asked_at = None;
        self.waited += asked_at.elapsed();
        match &item {
            Some(Ok(chunk)) => self.bytes += chunk.len() as u64,
            Some(Err(error)) => self.failure = Some(kind_word(error.kind)),
            None => {}
        }
        Poll::Ready(item)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.reads.operation.record(self.waited, self.failure);
        self.reads.bytes.increment(self.bytes);
        self.span.record("bytes", self.bytes);
        if let Some(kind) = self.failure {
            trace::note_failure(&self.span, kind);
        }
    }
}

#[cfg(test)]
mod tests {
    use picup_blob::{Fault, FaultyStore, MemoryStore};

    use super::*;

    #[tokio::test]
    async fn a_measured_store_behaves_like_every_store() {
        let memory = Arc::new(MemoryStore::new("memory"));
        picup_blob::conformance::check_blob_store(&Measured::new(memory)).await;
    }

    #[tokio::test]
    async fn a_failure_is_passed_on_as_it_is() {
        let faulty = Arc::new(FaultyStore::new(Arc::new(MemoryStore::new("memory"))));
        faulty.set(Fault::Fail(BlobErrorKind::Full));
        let store = Measured::new(faulty);
        let key = "a".parse().unwrap();
        let (source, expected) = (Source::Bytes(Bytes::from_static(b"x")), Expected::of(b"x"));
        let put = store.put(&key, source, &expected, Existing::Keep).await;
        assert_eq!(put.unwrap_err().kind, BlobErrorKind::Full);
    }
}

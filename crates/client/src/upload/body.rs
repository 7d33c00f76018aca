//! Streams a stretch of a file into one PATCH, and watches that it moves.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures::{Stream, StreamExt};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use picup_api::upload::TUS_VERSION;
use reqwest::{Body, Response, Url};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, SeekFrom},
};
use tokio_util::io::ReaderStream;

use crate::{Client, ClientError, ErrorKind, Result, answer, transport::is_stale_token};

/// What is in memory of a file at one time.
const BUFFER_BYTES: usize = 128 << 10;
const TICK: Duration = Duration::from_millis(200);
/// The server hashes while receiving, but copies into its stores after the last byte.
const SLOWEST_STORE_BYTES_PER_SECOND: u64 = 4 << 20;

pub(super) struct Transfer {
    path: PathBuf,
    start: u64,
    length: u64,
    moved: Arc<AtomicU64>,
    read_error: Arc<Mutex<Option<io::Error>>>,
}

impl Transfer {
    pub(super) fn new(path: &Path, start: u64, length: u64) -> Self {
        Self { path: path.into(), start, length, moved: Arc::default(), read_error: Arc::default() }
    }

    pub(super) async fn send(&self, client: &Client, url: &Url, report: impl Fn(u64)) -> Result<Response> {
        let token = client.access_token().await?;
        let body = self.open().await.map_err(ClientError::disk)?;
        let request = client
            .inner
            .http
            .patch(url.clone())
            .header("tus-resumable", TUS_VERSION)
            .header("upload-offset", self.start)
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .header(CONTENT_LENGTH, self.length)
            .bearer_auth(token)
            .body(Body::wrap_stream(body));
        let sent = async { request.send().await.map_err(ClientError::network) };
        let outcome = tokio::select! {
            outcome = sent => outcome,
            stalled = self.watch(client, report) => Err(stalled),
        };
        // What the file system said comes first: the socket only saw a body that ended early.
        let read_error = self.read_error.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let accepted = match read_error {
            Some(error) => return Err(ClientError::disk(error)),
            None => answer::accept(outcome?).await,
        };
        match accepted {
            // A body cannot be sent twice from here: the next round asks for the offset with a new token.
            Err(error) if is_stale_token(&error) => {
                client.inner.session.expire().await;
                Err(error.of_kind(ErrorKind::Unavailable))
            }
            accepted => accepted,
        }
    }

    async fn open(&self) -> io::Result<impl Stream<Item = io::Result<bytes::Bytes>> + Send + 'static> {
        let mut file = File::open(&self.path).await?;
        file.seek(SeekFrom::Start(self.start)).await?;
        let (moved, read_error, length) = (self.moved.clone(), self.read_error.clone(), self.length);
        let chunks = ReaderStream::with_capacity(file.take(length), BUFFER_BYTES);
        let ending = futures::stream::iter([Ok(bytes::Bytes::new())]);
        Ok(chunks.chain(ending).map(move |chunk| {
            let chunk = chunk.and_then(|chunk| {
                let so_far = moved.fetch_add(chunk.len() as u64, Ordering::Relaxed) + chunk.len() as u64;
                match chunk.is_empty() && so_far < length {
                    true => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter")),
                    false => Ok(chunk),
                }
            });
            chunk.map_err(|error| {
                let kind = error.kind();
                *read_error.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
                kind.into()
            })
        }))
    }

    /// Reports progress, and ends when nothing has moved for too long.
    async fn watch(&self, client: &Client, report: impl Fn(u64)) -> ClientError {
        let (mut last, mut since) = (0, Instant::now());
        loop {
            tokio::time::sleep(TICK).await;
            let moved = self.moved.load(Ordering::Relaxed);
            if moved != last {
                (last, since) = (moved, Instant::now());
                report(moved);
            }
            if since.elapsed() > self.patience(client, moved) {
                return ClientError::new(ErrorKind::Offline, "the upload stands still");
            }
        }
    }

    fn patience(&self, client: &Client, moved: u64) -> Duration {
        let stall = client.inner.timeouts.stall;
        match moved < self.length {
            true => stall,
            false => stall + Duration::from_secs((self.start + self.length) / SLOWEST_STORE_BYTES_PER_SECOND),
        }
    }
}

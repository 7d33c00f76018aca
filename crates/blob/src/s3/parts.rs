//! Cuts a source into parts, hashing on the way.
//!
//! A part holds the source's own chunks, or one buffer read from a file: bytes are in memory once.

use std::{fs::File, io, os::unix::fs::FileExt, path::Path, sync::Arc};

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use object_store::PutPayload;

use crate::{BlobError, ByteStream, Expected, Hasher, Result, Source};

pub(super) struct Parts {
    feed: Feed,
    hasher: Hasher,
    bytes: u64,
    store: String,
}

/// One part, and what was read of the source up to its end.
pub(super) struct Part {
    pub(super) payload: PutPayload,
    pub(super) so_far: Expected,
}

enum Feed {
    File {
        file: Arc<File>,
        at: u64,
    },
    Bytes(Bytes),
    /// What was left of the last chunk.
    Stream {
        stream: ByteStream,
        rest: Bytes,
    },
}

impl Parts {
    pub(super) async fn of(source: Source, store: &str) -> Result<Self> {
        let feed = match source {
            Source::File(file) => Feed::File { file: open(store, &file.path).await?, at: 0 },
            Source::Bytes(bytes) => Feed::Bytes(bytes),
            Source::Stream(stream) => Feed::Stream { stream, rest: Bytes::new() },
        };
        Ok(Self { feed, hasher: Hasher::default(), bytes: 0, store: store.to_owned() })
    }

    /// The next part: `size` bytes, fewer at the end, none after it.
    pub(super) async fn next(&mut self, size: usize) -> Result<Part> {
        let chunks = match &mut self.feed {
            Feed::File { file, at } => {
                let chunk = read(&self.store, Arc::clone(file), *at, size).await?;
                *at += chunk.len() as u64;
                vec![chunk]
            }
            Feed::Bytes(bytes) => vec![bytes.split_to(size.min(bytes.len()))],
            Feed::Stream { stream, rest } => gather(stream, rest, size).await?,
        };
        for chunk in &chunks {
            self.hasher.update(chunk);
            self.bytes += chunk.len() as u64;
        }
        let so_far = Expected { sha256: self.hasher.clone().finish(), bytes: self.bytes };
        Ok(Part { payload: chunks.into_iter().collect(), so_far })
    }
}

async fn gather(stream: &mut ByteStream, rest: &mut Bytes, size: usize) -> Result<Vec<Bytes>> {
    let (mut chunks, mut missing) = (Vec::new(), size);
    while missing > 0 {
        if rest.is_empty() {
            let Some(chunk) = stream.next().await else { break };
            *rest = chunk?;
        }
        let taken = rest.split_to(missing.min(rest.len()));
        missing -= taken.len();
        chunks.push(taken);
    }
    Ok(chunks)
}

async fn open(store: &str, path: &Path) -> Result<Arc<File>> {
    let path = path.to_owned();
    let opened = on_disk(move || File::open(path)).await;
    opened.map(Arc::new).map_err(|error| BlobError::from_io(store, error))
}

async fn read(store: &str, file: Arc<File>, at: u64, size: usize) -> Result<Bytes> {
    let reading = on_disk(move || {
        let mut buffer = BytesMut::zeroed(size);
        let mut filled = 0;
        while filled < size {
            match file.read_at(&mut buffer[filled..], at + filled as u64)? {
                0 => break,
                length => filled += length,
            }
        }
        buffer.truncate(filled);
        Ok(buffer.freeze())
    });
    reading.await.map_err(|error| BlobError::from_io(store, error))
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

//! Puts bytes into the bucket so that they are there whole or not at all, and proves it.
//!
//! Small blobs go in one request, large ones in parts that are joined when all are there and the digest is right. The
//! memory for parts is one budget for all puts of a store.

use std::{sync::Arc, time::Duration};

use futures::{TryStreamExt, stream};
use object_store::{MultipartId, multipart::PartId, path::Path};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout},
};

use super::{
    BUFFER_MIB, Inner,
    errors::failed_writing,
    parts::{Part, Parts},
    within,
};
use crate::{BlobError, BlobErrorKind, Existing, Expected, Hasher, Key, Result, Source};

const MIB: usize = 1024 * 1024;
/// Up to here a blob is one request; also the size of a part.
const PART: u64 = 8 * MIB as u64;
/// S3 joins no more.
const MAX_PARTS: u64 = 10_000;
/// Of one blob, on their way at the same time.
const IN_FLIGHT: usize = 3;
/// For telling S3 to drop parts, after the deadline has passed.
const DROP_WITHIN: Duration = Duration::from_secs(5);

impl Inner {
    pub(super) async fn put(
        self: &Arc<Self>,
        key: &Key,
        source: Source,
        expected: &Expected,
        existing: Existing,
        until: Instant,
    ) -> Result<()> {
        let _turn = within(&self.name, until, self.turn(&self.writes)).await?;
        if within(&self.name, until, self.has_it_already(key, expected, existing)).await? {
            return Ok(());
        }
        let path = self.bucket.path(key)?;
        if expected.bytes <= PART {
            within(&self.name, until, self.put_whole(&path, source, expected)).await?;
        } else {
            self.put_in_parts(&path, source, expected, until).await?;
        }
        within(&self.name, until, self.prove(key, expected)).await
    }

    /// The right bytes may be there from an attempt that failed later on. Others are set aside.
    async fn has_it_already(&self, key: &Key, expected: &Expected, existing: Existing) -> Result<bool> {
        self.check_marker().await?;
        if existing == Existing::Replace {
            return Ok(false);
        }
        match self.compare(key, expected).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind == BlobErrorKind::NotFound => Ok(false),
            Err(error) if error.kind == BlobErrorKind::Corrupt => self.set_aside(key).await.map(|()| false),
            Err(error) => Err(error),
        }
    }

    /// Reads the whole blob, unless its length is enough to know.
    async fn compare(&self, key: &Key, expected: &Expected) -> Result<()> {
        if self.length(key).await? != expected.bytes {
            return Err(self.error(BlobErrorKind::Corrupt));
        }
        let mut stream = self.open(key, None).await?.stream;
        let mut hasher = Hasher::default();
        while let Some(chunk) = stream.try_next().await? {
            hasher.update(&chunk);
        }
        if hasher.finish() == expected.sha256 { Ok(()) } else { Err(self.error(BlobErrorKind::Corrupt)) }
    }

    /// Invariant: no put succeeds before its bytes were read back. What S3 acknowledged and does not have is S3's
    /// failure, not the source's; other bytes than were sent are set aside, so that nobody reads them.
    async fn prove(&self, key: &Key, expected: &Expected) -> Result<()> {
        let Err(error) = self.compare(key, expected).await else { return Ok(()) };
        match error.kind {
            BlobErrorKind::Unavailable | BlobErrorKind::Full => return Err(error),
            BlobErrorKind::NotFound => {}
            BlobErrorKind::Corrupt => self.set_aside(key).await?,
        }
        let lie = format!("a put was acknowledged, and what it wrote is {}", error.kind);
        Err(BlobError::caused(&self.name, BlobErrorKind::Unavailable, lie))
    }

    async fn put_whole(&self, path: &Path, source: Source, expected: &Expected) -> Result<()> {
        let size = expected.bytes as usize;
        let _memory = self.memory(size).await?;
        let mut parts = Parts::of(source, &self.name).await?;
        let part = parts.next(size).await?;
        // A source that goes on is not the one expected.
        let after = parts.next(1).await?;
        if after.so_far != *expected {
            return Err(self.error(BlobErrorKind::Corrupt));
        }
        let put = self.bucket.put(path, part.payload, &expected.sha256).await;
        put.map_err(|error| failed_writing(&self.name, error))
    }

    async fn put_in_parts(
        self: &Arc<Self>,
        path: &Path,
        source: Source,
        expected: &Expected,
        until: Instant,
    ) -> Result<()> {
        let writing = |error| failed_writing(&self.name, error);
        let size = self.part_size(expected)?;
        let starting = async { self.bucket.start_parts(path, &expected.sha256).await.map_err(writing) };
        let upload = within(&self.name, until, starting).await?;
        let sending = async {
            let parts = self.send_parts(path, &upload, source, expected, size).await?;
            self.bucket.join_parts(path, &upload, parts).await.map_err(writing)
        };
        let sent = within(&self.name, until, sending).await;
        if sent.is_err() {
            // Fails when S3 is away, or has joined them and lost only the answer: the sweep finds what stays.
            let _ = timeout(DROP_WITHIN, self.bucket.drop_parts(path, &upload)).await;
        }
        sent
    }

    fn part_size(&self, expected: &Expected) -> Result<usize> {
        let least = expected.bytes.div_ceil(MAX_PARTS).next_multiple_of(MIB as u64).max(PART);
        let size = usize::try_from(least).unwrap_or(usize::MAX);
        if size > BUFFER_MIB * MIB { Err(self.error(BlobErrorKind::Full)) } else { Ok(size) }
    }

    /// Errors: `Corrupt` when the source has other bytes.
    async fn send_parts(
        self: &Arc<Self>,
        path: &Path,
        upload: &MultipartId,
        source: Source,
        expected: &Expected,
        size: usize,
    ) -> Result<Vec<PartId>> {
        let source = Parts::of(source, &self.name).await?;
        let store = Arc::clone(self);
        let cutting =
            stream::try_unfold((store, source, 0_usize), move |(store, mut source, index)| async move {
                let memory = store.memory(size).await?;
                let part = source.next(size).await?;
                let is_end = part.payload.content_length() == 0;
                Ok((!is_end).then_some(((index, part, memory), (store, source, index + 1))))
            });
        let target = Target { store: Arc::clone(self), path: path.clone(), upload: upload.clone() };
        let (target, bytes) = (Arc::new(target), expected.bytes);
        let sending = cutting
            .map_ok(move |(index, part, memory)| Arc::clone(&target).send_part(index, part, memory, bytes));
        // Parts on their way go on while the next one waits for memory, else puts could wait for each other.
        let sent: Vec<_> = sending.try_buffered(IN_FLIGHT).try_collect().await?;
        match sent.last() {
            Some((_, total)) if total == expected => Ok(sent.into_iter().map(|(id, _)| id).collect()),
            _ => Err(self.error(BlobErrorKind::Corrupt)),
        }
    }

    /// The right to hold so many bytes.
    async fn memory(&self, bytes: usize) -> Result<OwnedSemaphorePermit> {
        let mib = u32::try_from(bytes.div_ceil(MIB)).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.buffers).acquire_many_owned(mib).await;
        permit.map_err(|error| BlobError::caused(&self.name, BlobErrorKind::Unavailable, error))
    }
}

/// An upload in parts under way.
struct Target {
    store: Arc<Inner>,
    path: Path,
    upload: MultipartId,
}

impl Target {
    /// Answers the part's id and what was read of the source up to its end.
    async fn send_part(
        self: Arc<Self>,
        index: usize,
        part: Part,
        _memory: OwnedSemaphorePermit,
        bytes: u64,
    ) -> Result<(PartId, Expected)> {
        if part.so_far.bytes > bytes {
            return Err(self.store.error(BlobErrorKind::Corrupt));
        }
        let sent = self.store.bucket.put_part(&self.path, &self.upload, index, part.payload).await;
        Ok((sent.map_err(|error| failed_writing(&self.store.name, error))?, part.so_far))
    }
}

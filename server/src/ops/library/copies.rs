//! Reading originals, and keeping the ledger of their copies true.
//!
//! Reads go to `main`, then `backup`. A copy found missing or with other bytes is noted, and a job writes it from
//! another one.

pub mod leftovers;
pub mod removal;
pub mod repair;
pub mod scrub;

use std::{ops::Range, path::Path, sync::Arc};

use bytes::Bytes;
use futures::{StreamExt, stream};
use picup_api::{ErrorCode, FamilyId, Sha256Digest};
use picup_blob::{Blob, BlobError, BlobErrorKind, BlobStore, ByteStream, Hasher};
use tokio::io::AsyncWriteExt;

use crate::{
    App, Error, Result,
    domain::{copy::CopyState, job::LibraryJob},
    storage::{self, RETRY_AFTER, original_key},
    store::library::copies as table,
};

/// Whole originals up to this size are compared with their digest before the first byte is given.
const VERIFY_FIRST_BYTES: u64 = 32 * 1024 * 1024;

/// An original: its digest names it within its family.
#[derive(Clone, Copy, Debug)]
pub struct Original {
    pub family: FamilyId,
    pub digest: Sha256Digest,
    pub bytes: u64,
}

/// Opens an original, or a part of it, in the first store that has it.
///
/// A whole original never ends well with other bytes: a large one breaks off before its last piece.
/// Errors: `StorageUnavailable` when a store that may have it is away, `NotFound` when none has it.
pub async fn open(app: &Arc<App>, original: Original, range: Option<Range<u64>>) -> Result<Blob> {
    let is_large = range.is_none() && original.bytes > VERIFY_FIRST_BYTES;
    let mut away = None;
    for store in read_order(app, original).await? {
        match open_in(&store, original, range.clone()).await {
            Ok(blob) if is_large => return Ok(verified_on_the_way(app, &store, original, blob)),
            Ok(blob) => return Ok(blob),
            Err(error) => {
                note_bad(app, original, &store, &error).await?;
                away = away.or(Some(error).filter(|error| error.kind == BlobErrorKind::Unavailable));
            }
        }
    }
    Err(unreadable(original, away))
}

fn unreadable(original: Original, away: Option<BlobError>) -> Error {
    match away {
        Some(error) => {
            Error::new(ErrorCode::StorageUnavailable).with_source(error).with_retry_after(RETRY_AFTER)
        }
        None => {
            tracing::error!(family = %original.family, sha256 = %original.digest, "no store has an original");
            ErrorCode::NotFound.into()
        }
    }
}

/// Stores by how likely they have it: those the ledger says so first, each group in the order of reading.
async fn read_order(app: &App, original: Original) -> Result<Vec<Arc<dyn BlobStore>>> {
    let ledger = table::of(&mut *app.library.fresh().await?, original.family, &original.digest).await?;
    let is_present = |store: &Arc<dyn BlobStore>| {
        ledger.iter().any(|copy| copy.store == store.name() && copy.state() == CopyState::Present)
    };
    let (mut order, others): (Vec<_>, Vec<_>) =
        app.storage.mirror.stores().iter().cloned().partition(is_present);
    order.extend(others);
    Ok(order)
}

async fn open_in(
    store: &Arc<dyn BlobStore>,
    original: Original,
    range: Option<Range<u64>>,
) -> Result<Blob, BlobError> {
    let key = original_key(original.family, &original.digest);
    if range.is_none() && original.bytes <= VERIFY_FIRST_BYTES {
        store.verify(&key, &storage::expected(&original.digest, original.bytes)).await?;
    }
    let blob = store.get(&key, range).await?;
    if blob.size == original.bytes {
        Ok(blob)
    } else {
        Err(BlobError::new(store.name(), BlobErrorKind::Corrupt))
    }
}

/// Writes a bad copy into the ledger and asks for its repair. A store that is only away changes nothing; one that is
/// there and cannot read these bytes has lost them.
async fn note_bad(
    app: &App,
    original: Original,
    store: &Arc<dyn BlobStore>,
    error: &BlobError,
) -> Result<()> {
    let state = match error.kind {
        BlobErrorKind::NotFound => CopyState::Missing,
        BlobErrorKind::Corrupt => CopyState::Corrupt,
        BlobErrorKind::Unavailable if is_unreadable(store, error).await => CopyState::Corrupt,
        BlobErrorKind::Unavailable | BlobErrorKind::Full => return Ok(()),
    };
    let mut tx = app.library.begin_in(original.family).await?;
    let ledger = table::of(&mut tx, original.family, &original.digest).await?;
    if !ledger.iter().any(|copy| copy.store == store.name() && copy.state() == CopyState::Present) {
        return Ok(());
    }
    tracing::error!(store = store.name(), family = %original.family, sha256 = %original.digest, state = state.word(), "a copy is bad");
    metrics::counter!("storage_bad_copies_total", "store" => store.name().to_owned()).increment(1);
    table::set(&mut tx, original.family, &original.digest, store.name(), state, 0).await?;
    tx.enqueue(&LibraryJob::RepairStore { store: store.name().to_owned() }, app.now()).await?;
    Ok(tx.commit().await?)
}

async fn is_unreadable(store: &Arc<dyn BlobStore>, error: &BlobError) -> bool {
    error.is_device_error() && store.probe().await.is_ok()
}

/// Holds each piece back until the next one came, and the last until the digest is right.
fn verified_on_the_way(app: &Arc<App>, store: &Arc<dyn BlobStore>, original: Original, blob: Blob) -> Blob {
    let reading = Reading {
        app: Arc::clone(app),
        store: Arc::clone(store),
        original,
        stream: blob.stream,
        hasher: Hasher::default(),
        held: None,
    };
    Blob { size: blob.size, range: blob.range, stream: stream::try_unfold(reading, Reading::next).boxed() }
}

struct Reading {
    app: Arc<App>,
    store: Arc<dyn BlobStore>,
    original: Original,
    stream: ByteStream,
    hasher: Hasher,
    held: Option<Bytes>,
}

impl Reading {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, BlobError> {
        while let Some(chunk) = self.stream.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => return Err(noted(&self.app, self.original, &self.store, error).await),
            };
            self.hasher.update(&chunk);
            if let Some(ready) = self.held.replace(chunk) {
                return Ok(Some((ready, self)));
            }
        }
        let Some(last) = self.held.take() else { return Ok(None) };
        if self.hasher.clone().finish() == self.original.digest.0 {
            return Ok(Some((last, self)));
        }
        let error = BlobError::new(self.store.name(), BlobErrorKind::Corrupt);
        Err(noted(&self.app, self.original, &self.store, error).await)
    }
}

/// The error a reader gets, after the ledger got it.
async fn noted(
    app: &Arc<App>,
    original: Original,
    store: &Arc<dyn BlobStore>,
    error: BlobError,
) -> BlobError {
    if let Err(unnoted) = note_bad(app, original, store, &error).await {
        tracing::warn!(error = %unnoted, "a bad copy could not be noted");
    }
    error
}

/// Copies an original into a local file, compared with its digest on the way.
///
/// Errors: as of `open`; the file is then of no use.
pub async fn fetch_original(
    app: &App,
    family: FamilyId,
    digest: &Sha256Digest,
    bytes: u64,
    to: &Path,
) -> Result<()> {
    let original = Original { family, digest: *digest, bytes };
    let mut away = None;
    for store in read_order(app, original).await? {
        let mut file = tokio::fs::File::create(to).await.map_err(Error::internal)?;
        match copy_into(&store, original, &mut file).await? {
            Ok(()) => return Ok(()),
            Err(error) => {
                note_bad(app, original, &store, &error).await?;
                away = away.or(Some(error).filter(|error| error.kind == BlobErrorKind::Unavailable));
            }
        }
    }
    Err(unreadable(original, away))
}

/// The outer error is the local file's, the inner one the store's.
async fn copy_into(
    store: &Arc<dyn BlobStore>,
    original: Original,
    file: &mut tokio::fs::File,
) -> Result<Result<(), BlobError>> {
    let mut stream = match store.get(&original_key(original.family, &original.digest), None).await {
        Ok(blob) => blob.stream,
        Err(error) => return Ok(Err(error)),
    };
    let mut hasher = Hasher::default();
    while let Some(chunk) = stream.next().await {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => return Ok(Err(error)),
        };
        hasher.update(&chunk);
        file.write_all(&chunk).await.map_err(Error::internal)?;
    }
    file.flush().await.map_err(Error::internal)?;
    let right = hasher.finish() == original.digest.0;
    Ok(if right { Ok(()) } else { Err(BlobError::new(store.name(), BlobErrorKind::Corrupt)) })
}

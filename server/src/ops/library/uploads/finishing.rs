//! The last byte is here: compares the digest, writes every store at once, records the photo.
//!
//! Invariant: the photo, its copies and the upload's end are one transaction, after the bytes are durable. Until it
//! commits the spooled file stays, so every step may be interrupted and done again.
//!
//! Invariant: the client's bytes are dropped only after a store took them, or read its own and found the same. The
//! ledger is not asked: it may call copies present that have gone bad since.

use std::time::Duration;

use picup_api::{
    ErrorCode, Sha256Digest,
    photo::{PhotoKind, PhotoSource, Uploader},
};
use picup_blob::{BlobErrorKind, SpooledFile, mirror::Outcome};
use picup_imaging::MediaType;

use super::{Finished, discard, metadata_of, spool_error};
use crate::{
    App, Error, Result,
    config::Accept,
    domain::{copy::CopyState, job::LibraryJob, photo::uploader_from_columns, tus::Metadata},
    ops::library::arrivals::{Arrival, Arrived, record_arrival},
    storage::{self, RETRY_AFTER, spool::Writing},
    store::library::{LibraryTx, blobs, copies, uploads as table, uploads::UploadRow},
};

/// A store that just failed is given a moment before the first repair.
const REPAIR_AFTER: Duration = Duration::from_secs(2);

/// Makes the photo of a complete upload.
pub(super) async fn finish(app: &App, row: &UploadRow, writing: &mut Writing) -> Result<Finished> {
    let metadata = metadata_of(app, row).await?;
    let digest = writing.digest().ok_or_else(|| Error::internal(anyhow::anyhow!("no hash was taken")))?;
    if metadata.sha256.is_some_and(|wanted| wanted != digest) {
        return refuse(app, row, ErrorCode::UploadDigestMismatch).await;
    }
    let head = writing.head(MediaType::HEAD_BYTES).await.map_err(spool_error)?;
    let Some(media_type) = MediaType::sniff(&head) else {
        return refuse(app, row, ErrorCode::UnsupportedMediaType).await;
    };
    let arrival = arrival(row, metadata, digest, media_type);
    // Invariant: nobody removes or repairs these bytes between their being stored and being recorded.
    let held = app.storage.hold(arrival.family, &digest).await?;
    let outcomes = store(app, &arrival, writing).await?;
    match record(app, row, &arrival, &outcomes).await {
        Ok(arrived) => {
            app.storage.spool.remove(row.upload(), row.fence).map_err(spool_error)?;
            held.release().await;
            tracing::info!(photo = %arrived.photo, family = %arrival.family, duplicate = arrived.duplicate, "photo accepted");
            Ok(Finished { photo: arrived.photo, duplicate: arrived.duplicate })
        }
        Err(error) if matches!(error.code(), ErrorCode::QuotaExceeded | ErrorCode::NotFound) => {
            take_back(app, &arrival, &outcomes).await?;
            refuse(app, row, error.code()).await
        }
        Err(error) => Err(error),
    }
}

/// For good: the upload is gone, its client need not try again.
async fn refuse(app: &App, row: &UploadRow, code: ErrorCode) -> Result<Finished> {
    discard(app, row).await?;
    Err(code.into())
}

fn arrival(row: &UploadRow, metadata: Metadata, digest: Sha256Digest, media_type: MediaType) -> Arrival {
    let uploader = uploader_from_columns(&row.uploader_kind, row.uploader_id);
    let usual_source = match uploader {
        Uploader::Member { .. } => PhotoSource::Web,
        Uploader::Frame { .. } => PhotoSource::Frame,
    };
    Arrival {
        family: row.family(),
        sha256: digest,
        bytes: row.length(),
        media_type: media_type.mime().to_owned(),
        kind: if media_type.is_video() { PhotoKind::Video } else { PhotoKind::Still },
        source: metadata.source.unwrap_or(usual_source),
        filename: metadata.filename,
        uploader,
        album: metadata.album,
    }
}

/// Writes the stores; one that has the bytes compares them instead. Errors when fewer have them then than the
/// configuration asks.
async fn store(app: &App, arrival: &Arrival, writing: &Writing) -> Result<Vec<Outcome>> {
    let key = storage::original_key(arrival.family, &arrival.sha256);
    let file = SpooledFile { path: writing.path(), hashed: true };
    let expected = storage::expected(&arrival.sha256, arrival.bytes);
    let outcomes = app.storage.mirror.put(&key, &file, &expected).await;
    for (store, error) in
        outcomes.iter().filter_map(|outcome| Some((&outcome.store, outcome.result.as_ref().err()?)))
    {
        tracing::warn!(store, error = storage::cause(error), "a store did not take an original");
    }
    let taken = outcomes.iter().filter(|outcome| outcome.result.is_ok()).count();
    let wanted = match app.storage.accept {
        Accept::Any => 1,
        Accept::All => outcomes.len(),
    };
    if taken >= wanted { Ok(outcomes) } else { Err(refusal(&outcomes)) }
}

fn refusal(outcomes: &[Outcome]) -> Error {
    let mut failures = outcomes.iter().filter_map(|outcome| outcome.result.as_ref().err());
    let full = failures.all(|error| error.kind == BlobErrorKind::Full);
    let code = if full { ErrorCode::StorageFull } else { ErrorCode::StorageUnavailable };
    Error::new(code).with_retry_after(RETRY_AFTER)
}

async fn record(app: &App, row: &UploadRow, arrival: &Arrival, outcomes: &[Outcome]) -> Result<Arrived> {
    let mut tx = app.library.begin_in(arrival.family).await?;
    let arrived = record_arrival(app, &mut tx, arrival).await?;
    blobs::ensure(&mut tx, arrival.family, &arrival.sha256, arrival.bytes, app.now()).await?;
    for outcome in outcomes {
        record_copy(app, &mut tx, arrival, outcome).await?;
    }
    if !table::finish(&mut tx, row, arrived.photo, arrived.duplicate).await? {
        return Err(ErrorCode::UploadLocked.into());
    }
    tx.commit().await?;
    Ok(arrived)
}

async fn record_copy(app: &App, tx: &mut LibraryTx, arrival: &Arrival, outcome: &Outcome) -> Result<()> {
    let now = app.now();
    let (family, digest, store) = (arrival.family, &arrival.sha256, &outcome.store);
    match &outcome.result {
        Ok(()) => copies::set(tx, family, digest, store, CopyState::Present, now).await?,
        Err(_) => {
            copies::set(tx, family, digest, store, CopyState::Missing, 0).await?;
            tx.enqueue_in(&LibraryJob::RepairStore { store: store.clone() }, now, REPAIR_AFTER).await?;
        }
    }
    Ok(())
}

/// Has the bytes of a refused photo removed, unless a recorded one needs them.
async fn take_back(app: &App, arrival: &Arrival, outcomes: &[Outcome]) -> Result<()> {
    let mut tx = app.library.begin_in(arrival.family).await?;
    if blobs::bytes(&mut tx, arrival.family, &arrival.sha256).await?.is_some() {
        return Ok(());
    }
    for outcome in outcomes.iter().filter(|outcome| outcome.result.is_ok()) {
        copies::set(&mut tx, arrival.family, &arrival.sha256, &outcome.store, CopyState::Deleting, 0).await?;
        tx.enqueue(&LibraryJob::RemoveBytes { store: outcome.store.clone() }, app.now()).await?;
    }
    Ok(tx.commit().await?)
}

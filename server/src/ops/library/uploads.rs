//! Uploads: created, sent in pieces, asked about, given up.
//!
//! The last byte makes a photo: see `finishing`. Nothing here answers before what it says is on disk.

mod finishing;
mod receiving;
mod taking;

use bytes::Bytes;
use futures::Stream;
use picup_api::{ErrorCode, FamilyId, PhotoId, UploadId};
use uuid::Uuid;

use super::families;
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        photo::{uploader_columns, uploader_of},
        tus::{self, Checksum, Metadata, MetadataFault},
    },
    storage::spool::Writing,
    store::{
        Connection,
        library::{albums, families as families_table, photos, uploads as table, uploads::UploadRow},
    },
};

use taking::InHand;

const HOUR_MILLIS: i64 = 3_600_000;
/// Of an upload nobody but its creator has taken up yet.
const FIRST_FENCE: i64 = 1;
/// Expired uploads removed in one job.
const EXPIRE_BATCH: u32 = 500;

/// What tus says about an upload.
#[derive(Clone, Debug)]
pub struct UploadState {
    pub upload: UploadId,
    /// Bytes that are here.
    pub offset: u64,
    pub length: u64,
    /// The client's `Upload-Metadata`, unchanged.
    pub metadata: String,
    /// Epoch milliseconds.
    pub expires_at: i64,
    pub finished: Option<Finished>,
}

/// What an upload became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    pub photo: PhotoId,
    pub duplicate: bool,
}

/// One piece on its way.
pub struct Piece<B> {
    /// Where the client believes it belongs.
    pub offset: u64,
    /// `Content-Length`, if told.
    pub length: Option<u64>,
    pub checksum: Option<Checksum>,
    pub body: B,
}

/// Errors: `ValidationFailed`, `UploadTooLarge`, `QuotaExceeded`, and `NotFound` for a foreign family or album.
pub async fn create(app: &App, caller: &Caller, length: u64, header: &str) -> Result<UploadState> {
    let metadata = parse(header)?;
    caller.allow(metadata.family, Act::Upload)?;
    if length > app.config.limits.max_upload_bytes {
        return Err(ErrorCode::UploadTooLarge.into());
    }
    check_room_and_album(app, &metadata, length).await?;
    let row = new_row(app, caller, metadata.family, length)?;
    let mut tx = app.library.begin().await?;
    let key = families::key_at_first_use(app, &mut tx, metadata.family).await?;
    let row = UploadRow { metadata: key.seal(&sealed_in(row.id), header)?, ..row };
    table::insert(&mut tx, &row).await?;
    tx.commit().await?;
    app.storage.spool.begin(row.upload(), row.fence);
    Ok(state(&row, 0, header.to_owned()))
}

fn parse(header: &str) -> Result<Metadata> {
    tus::parse_metadata(header).map_err(|fault| match fault {
        MetadataFault::Malformed => Error::new(ErrorCode::MalformedRequest).with_detail("Upload-Metadata"),
        MetadataFault::Fields(fields) => Error::invalid(fields),
    })
}

/// Refuses early what would be refused after gigabytes. The transaction that records the photo decides.
async fn check_room_and_album(app: &App, metadata: &Metadata, length: u64) -> Result<()> {
    let mut reader = app.library.fresh().await?;
    if let Some(album) = metadata.album {
        let found = albums::find(&mut reader, album).await?;
        found.filter(|album| album.family() == metadata.family).ok_or(ErrorCode::NotFound)?;
    }
    if let Some(digest) = &metadata.sha256
        && photos::find_by_digest(&mut reader, metadata.family, digest).await?.is_some()
    {
        return Ok(());
    }
    let family = families_table::find(&mut reader, metadata.family).await?;
    let free = family.map_or(i64::MAX, |family| family.quota_bytes - family.usage_bytes);
    if i64::try_from(length).is_ok_and(|length| length <= free) {
        Ok(())
    } else {
        Err(ErrorCode::QuotaExceeded.into())
    }
}

fn new_row(app: &App, caller: &Caller, family: FamilyId, length: u64) -> Result<UploadRow> {
    let (uploader_kind, uploader_id) = uploader_columns(&uploader_of(caller.actor));
    let now = app.now();
    Ok(UploadRow {
        id: Uuid::now_v7(),
        family_id: family.0,
        uploader_kind: uploader_kind.to_owned(),
        uploader_id,
        bytes: i64::try_from(length).map_err(Error::internal)?,
        metadata: Vec::new(),
        photo_id: None,
        duplicate: false,
        created_at: now,
        expires_at: now + expiry_millis(app),
        fence: FIRST_FENCE,
    })
}

fn expiry_millis(app: &App) -> i64 {
    i64::from(app.config.limits.upload_expiry_hours) * HOUR_MILLIS
}

fn sealed_in(upload: Uuid) -> String {
    format!("uploads.metadata:{upload}")
}

fn state(row: &UploadRow, offset: u64, metadata: String) -> UploadState {
    UploadState {
        upload: row.upload(),
        offset,
        length: row.length(),
        metadata,
        expires_at: row.expires_at,
        finished: finished(row),
    }
}

fn finished(row: &UploadRow) -> Option<Finished> {
    row.photo_id.map(|photo| Finished { photo: PhotoId(photo), duplicate: row.duplicate })
}

/// Appends a piece. The piece that completes the file makes the photo before this returns.
///
/// Errors: `UploadLocked`, `UploadOffsetMismatch`, `UploadTooLarge`, `UploadChecksumMismatch`; at the end also
/// `UploadDigestMismatch`, `UnsupportedMediaType`, `QuotaExceeded` (the upload is gone), `StorageUnavailable` and
/// `StorageFull` (what was received stays: send an empty piece to try again).
pub async fn append<B, E>(
    app: &App,
    caller: &Caller,
    upload: UploadId,
    mut piece: Piece<B>,
) -> Result<UploadState>
where
    B: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    E: Into<anyhow::Error>,
{
    let outcome = take_piece(app, caller, upload, &mut piece).await;
    if outcome.is_err() {
        receiving::drain(&mut piece.body).await;
    }
    outcome
}

async fn take_piece<B, E>(
    app: &App,
    caller: &Caller,
    upload: UploadId,
    piece: &mut Piece<B>,
) -> Result<UploadState>
where
    B: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    E: Into<anyhow::Error>,
{
    let InHand { mut row, mut writing } = taking::try_take(app, caller, upload).await?;
    let keep = writing.keep();
    let outcome = tokio::select! {
        outcome = take_bytes(app, &mut row, &mut writing, piece) => outcome,
        never = keep => match never {},
    };
    writing.release().await;
    outcome
}

async fn take_bytes<B, E>(
    app: &App,
    row: &mut UploadRow,
    writing: &mut Writing,
    piece: &mut Piece<B>,
) -> Result<UploadState>
where
    B: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    E: Into<anyhow::Error>,
{
    if let Some(done) = finished(row) {
        return if piece.offset == row.length() { Ok(done_state(row, done)) } else { Err(mismatch()) };
    }
    let at = writing.prepare().await.map_err(lost_or_failed)?;
    if piece.offset != at {
        return Err(mismatch());
    }
    receiving::receive(app, writing, row.length() - at.min(row.length()), piece).await?;
    let offset = writing.offset().await.map_err(spool_error)?;
    if offset == row.length() {
        if !writing.insist().await {
            return Err(ErrorCode::UploadLocked.into());
        }
        let done = finishing::finish(app, row, writing).await?;
        return Ok(done_state(row, done));
    }
    writing.sync().await.map_err(spool_error)?;
    taking::check_fence(app, row).await?;
    postpone_expiry(app, row).await?;
    Ok(state(row, offset, String::new()))
}

fn done_state(row: &UploadRow, done: Finished) -> UploadState {
    UploadState { finished: Some(done), ..state(row, row.length(), String::new()) }
}

fn mismatch() -> Error {
    ErrorCode::UploadOffsetMismatch.into()
}

/// Writes the new end only when an hour has passed, so that small pieces do not cost a commit each.
async fn postpone_expiry(app: &App, row: &mut UploadRow) -> Result<()> {
    let expires_at = app.now() + expiry_millis(app);
    if expires_at - row.expires_at < HOUR_MILLIS {
        return Ok(());
    }
    let mut tx = app.library.begin().await?;
    table::postpone_expiry(&mut tx, row.upload(), expires_at).await?;
    tx.commit().await?;
    row.expires_at = expires_at;
    Ok(())
}

/// How far an upload is. A request that still writes to it is stopped: its client came back to ask.
pub async fn read(app: &App, caller: &Caller, upload: UploadId) -> Result<UploadState> {
    let InHand { row, mut writing } = taking::take_over(app, caller, upload).await?;
    let key = families::key(app, &mut *app.library.fresh().await?, row.family()).await?;
    let metadata = key.open(&sealed_in(row.id), &row.metadata)?;
    let offset = match row.photo_id {
        Some(_) => row.length(),
        None => writing.offset().await.map_err(spool_error)?,
    };
    writing.release().await;
    Ok(state(&row, offset, metadata))
}

/// Gives an upload up. The photo a finished one became stays.
pub async fn terminate(app: &App, caller: &Caller, upload: UploadId) -> Result<()> {
    let InHand { row, writing } = taking::take_over(app, caller, upload).await?;
    discard(app, &row).await?;
    writing.release().await;
    Ok(())
}

/// Errors: `UploadLocked` when somebody has claimed it since.
async fn discard(app: &App, row: &UploadRow) -> Result<()> {
    let mut tx = app.library.begin().await?;
    if !table::remove(&mut tx, row).await? {
        return Err(ErrorCode::UploadLocked.into());
    }
    tx.commit().await?;
    app.storage.spool.remove(row.upload(), row.fence).map_err(spool_error)
}

/// Job body: removes uploads whose time is over, and files that belong to none. Safe to run twice.
pub async fn expire(app: &App) -> Result<()> {
    // Invariant: files are listed before rows are read, and rows are written before files.
    let files = app.storage.spool.list().map_err(spool_error)?;
    let mut reader = app.library.fresh().await?;
    let expired = table::expired(&mut reader, app.now(), EXPIRE_BATCH).await?;
    let unfinished = table::unfinished(&mut reader).await?;
    drop(reader);
    for file in files.into_iter().filter(|file| !unfinished.contains(&file.0)) {
        if let Some(writing) = app.storage.spool.try_take(file).await {
            app.storage.spool.remove_all(file).map_err(spool_error)?;
            writing.release().await;
        }
    }
    for upload in expired.into_iter().map(UploadId) {
        expire_one(app, upload).await?;
    }
    Ok(())
}

/// Whoever writes to it has until the next run.
async fn expire_one(app: &App, upload: UploadId) -> Result<()> {
    let Some(writing) = app.storage.spool.try_take(upload).await else { return Ok(()) };
    let row = table::find(&mut *app.library.fresh().await?, upload).await?;
    if let Some(row) = row.filter(|row| row.expires_at <= app.now()) {
        discard(app, &row).await?;
    }
    writing.release().await;
    Ok(())
}

async fn own(connection: &mut Connection, app: &App, caller: &Caller, upload: UploadId) -> Result<UploadRow> {
    let row = table::find(connection, upload).await?.ok_or(ErrorCode::NotFound)?;
    caller.allow(row.family(), Act::Upload)?;
    if row.expires_at <= app.now() {
        return Err(ErrorCode::UploadExpired.into());
    }
    Ok(row)
}

/// The spool's disk failed or is full.
fn spool_error(error: std::io::Error) -> Error {
    picup_blob::BlobError::from_io("spool", error).into()
}

/// Another process has taken the upload over, or the spool's disk failed.
fn lost_or_failed(error: std::io::Error) -> Error {
    use std::io::ErrorKind::{NotFound, WouldBlock};
    if matches!(error.kind(), NotFound | WouldBlock) {
        return Error::new(ErrorCode::UploadLocked).with_source(error);
    }
    spool_error(error)
}

/// Opens the client's metadata. Invariant: it was readable when the upload was created.
async fn metadata_of(app: &App, row: &UploadRow) -> Result<Metadata> {
    let key = families::key(app, &mut *app.library.fresh().await?, row.family()).await?;
    parse(&key.open(&sealed_in(row.id), &row.metadata)?)
}

/// Whether a piece may still be written to.
fn is_wanted(writing: &Writing) -> bool {
    !writing.stopped.is_cancelled()
}

//! A photo comes into the library: its bytes are stored, later it is rendered.

use picup_api::{
    AlbumId, ErrorCode, FamilyId, PhotoId, Sha256Digest, Timestamp,
    change::ChangeKind,
    photo::{PhotoKind, PhotoSource, PhotoState, Place, Uploader},
    time::TakenAt,
};
use uuid::Uuid;

use super::{
    album_photos, families,
    photos::set_taken,
    trash,
    view::{self, CAMERA, CAPTION, FILENAME, PLACE},
};
use crate::{
    App, Error, Result,
    domain::{
        job::LibraryJob,
        photo::{kind_word, precision_word, source_word, state_word, uploader_columns},
        taken_at::Taken,
        text::Filename,
    },
    seal::DataKey,
    store::library::{
        LibraryTx, albums, families as families_table,
        photos::{self, PhotoRow},
    },
};

/// An original whose bytes are in a store.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub family: FamilyId,
    pub sha256: Sha256Digest,
    pub bytes: u64,
    pub media_type: String,
    pub kind: PhotoKind,
    pub source: PhotoSource,
    pub filename: Filename,
    pub uploader: Uploader,
    pub album: Option<AlbumId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    pub photo: PhotoId,
    /// The family had these bytes: nothing was added.
    pub duplicate: bool,
}

/// Records a photo in the caller's transaction. The same bytes again are the same photo, back from the trash if it
/// was there. Errors: `QuotaExceeded`, `NotFound` for a deleted family.
pub async fn record_arrival(app: &App, tx: &mut LibraryTx, arrival: &Arrival) -> Result<Arrived> {
    let now = app.now();
    let key = families::key_at_first_use(app, tx, arrival.family).await?;
    let known = photos::find_by_digest(tx, arrival.family, &arrival.sha256).await?;
    let duplicate = known.is_some();
    let photo = match known {
        Some(row) => welcome_back(tx, row, now).await?,
        None => add(tx, &key, arrival, now).await?,
    };
    link_to_album(tx, arrival, photo, now).await?;
    Ok(Arrived { photo, duplicate })
}

async fn welcome_back(tx: &mut LibraryTx, mut row: PhotoRow, now: i64) -> Result<PhotoId> {
    if row.trashed_at.is_some() {
        trash::take_out(tx, &mut row, now).await?;
    }
    // Its rendering may have been given up; when it still waits, this is the same job.
    if row.state == state_word(PhotoState::Processing) {
        tx.enqueue(&LibraryJob::Render { photo: row.photo(), family: Some(row.family()) }, now).await?;
    }
    Ok(row.photo())
}

async fn add(tx: &mut LibraryTx, key: &DataKey, arrival: &Arrival, now: i64) -> Result<PhotoId> {
    let bytes = i64::try_from(arrival.bytes).map_err(|_| ErrorCode::QuotaExceeded)?;
    if !families_table::take_quota(tx, arrival.family, bytes).await? {
        return Err(ErrorCode::QuotaExceeded.into());
    }
    let row = new_row(key, arrival, bytes, now)?;
    let photo = row.photo();
    photos::insert(tx, &row).await?;
    tx.record_change(arrival.family, ChangeKind::PhotoAdded { photo_id: photo }, now).await?;
    tx.enqueue(&LibraryJob::Render { photo, family: Some(arrival.family) }, now).await?;
    Ok(photo)
}

fn new_row(key: &DataKey, arrival: &Arrival, bytes: i64, now: i64) -> Result<PhotoRow> {
    let id = Uuid::now_v7();
    let taken = Taken::unknown(Timestamp::from_millis(now));
    let (keys, wire) = (taken.keys(), taken.to_wire());
    let (uploader_kind, uploader_id) = uploader_columns(&arrival.uploader);
    Ok(PhotoRow {
        id,
        family_id: arrival.family.0,
        sha256: arrival.sha256.0.to_vec(),
        bytes,
        state: state_word(PhotoState::Processing).to_owned(),
        kind: kind_word(arrival.kind).to_owned(),
        source: source_word(arrival.source).to_owned(),
        media_type: arrival.media_type.clone(),
        filename: view::seal(key, FILENAME, id, arrival.filename.as_str())?,
        caption: view::seal(key, CAPTION, id, "")?,
        people: None,
        camera: None,
        place: None,
        taken_local: wire.local,
        taken_precision: precision_word(wire.precision).to_owned(),
        taken_offset: wire.offset,
        taken_by_hand: false,
        taken_sort: keys.sort,
        taken_month: keys.month,
        taken_day: keys.day,
        width: 0,
        height: 0,
        duration_ms: None,
        thumbhash: None,
        phash: None,
        uploader_kind: uploader_kind.to_owned(),
        uploader_id,
        hearts: 0,
        comments: 0,
        trashed_at: None,
        purge_at: None,
        created_at: now,
        hidden: false,
        removal_proposed: false,
    })
}

/// The album may be gone or full by now: a photo is not refused for that.
async fn link_to_album(tx: &mut LibraryTx, arrival: &Arrival, photo: PhotoId, now: i64) -> Result<()> {
    let Some(album) = arrival.album else { return Ok(()) };
    let Some(row) = albums::find(tx, album).await? else { return Ok(()) };
    if row.family() != arrival.family {
        return Ok(());
    }
    match album_photos::append(tx, &row, &[photo], now).await {
        Err(error) if error.code() == ErrorCode::ValidationFailed => Ok(()),
        appended => appended,
    }
}

/// What rendering found out about an original.
#[derive(Clone, Debug)]
pub struct Rendered {
    pub kind: PhotoKind,
    pub media_type: String,
    /// Pixels, upright.
    pub width: u32,
    pub height: u32,
    pub duration_seconds: Option<f64>,
    pub camera: Option<String>,
    pub place: Option<Place>,
    pub taken_at: Option<TakenAt>,
    pub thumbhash: Vec<u8>,
    pub phash: Option<Vec<u8>>,
}

/// The photo can be shown. A date set by hand stays; a photo or family that is gone meanwhile is no error.
pub async fn record_rendered(app: &App, photo: PhotoId, rendered: &Rendered) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let Some(mut row) = photos::find(&mut tx, photo).await? else { return Ok(()) };
    let key = match families::key(app, &mut tx, row.family()).await {
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(()),
        key => key?,
    };
    fill_in(&key, &mut row, rendered)?;
    photos::update_rendered(&mut tx, &row).await?;
    // A date no calendar has is as good as none.
    let taken = rendered.taken_at.as_ref().and_then(|taken| Taken::parse(taken).ok());
    if let Some(taken) = taken.filter(|_| !row.taken_by_hand) {
        set_taken(&mut tx, &mut row, &taken).await?;
    }
    tx.record_change(row.family(), ChangeKind::PhotoUpdated { photo_id: photo }, app.now()).await?;
    Ok(tx.commit().await?)
}

fn fill_in(key: &DataKey, row: &mut PhotoRow, rendered: &Rendered) -> Result<()> {
    let seal = |column, text: &str| view::seal(key, column, row.id, text);
    row.camera = rendered.camera.as_deref().map(|camera| seal(CAMERA, camera)).transpose()?;
    let place = rendered.place.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    row.place = place.as_deref().map(|place| seal(PLACE, place)).transpose()?;
    row.state = state_word(PhotoState::Ready).to_owned();
    row.kind = kind_word(rendered.kind).to_owned();
    row.media_type.clone_from(&rendered.media_type);
    row.width = rendered.width;
    row.height = rendered.height;
    row.duration_ms = rendered.duration_seconds.map(millis);
    row.thumbhash = Some(rendered.thumbhash.clone());
    row.phash.clone_from(&rendered.phash);
    Ok(())
}

#[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest number there is")]
fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

/// The photo cannot be decoded: it stays stored, and members see that it is broken.
pub async fn record_broken(app: &App, photo: PhotoId) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let Some(row) = photos::find(&mut tx, photo).await? else { return Ok(()) };
    photos::update_state(&mut tx, photo, state_word(PhotoState::Broken)).await?;
    tx.record_change(row.family(), ChangeKind::PhotoUpdated { photo_id: photo }, app.now()).await?;
    Ok(tx.commit().await?)
}

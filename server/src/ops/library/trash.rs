//! The trash: thirty days in which a photo can come back.

use std::time::Duration;

use picup_api::{PhotoId, change::ChangeKind, photo::Photo};

use super::{photos::find, view};
use crate::{
    App, Result,
    domain::{
        access::{Act, Caller},
        job::LibraryJob,
    },
    store::library::{
        LibraryTx, album_photos, blobs, comments, families, hearts,
        photos::{self, PhotoRow},
        voices,
    },
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Into the trash; once more does nothing.
pub async fn trash(app: &App, caller: &Caller, photo: PhotoId) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let row = find(&mut tx, caller, photo, Act::Trash).await?;
    if row.trashed_at.is_some() {
        return Ok(());
    }
    let (now, wait) = (app.now(), DAY * app.config.limits.trash_days);
    photos::update_trash(&mut tx, photo, Some(now), Some(now + millis(wait))).await?;
    tx.record_change(row.family(), ChangeKind::PhotoTrashed { photo_id: photo }, now).await?;
    tx.enqueue_in(&LibraryJob::PurgePhoto { photo }, now, wait).await?;
    Ok(tx.commit().await?)
}

/// Back out of the trash, into the albums and hearts it had; once more does nothing.
pub async fn restore(app: &App, caller: &Caller, photo: PhotoId) -> Result<Photo> {
    let mut tx = app.library.begin_in(photo).await?;
    let mut row = find(&mut tx, caller, photo, Act::Trash).await?;
    if row.trashed_at.is_some() {
        take_out(&mut tx, &mut row, app.now()).await?;
    }
    let shown = view::one(app, &mut tx, caller, &row).await?;
    tx.commit().await?;
    Ok(shown)
}

pub(crate) async fn take_out(tx: &mut LibraryTx, row: &mut PhotoRow, now: i64) -> Result<()> {
    (row.trashed_at, row.purge_at) = (None, None);
    photos::update_trash(tx, row.photo(), None, None).await?;
    let change = ChangeKind::PhotoRestored { photo_id: row.photo() };
    Ok(tx.record_change(row.family(), change, now).await?)
}

/// Job body: removes a photo whose time in the trash is over. One that was restored stays; one that was trashed
/// again meanwhile waits for its new time.
pub async fn purge(app: &App, photo: PhotoId) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let now = app.now();
    let Some(row) = photos::find(&mut tx, photo).await? else { return Ok(()) };
    let Some(purge_at) = row.purge_at else { return Ok(()) };
    if let Ok(wait @ 1..) = u64::try_from(purge_at - now) {
        tx.enqueue_in(&LibraryJob::PurgePhoto { photo }, now, Duration::from_millis(wait)).await?;
        return Ok(tx.commit().await?);
    }
    remove_rows_and_bytes(app, &mut tx, &row).await?;
    tx.record_change(row.family(), ChangeKind::PhotoRemoved { photo_id: photo }, now).await?;
    Ok(tx.commit().await?)
}

/// Everything that is known of a photo, and its quota. Its bytes become `deleting`; jobs remove them.
pub(crate) async fn remove_rows_and_bytes(app: &App, tx: &mut LibraryTx, row: &PhotoRow) -> Result<()> {
    let (photo, family, now) = (row.photo(), row.family(), app.now());
    album_photos::remove_photo(tx, photo).await?;
    hearts::remove_photo(tx, photo).await?;
    let spoken: i64 = comments::voice_bytes(tx, photo).await?.iter().sum();
    voices::remove_photo(tx, photo).await?;
    comments::remove_photo(tx, photo).await?;
    photos::remove(tx, photo).await?;
    families::give_back_quota(tx, family, row.bytes + spoken).await?;
    match row.digest() {
        Some(digest) => blobs::release(tx, family, &digest, now).await?,
        // One damaged row must not keep the rest of its family from being erased.
        None => tracing::error!(%photo, %family, "a photo's digest is damaged: no bytes are removed for it"),
    }
    tx.enqueue(&LibraryJob::RemoveRenditions { family, photo }, now).await?;
    Ok(())
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

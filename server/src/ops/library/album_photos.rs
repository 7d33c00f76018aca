//! Which photos an album has, in which order.

use std::collections::HashSet;

use picup_api::{AlbumId, ErrorCode, Page, PhotoId, change::ChangeKind, photo::Photo};
use uuid::Uuid;

use super::{
    albums,
    paging::{PageQuery, Paging, page},
    view,
};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        album::{MAX_PHOTOS, MAX_PHOTOS_PER_REQUEST, Placed, plan_order, positions_after},
        cursor::Cursor,
        photo::Sight,
    },
    store::library::{
        LibraryTx, album_photos,
        albums::{self as albums_table, AlbumRow},
        photos,
    },
};

/// In the album's order.
pub async fn list(app: &App, caller: &Caller, album: AlbumId, query: &PageQuery) -> Result<Page<Photo>> {
    let mut reader = app.library.fresh().await?;
    let row = albums::find(&mut reader, caller, album, Act::Read).await?;
    let sight = Sight::of(caller.actor);
    let paging = Paging::new(app, format!("albums/{album}/photos?{sight:?}"), query, Cursor::FIRST)?;
    let mut rows = album_photos::page(&mut reader, album, sight, paging.after, paging.rows()).await?;
    let next = paging.cut(&mut rows, |row| Cursor { sort: row.position, id: row.photo.id });
    let rows: Vec<_> = rows.into_iter().map(|row| row.photo).collect();
    Ok(page(view::photos(app, &mut reader, caller, row.family(), &rows).await?, next))
}

/// Appends photos; those the album has already stay where they are.
pub async fn add(app: &App, caller: &Caller, album: AlbumId, photos: &[PhotoId]) -> Result<()> {
    check_count(photos)?;
    let mut tx = app.library.begin_in(album).await?;
    let album = albums::find(&mut tx, caller, album, Act::Edit).await?;
    check_all_kept(&mut tx, &album, photos).await?;
    append(&mut tx, &album, photos, app.now()).await?;
    Ok(tx.commit().await?)
}

/// Takes photos out; those not in it are passed over.
pub async fn remove(app: &App, caller: &Caller, album: AlbumId, photos: &[PhotoId]) -> Result<()> {
    check_count(photos)?;
    let mut tx = app.library.begin_in(album).await?;
    let row = albums::find(&mut tx, caller, album, Act::Edit).await?;
    if album_photos::remove(&mut tx, album, photos).await? > 0 {
        record(&mut tx, &row, app.now()).await?;
    }
    Ok(tx.commit().await?)
}

/// Gives the album a new order. Errors: `AlbumOrderMismatch` when `photos` is not exactly what the album has, so that
/// two people who edit it at once cannot lose a photo from it.
pub async fn order(app: &App, caller: &Caller, album: AlbumId, photos: &[PhotoId]) -> Result<()> {
    let mut tx = app.library.begin_in(album).await?;
    let row = albums::find(&mut tx, caller, album, Act::Edit).await?;
    let current = album_photos::positions(&mut tx, album).await?;
    let wanted: Vec<Uuid> = photos.iter().map(|photo| photo.0).collect();
    let writes = plan_order(&current, &wanted).map_err(|_| ErrorCode::AlbumOrderMismatch)?;
    for placed in &writes {
        album_photos::update_position(&mut tx, album, *placed).await?;
    }
    if !writes.is_empty() {
        record(&mut tx, &row, app.now()).await?;
    }
    Ok(tx.commit().await?)
}

/// Appends photos of the album's family within a transaction.
pub(crate) async fn append(tx: &mut LibraryTx, album: &AlbumRow, photos: &[PhotoId], now: i64) -> Result<()> {
    let ids: Vec<Uuid> = photos.iter().map(|photo| photo.0).collect();
    let mut seen: HashSet<Uuid> =
        album_photos::held_among(tx, album.album(), &ids).await?.into_iter().collect();
    let new: Vec<Uuid> = ids.into_iter().filter(|id| seen.insert(*id)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let (last, count) = album_photos::extent(tx, album.album()).await?;
    if usize::try_from(count).unwrap_or(usize::MAX).saturating_add(new.len()) > MAX_PHOTOS {
        return Err(too_many());
    }
    for (photo, position) in new.iter().zip(positions_after(last, new.len())) {
        album_photos::insert(tx, album.album(), Placed { photo: *photo, position }, now).await?;
    }
    record(tx, album, now).await
}

async fn record(tx: &mut LibraryTx, album: &AlbumRow, now: i64) -> Result<()> {
    albums_table::touch(tx, album.album(), now).await?;
    let change = ChangeKind::AlbumPhotosChanged { album_id: album.album() };
    Ok(tx.record_change(album.family(), change, now).await?)
}

fn check_count(photos: &[PhotoId]) -> Result<()> {
    match photos.len() {
        0 => Err(Error::new(ErrorCode::ValidationFailed).with_field("photo_ids", "required")),
        1..=MAX_PHOTOS_PER_REQUEST => Ok(()),
        _ => Err(too_many()),
    }
}

fn too_many() -> Error {
    Error::new(ErrorCode::ValidationFailed).with_field("photo_ids", "too_many")
}

/// Names every photo the family does not have. Errors also: `PhotoTrashed`.
async fn check_all_kept(tx: &mut LibraryTx, album: &AlbumRow, photos: &[PhotoId]) -> Result<()> {
    let ids: Vec<Uuid> = photos.iter().map(|photo| photo.0).collect();
    let rows = photos::find_all(tx, &ids).await?;
    let known: HashSet<Uuid> =
        rows.iter().filter(|row| row.family_id == album.family_id).map(|row| row.id).collect();
    let unknown = ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
    let refusal = unknown.fold(Error::new(ErrorCode::ValidationFailed), |error, (index, _)| {
        error.with_field(format!("photo_ids[{index}]"), "unknown")
    });
    if !refusal.fields().is_empty() {
        return Err(refusal);
    }
    let is_trashed = rows.iter().any(|row| row.trashed_at.is_some());
    if is_trashed { Err(ErrorCode::PhotoTrashed.into()) } else { Ok(()) }
}

//! Albums: made, listed, renamed, removed. Their photos are in `album_photos`.

use std::collections::HashMap;

use picup_api::{
    AlbumId, ErrorCode, FamilyId, Page, PhotoId, Timestamp,
    album::{Album, AlbumPatch, NewAlbum},
    change::ChangeKind,
    photo::Rendition,
};
use uuid::Uuid;

use super::{
    families,
    paging::{PageQuery, Paging, page},
    remembered::remembered,
    view::{self, ALBUM_DESCRIPTION, ALBUM_TITLE},
};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        cursor::Cursor,
        faults::Faults,
        photo::Sight,
        text::{AlbumDescription, AlbumTitle},
    },
    store::{
        Connection,
        library::{
            LibraryTx, album_photos,
            albums::{self, AlbumRow, AlbumSummary},
            photos::{self, PhotoRow},
        },
    },
};

/// Newest first.
pub async fn list(app: &App, caller: &Caller, family: FamilyId, query: &PageQuery) -> Result<Page<Album>> {
    caller.allow(family, Act::Read)?;
    let paging = Paging::new(app, format!("families/{family}/albums"), query, Cursor::LAST)?;
    let read = async {
        let mut reader = app.library.stale_ok().await?;
        let mut rows = albums::page(&mut reader, family, paging.after.id, paging.rows()).await?;
        let next = paging.cut(&mut rows, |row| Cursor { sort: 0, id: row.id });
        Ok(page(show(app, &mut reader, caller, &rows).await?, next))
    };
    if query.cursor.is_some() {
        return read.await;
    }
    let what = format!("albums:{:?}:{}", Sight::of(caller.actor), paging.limit);
    remembered(app, family, &what, Box::pin(read)).await
}

pub async fn read(app: &App, caller: &Caller, album: AlbumId) -> Result<Album> {
    let mut reader = app.library.fresh().await?;
    let row = find(&mut reader, caller, album, Act::Read).await?;
    show_one(app, &mut reader, caller, row).await
}

pub async fn create(app: &App, caller: &Caller, family: FamilyId, new: &NewAlbum) -> Result<Album> {
    caller.allow(family, Act::Edit)?;
    let mut faults = Faults::default();
    let title = faults.take("title", AlbumTitle::parse(&new.title));
    let description = faults.take("description", AlbumDescription::parse(&new.description));
    let (Some(title), Some(description)) = (title, description) else {
        return Err(Error::invalid(faults.into_fields()));
    };
    let (id, now) = (Uuid::now_v7(), app.now());
    let mut tx = app.library.begin_in(family).await?;
    let key = families::key_at_first_use(app, &mut tx, family).await?;
    let row = AlbumRow {
        id,
        family_id: family.0,
        title: view::seal(&key, ALBUM_TITLE, id, title.as_str())?,
        description: view::seal(&key, ALBUM_DESCRIPTION, id, description.as_str())?,
        cover_photo_id: None,
        created_at: now,
        updated_at: now,
    };
    albums::insert(&mut tx, &row).await?;
    tx.record_change(family, ChangeKind::AlbumChanged { album_id: AlbumId(id) }, now).await?;
    let album = show_one(app, &mut tx, caller, row).await?;
    tx.commit().await?;
    Ok(album)
}

pub async fn update(app: &App, caller: &Caller, album: AlbumId, patch: &AlbumPatch) -> Result<Album> {
    let mut tx = app.library.begin_in(album).await?;
    let mut row = find(&mut tx, caller, album, Act::Edit).await?;
    apply(app, &mut tx, &mut row, patch).await?;
    row.updated_at = app.now();
    albums::update(&mut tx, &row).await?;
    tx.record_change(row.family(), ChangeKind::AlbumChanged { album_id: album }, row.updated_at).await?;
    let shown = show_one(app, &mut tx, caller, row).await?;
    tx.commit().await?;
    Ok(shown)
}

/// The photos stay in the family.
pub async fn remove(app: &App, caller: &Caller, album: AlbumId) -> Result<()> {
    let mut tx = app.library.begin_in(album).await?;
    let row = find(&mut tx, caller, album, Act::Edit).await?;
    families::remove_album(&mut tx, album).await?;
    tx.record_change(row.family(), ChangeKind::AlbumRemoved { album_id: album }, app.now()).await?;
    Ok(tx.commit().await?)
}

/// Errors: `NotFound` when there is none in the caller's families, `Forbidden`.
pub(crate) async fn find(
    connection: &mut Connection,
    caller: &Caller,
    album: AlbumId,
    act: Act,
) -> Result<AlbumRow> {
    let row = albums::find(connection, album).await?.ok_or(ErrorCode::NotFound)?;
    caller.allow(row.family(), act)?;
    Ok(row)
}

async fn apply(app: &App, tx: &mut LibraryTx, row: &mut AlbumRow, patch: &AlbumPatch) -> Result<()> {
    let key = families::key(app, tx, row.family()).await?;
    let mut faults = Faults::default();
    let title = patch.title.as_deref().and_then(|text| faults.take("title", AlbumTitle::parse(text)));
    let description = patch.description.as_deref();
    let description = description.and_then(|text| faults.take("description", AlbumDescription::parse(text)));
    faults.require(
        is_possible_cover(tx, row.album(), patch.cover_photo_id).await?,
        "cover_photo_id",
        "unknown",
    );
    let fields = faults.into_fields();
    if !fields.is_empty() {
        return Err(Error::invalid(fields));
    }
    if let Some(title) = title {
        row.title = view::seal(&key, ALBUM_TITLE, row.id, title.as_str())?;
    }
    if let Some(description) = description {
        row.description = view::seal(&key, ALBUM_DESCRIPTION, row.id, description.as_str())?;
    }
    row.cover_photo_id = patch.cover_photo_id.map(|photo| photo.0).or(row.cover_photo_id);
    Ok(())
}

/// A cover is one of the album's photos.
async fn is_possible_cover(tx: &mut LibraryTx, album: AlbumId, cover: Option<PhotoId>) -> Result<bool> {
    let Some(cover) = cover else { return Ok(true) };
    Ok(!album_photos::held_among(tx, album, &[cover.0]).await?.is_empty())
}

async fn show_one(app: &App, connection: &mut Connection, caller: &Caller, row: AlbumRow) -> Result<Album> {
    let shown = show(app, connection, caller, &[row]).await?;
    shown.into_iter().next().ok_or_else(|| ErrorCode::NotFound.into())
}

async fn show(
    app: &App,
    connection: &mut Connection,
    caller: &Caller,
    rows: &[AlbumRow],
) -> Result<Vec<Album>> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let key = families::key(app, connection, first.family()).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let summaries = albums::summaries(connection, &ids, Sight::of(caller.actor)).await?;
    let covers: Vec<Uuid> = summaries.iter().filter_map(AlbumSummary::cover).map(|photo| photo.0).collect();
    let covers = photos::find_all(connection, &covers).await?;
    let covers: HashMap<Uuid, PhotoRow> = covers.into_iter().map(|row| (row.id, row)).collect();
    let summaries: HashMap<Uuid, AlbumSummary> = summaries.into_iter().map(|row| (row.id, row)).collect();
    let shown = rows.iter().map(|row| {
        let summary = summaries.get(&row.id);
        let cover = summary.and_then(AlbumSummary::cover).and_then(|id| covers.get(&id.0));
        Album {
            id: row.album(),
            family_id: row.family(),
            title: view::open(&key, ALBUM_TITLE, row.id, &row.title),
            description: view::open(&key, ALBUM_DESCRIPTION, row.id, &row.description),
            cover_photo_id: cover.map(PhotoRow::photo),
            cover: cover.map(|photo| view::media_link(app, photo, Rendition::Preview, app.now())),
            cover_thumbhash: cover.and_then(view::thumbhash),
            photo_count: summary.map_or(0, |summary| summary.photo_count.unsigned_abs()),
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        }
    });
    Ok(shown.collect())
}

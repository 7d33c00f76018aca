//! The `album_photos` table: which photos an album has, in which order.

use picup_api::{AlbumId, PhotoId};
use uuid::Uuid;

use super::{
    LibraryTx,
    photos::{PhotoRow, select_photos},
};
use crate::{
    domain::{album::Placed, cursor::Cursor, photo::Sight},
    store::{
        Connection, StoreError,
        sql::{self, Builder},
    },
};

/// A photo with its position in the album the page is of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlacedRow {
    #[sqlx(flatten)]
    pub photo: PhotoRow,
    pub position: i64,
}

/// Up to `limit` kept photos after `cursor`, in the album's order.
pub async fn page(
    connection: &mut Connection,
    album: AlbumId,
    sight: Sight,
    cursor: Cursor,
    limit: u32,
) -> Result<Vec<PlacedRow>, StoreError> {
    const PAGE: &str = select_photos!(
        ", ap.position FROM album_photos ap JOIN photos p ON p.id = ap.photo_id \
         WHERE ap.album_id = ? AND ap.position >= ? AND (ap.position > ? OR ap.photo_id > ?) \
         AND p.trashed_at IS NULL AND (p.state = 'ready' OR ?) \
         ORDER BY ap.position, ap.photo_id LIMIT ?"
    );
    let query = sql::query_as(PAGE).bind(album.0).bind(cursor.sort).bind(cursor.sort).bind(cursor.id);
    query.bind(sight == Sight::Everything).bind(limit).fetch_all(connection).await
}

/// Every kept photo's position, ascending.
pub async fn positions(connection: &mut Connection, album: AlbumId) -> Result<Vec<Placed>, StoreError> {
    const POSITIONS: &str = "SELECT ap.photo_id, ap.position FROM album_photos ap \
                             JOIN photos p ON p.id = ap.photo_id \
                             WHERE ap.album_id = ? AND p.trashed_at IS NULL ORDER BY ap.position, ap.photo_id";
    let rows: Vec<(Uuid, i64)> = sql::query_as(POSITIONS).bind(album.0).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(photo, position)| Placed { photo, position }).collect())
}

/// The last position of the album, trashed photos included, and how many rows it has.
pub async fn extent(connection: &mut Connection, album: AlbumId) -> Result<(Option<i64>, i64), StoreError> {
    sql::query_as("SELECT MAX(position), COUNT(*) FROM album_photos WHERE album_id = ?")
        .bind(album.0)
        .fetch_one(connection)
        .await
}

/// Which of `photos` the album has already.
pub async fn held_among(
    connection: &mut Connection,
    album: AlbumId,
    photos: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let mut sql = Builder::new("SELECT photo_id FROM album_photos WHERE album_id = ");
    sql.push_bind(album.0).push(" AND photo_id IN (");
    sql.push_list(photos.iter().copied());
    sql.build_scalar().fetch_all(connection).await
}

pub async fn insert(tx: &mut LibraryTx, album: AlbumId, placed: Placed, now: i64) -> Result<(), StoreError> {
    sql::query("INSERT INTO album_photos (album_id, photo_id, position, added_at) VALUES (?, ?, ?, ?)")
        .bind(album.0)
        .bind(placed.photo)
        .bind(placed.position)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn update_position(tx: &mut LibraryTx, album: AlbumId, placed: Placed) -> Result<(), StoreError> {
    sql::query("UPDATE album_photos SET position = ? WHERE album_id = ? AND photo_id = ?")
        .bind(placed.position)
        .bind(album.0)
        .bind(placed.photo)
        .execute(tx)
        .await?;
    Ok(())
}

/// How many of the photos were in it.
pub async fn remove(tx: &mut LibraryTx, album: AlbumId, photos: &[PhotoId]) -> Result<u64, StoreError> {
    let ids: Vec<Uuid> = photos.iter().map(|photo| photo.0).collect();
    let mut sql = Builder::new("DELETE FROM album_photos WHERE album_id = ");
    sql.push_bind(album.0).push(" AND photo_id IN (");
    sql.push_list(ids.iter().copied());
    sql.build().execute(tx).await
}

pub async fn clear(tx: &mut LibraryTx, album: AlbumId) -> Result<(), StoreError> {
    sql::query("DELETE FROM album_photos WHERE album_id = ?").bind(album.0).execute(tx).await?;
    Ok(())
}

pub async fn remove_photo(tx: &mut LibraryTx, photo: PhotoId) -> Result<(), StoreError> {
    sql::query("DELETE FROM album_photos WHERE photo_id = ?").bind(photo.0).execute(tx).await?;
    Ok(())
}

/// (photo, album) for every album of every photo, albums in order of creation.
pub async fn albums_of(
    connection: &mut Connection,
    photos: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    let mut sql = Builder::new("SELECT photo_id, album_id FROM album_photos WHERE photo_id IN (");
    sql.push_list(photos.iter().copied());
    sql.push(" ORDER BY photo_id, album_id");
    sql.build_as().fetch_all(connection).await
}

//! The `albums` table, and what an album shows of itself in a list.

use picup_api::{AlbumId, FamilyId, PhotoId};
use sqlx::FromRow;
use uuid::Uuid;

use super::LibraryTx;
use crate::{
    domain::photo::Sight,
    store::{
        Connection, StoreError,
        sql::{self, Builder},
    },
};

/// An album as stored; `title` and `description` are sealed.
#[derive(Clone, Debug, FromRow)]
pub struct AlbumRow {
    pub id: Uuid,
    pub family_id: Uuid,
    pub title: Vec<u8>,
    pub description: Vec<u8>,
    pub cover_photo_id: Option<Uuid>,
    pub created_at: i64,
    pub updated_at: i64,
}

impl AlbumRow {
    pub fn album(&self) -> AlbumId {
        AlbumId(self.id)
    }

    pub fn family(&self) -> FamilyId {
        FamilyId(self.family_id)
    }
}

pub async fn find(connection: &mut Connection, album: AlbumId) -> Result<Option<AlbumRow>, StoreError> {
    const FIND: &str = "SELECT id, family_id, title, description, cover_photo_id, created_at, updated_at \
                        FROM albums WHERE id = ?";
    sql::query_as(FIND).bind(album.0).fetch_optional(connection).await
}

/// Newest first, after `before`. Ids are made in order of time.
pub async fn page(
    connection: &mut Connection,
    family: FamilyId,
    before: Uuid,
    limit: u32,
) -> Result<Vec<AlbumRow>, StoreError> {
    const PAGE: &str = "SELECT id, family_id, title, description, cover_photo_id, created_at, updated_at \
                        FROM albums /*! FORCE INDEX (albums_family) */ \
                        WHERE family_id = ? AND id < ? ORDER BY id DESC LIMIT ?";
    sql::query_as(PAGE).bind(family.0).bind(before).bind(limit).fetch_all(connection).await
}

pub async fn insert(tx: &mut LibraryTx, album: &AlbumRow) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO albums (id, family_id, title, description, created_at, updated_at) \
                          VALUES (?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(album.id)
        .bind(album.family_id)
        .bind(album.title.as_slice())
        .bind(album.description.as_slice())
        .bind(album.created_at)
        .bind(album.updated_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn update(tx: &mut LibraryTx, album: &AlbumRow) -> Result<(), StoreError> {
    const UPDATE: &str =
        "UPDATE albums SET title = ?, description = ?, cover_photo_id = ?, updated_at = ? WHERE id = ?";
    sql::query(UPDATE)
        .bind(album.title.as_slice())
        .bind(album.description.as_slice())
        .bind(album.cover_photo_id)
        .bind(album.updated_at)
        .bind(album.id)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn touch(tx: &mut LibraryTx, album: AlbumId, now: i64) -> Result<(), StoreError> {
    sql::query("UPDATE albums SET updated_at = ? WHERE id = ?").bind(now).bind(album.0).execute(tx).await?;
    Ok(())
}

pub async fn remove(tx: &mut LibraryTx, album: AlbumId) -> Result<(), StoreError> {
    sql::query("DELETE FROM albums WHERE id = ?").bind(album.0).execute(tx).await?;
    Ok(())
}

/// What the photos of an album say about it.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct AlbumSummary {
    pub id: Uuid,
    pub photo_count: i64,
    /// The chosen cover, while it is in the album and can be shown.
    pub chosen_cover: Option<Uuid>,
    pub first_photo: Option<Uuid>,
}

impl AlbumSummary {
    pub fn cover(&self) -> Option<PhotoId> {
        self.chosen_cover.or(self.first_photo).map(PhotoId)
    }
}

/// One look for a whole page of albums; stops at the first showable photo of each.
pub async fn summaries(
    connection: &mut Connection,
    albums: &[Uuid],
    sight: Sight,
) -> Result<Vec<AlbumSummary>, StoreError> {
    if albums.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Builder::new(
        "SELECT a.id, (SELECT COUNT(*) FROM album_photos ap JOIN photos p ON p.id = ap.photo_id \
         WHERE ap.album_id = a.id AND p.trashed_at IS NULL AND (p.state = 'ready' OR ",
    );
    sql.push_bind(sight == Sight::Everything);
    sql.push(
        ")) AS photo_count, (SELECT ap.photo_id FROM album_photos ap JOIN photos p ON p.id = ap.photo_id \
         WHERE ap.album_id = a.id AND ap.photo_id = a.cover_photo_id AND p.trashed_at IS NULL \
         AND p.state = 'ready') AS chosen_cover, \
         (SELECT ap.photo_id FROM album_photos ap JOIN photos p ON p.id = ap.photo_id \
         WHERE ap.album_id = a.id AND p.trashed_at IS NULL AND p.state = 'ready' \
         ORDER BY ap.position, ap.photo_id LIMIT 1) AS first_photo FROM albums a WHERE a.id IN (",
    );
    sql.push_list(albums.iter().copied());
    sql.build_as().fetch_all(connection).await
}

/// Some albums of a family: for deleting it bit by bit.
pub async fn any_of(
    connection: &mut Connection,
    family: FamilyId,
    limit: u32,
) -> Result<Vec<AlbumId>, StoreError> {
    let ids: Vec<Uuid> = sql::query_scalar("SELECT id FROM albums WHERE family_id = ? LIMIT ?")
        .bind(family.0)
        .bind(limit)
        .fetch_all(connection)
        .await?;
    Ok(ids.into_iter().map(AlbumId).collect())
}

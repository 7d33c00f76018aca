//! The `hearts` table: at most one per photo and giver.

use picup_api::{FamilyId, PhotoId};
use uuid::Uuid;

use super::LibraryTx;
use crate::store::{
    Connection, StoreError,
    sql::{self, Builder},
};

pub async fn is_given(connection: &mut Connection, photo: PhotoId, giver: Uuid) -> Result<bool, StoreError> {
    let found: Option<i64> = sql::query_scalar("SELECT 1 FROM hearts WHERE photo_id = ? AND giver_id = ?")
        .bind(photo.0)
        .bind(giver)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

pub async fn insert(
    tx: &mut LibraryTx,
    family: FamilyId,
    photo: PhotoId,
    (giver_kind, giver): (&str, Uuid),
    now: i64,
) -> Result<(), StoreError> {
    const INSERT: &str =
        "INSERT INTO hearts (photo_id, giver_id, giver_kind, family_id, created_at) VALUES (?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(photo.0)
        .bind(giver)
        .bind(giver_kind)
        .bind(family.0)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// False when there was none.
pub async fn remove(tx: &mut LibraryTx, photo: PhotoId, giver: Uuid) -> Result<bool, StoreError> {
    let done = sql::query("DELETE FROM hearts WHERE photo_id = ? AND giver_id = ?")
        .bind(photo.0)
        .bind(giver)
        .execute(tx)
        .await?;
    Ok(done > 0)
}

/// Writes the photo's count anew. Called after every change to its hearts.
pub async fn recount(tx: &mut LibraryTx, photo: PhotoId) -> Result<(), StoreError> {
    sql::query("UPDATE photos SET hearts = (SELECT COUNT(*) FROM hearts WHERE photo_id = ?) WHERE id = ?")
        .bind(photo.0)
        .bind(photo.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// Which of `photos` have a heart from `giver`.
pub async fn given_among(
    connection: &mut Connection,
    giver: Uuid,
    photos: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let mut sql = Builder::new("SELECT photo_id FROM hearts WHERE giver_id = ");
    sql.push_bind(giver).push(" AND photo_id IN (");
    sql.push_list(photos.iter().copied());
    sql.build_scalar().fetch_all(connection).await
}

/// (family, photo) of some hearts someone gave.
pub async fn some_by(
    connection: &mut Connection,
    giver: Uuid,
    limit: u32,
) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    sql::query_as("SELECT family_id, photo_id FROM hearts WHERE giver_id = ? ORDER BY photo_id LIMIT ?")
        .bind(giver)
        .bind(limit)
        .fetch_all(connection)
        .await
}

pub async fn remove_photo(tx: &mut LibraryTx, photo: PhotoId) -> Result<(), StoreError> {
    sql::query("DELETE FROM hearts WHERE photo_id = ?").bind(photo.0).execute(tx).await?;
    Ok(())
}

//! The `families` table: data key, quota, and the counter of the change feed.

use picup_api::FamilyId;
use sqlx::FromRow;

use super::LibraryTx;
use crate::store::{Connection, StoreError, sql};

#[derive(Debug, FromRow)]
pub struct FamilyRow {
    /// None once the family was deleted.
    pub wrapped_key: Option<Vec<u8>>,
    pub quota_bytes: i64,
    pub usage_bytes: i64,
    pub last_seq: i64,
    pub deleted_at: Option<i64>,
}

pub async fn find(connection: &mut Connection, family: FamilyId) -> Result<Option<FamilyRow>, StoreError> {
    const FIND: &str =
        "SELECT wrapped_key, quota_bytes, usage_bytes, last_seq, deleted_at FROM families WHERE id = ?";
    sql::query_as(FIND).bind(family.0).fetch_optional(connection).await
}

pub async fn insert(
    tx: &mut LibraryTx,
    family: FamilyId,
    wrapped_key: &[u8],
    quota_bytes: i64,
    now: i64,
) -> Result<(), StoreError> {
    sql::query("INSERT INTO families (id, wrapped_key, quota_bytes, created_at) VALUES (?, ?, ?, ?)")
        .bind(family.0)
        .bind(wrapped_key)
        .bind(quota_bytes)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Adds `bytes` to the usage. False, and nothing added, when the quota does not allow it.
pub async fn take_quota(tx: &mut LibraryTx, family: FamilyId, bytes: i64) -> Result<bool, StoreError> {
    const TAKE: &str = "UPDATE families SET usage_bytes = usage_bytes + ? \
                        WHERE id = ? AND usage_bytes + ? <= quota_bytes";
    let done = sql::query(TAKE).bind(bytes).bind(family.0).bind(bytes).execute(tx).await?;
    Ok(done == 1)
}

pub async fn give_back_quota(tx: &mut LibraryTx, family: FamilyId, bytes: i64) -> Result<(), StoreError> {
    sql::query("UPDATE families SET usage_bytes = usage_bytes - ? WHERE id = ?")
        .bind(bytes)
        .bind(family.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// Counts the change feed one further. None when there is no such family.
pub async fn next_seq(tx: &mut LibraryTx, family: FamilyId) -> Result<Option<i64>, StoreError> {
    sql::query("UPDATE families SET last_seq = last_seq + 1 WHERE id = ?").bind(family.0).execute(tx).await?;
    sql::query_scalar("SELECT last_seq FROM families WHERE id = ?").bind(family.0).fetch_optional(tx).await
}

/// Leaves a row without a key: what was sealed with it cannot be read any more, here and in every backup.
pub async fn bury(tx: &mut LibraryTx, family: FamilyId, now: i64) -> Result<(), StoreError> {
    sql::query("UPDATE families SET wrapped_key = NULL, deleted_at = ? WHERE id = ?")
        .bind(now)
        .bind(family.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// Photos kept or in the trash.
pub async fn count_photos(connection: &mut Connection, family: FamilyId) -> Result<i64, StoreError> {
    sql::query_scalar("SELECT COUNT(*) FROM photos WHERE family_id = ?")
        .bind(family.0)
        .fetch_one(connection)
        .await
}

//! The `families` table.

use picup_api::FamilyId;
use sqlx::FromRow;
use uuid::Uuid;

use super::AccountsTx;
use crate::store::{Connection, StoreError, sql};

/// A stored family; `name` is sealed under `wrapped_key`.
#[derive(Clone, Debug, FromRow)]
pub struct FamilyRow {
    pub id: Uuid,
    pub wrapped_key: Vec<u8>,
    pub name: Vec<u8>,
    pub created_at: i64,
}

pub async fn insert(
    tx: &mut AccountsTx,
    id: FamilyId,
    wrapped_key: &[u8],
    name: &[u8],
    now: i64,
) -> Result<(), StoreError> {
    sql::query("INSERT INTO families (id, wrapped_key, name, created_at) VALUES (?, ?, ?, ?)")
        .bind(id.0)
        .bind(wrapped_key)
        .bind(name)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, id: FamilyId) -> Result<Option<FamilyRow>, StoreError> {
    const FIND: &str = "SELECT id, wrapped_key, name, created_at FROM families WHERE id = ?";
    sql::query_as(FIND).bind(id.0).fetch_optional(connection).await
}

/// Every family, oldest first.
pub async fn list(
    connection: &mut Connection,
    after: Uuid,
    limit: u32,
) -> Result<Vec<FamilyRow>, StoreError> {
    const LIST: &str =
        "SELECT id, wrapped_key, name, created_at FROM families WHERE id > ? ORDER BY id LIMIT ?";
    sql::query_as(LIST).bind(after).bind(limit).fetch_all(connection).await
}

pub async fn rename(tx: &mut AccountsTx, id: FamilyId, sealed: &[u8]) -> Result<(), StoreError> {
    sql::query("UPDATE families SET name = ? WHERE id = ?").bind(sealed).bind(id.0).execute(tx).await?;
    Ok(())
}

/// Sealed; `None` while nothing is noted.
pub async fn birthdays(connection: &mut Connection, id: FamilyId) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<Option<Vec<u8>>> = sql::query_scalar("SELECT birthdays FROM families WHERE id = ?")
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    Ok(found.flatten())
}

pub async fn set_birthdays(tx: &mut AccountsTx, id: FamilyId, sealed: &[u8]) -> Result<(), StoreError> {
    sql::query("UPDATE families SET birthdays = ? WHERE id = ?").bind(sealed).bind(id.0).execute(tx).await?;
    Ok(())
}

/// Takes the family's key with it: what it sealed cannot be read again, also not from a backup.
pub async fn remove(tx: &mut AccountsTx, id: FamilyId) -> Result<(), StoreError> {
    sql::query("DELETE FROM families WHERE id = ?").bind(id.0).execute(tx).await?;
    Ok(())
}

//! The `stores` table: which marker each store had at its first use.

use crate::store::{Connection, StoreError, sql};

use super::LibraryTx;

/// The marker of the store called `name`, if it was used before.
pub async fn marker(connection: &mut Connection, name: &str) -> Result<Option<[u8; 16]>, StoreError> {
    let found: Option<Vec<u8>> = sql::query_scalar("SELECT marker FROM stores WHERE name = ?")
        .bind(name)
        .fetch_optional(connection)
        .await?;
    let read = |bytes: Vec<u8>| {
        bytes.try_into().map_err(|_| StoreError::unreadable(anyhow::anyhow!("a marker's length")))
    };
    found.map(read).transpose()
}

pub async fn insert(tx: &mut LibraryTx, name: &str, marker: [u8; 16], now: i64) -> Result<(), StoreError> {
    sql::query("INSERT INTO stores (name, marker, created_at) VALUES (?, ?, ?)")
        .bind(name)
        .bind(marker.as_slice())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

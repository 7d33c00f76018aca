//! The `signing_keys` table: the key ring of the access tokens.

use sqlx::FromRow;

use super::AccountsTx;
use crate::store::{Connection, StoreError, sql};

/// A stored key; `private` is sealed under `wrapped_key`, and gone once the key is retired.
#[derive(Clone, Debug, FromRow)]
pub struct KeyRow {
    pub id: String,
    pub public: Vec<u8>,
    pub wrapped_key: Option<Vec<u8>>,
    pub private: Option<Vec<u8>>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
}

/// The newest first.
pub async fn list(connection: &mut Connection) -> Result<Vec<KeyRow>, StoreError> {
    const LIST: &str = "SELECT id, public, wrapped_key, private, created_at, expires_at FROM signing_keys \
                        ORDER BY created_at DESC, id";
    sql::query_as(LIST).fetch_all(connection).await
}

pub async fn insert(tx: &mut AccountsTx, key: &KeyRow) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO signing_keys (id, public, wrapped_key, private, created_at, expires_at) \
                          VALUES (?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(&key.id)
        .bind(&key.public)
        .bind(key.wrapped_key.as_deref())
        .bind(key.private.as_deref())
        .bind(key.created_at)
        .bind(key.expires_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove_all(tx: &mut AccountsTx) -> Result<(), StoreError> {
    sql::query("DELETE FROM signing_keys").execute(tx).await?;
    Ok(())
}

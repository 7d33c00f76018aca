//! The `refresh_tokens` table: hashes of the current and the used tokens of each session.

use picup_auth::{Rotation, Salt, TokenHash, UnixMillis, Use};
use sqlx::FromRow;
use uuid::Uuid;

use super::AccountsTx;
use crate::store::{Connection, StoreError, sql};

/// A used token is known as a replay for this long; later it is merely unknown.
const REMEMBERED_MS: i64 = 30 * 86_400 * 1000;

#[derive(FromRow)]
struct TokenRow {
    session_id: Uuid,
    used_at: Option<i64>,
    salt: Option<Vec<u8>>,
}

pub(super) async fn insert(tx: &mut AccountsTx, token: TokenHash, session: Uuid) -> Result<(), StoreError> {
    sql::query("INSERT INTO refresh_tokens (hash, session_id) VALUES (?, ?)")
        .bind(&token.0[..])
        .bind(session)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn find(
    connection: &mut Connection,
    token: TokenHash,
) -> Result<Option<(Uuid, Option<Use>)>, StoreError> {
    const FIND: &str = "SELECT session_id, used_at, salt FROM refresh_tokens WHERE hash = ?";
    let row: Option<TokenRow> = sql::query_as(FIND).bind(&token.0[..]).fetch_optional(connection).await?;
    row.map(|row| Ok((row.session_id, read_use(row.used_at, row.salt)?))).transpose()
}

fn read_use(used_at: Option<i64>, salt: Option<Vec<u8>>) -> Result<Option<Use>, StoreError> {
    let Some(at) = used_at else { return Ok(None) };
    let salt = salt.and_then(|salt| salt.try_into().ok());
    let salt =
        salt.ok_or_else(|| StoreError::unreadable(anyhow::anyhow!("a used token without its salt")))?;
    Ok(Some(Use { at: UnixMillis(at), salt: Salt(salt) }))
}

/// False when the token is not the current one of its session.
pub(super) async fn mark_used(tx: &mut AccountsTx, rotation: &Rotation) -> Result<bool, StoreError> {
    const USE: &str = "UPDATE refresh_tokens SET used_at = ?, salt = ? WHERE hash = ? AND session_id = ? AND used_at IS NULL";
    let done = sql::query(USE)
        .bind(rotation.at.0)
        .bind(&rotation.salt.0[..])
        .bind(&rotation.from.0[..])
        .bind(rotation.session)
        .execute(tx)
        .await?;
    Ok(done == 1)
}

/// Keeps a session that lives for years from growing without bound.
pub(super) async fn forget_used(
    tx: &mut AccountsTx,
    session: Uuid,
    now: UnixMillis,
) -> Result<(), StoreError> {
    sql::query("DELETE FROM refresh_tokens WHERE session_id = ? AND used_at < ?")
        .bind(session)
        .bind(now.0 - REMEMBERED_MS)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn forget_of_expired_sessions(tx: &mut AccountsTx, before: i64) -> Result<(), StoreError> {
    const FORGET: &str =
        "DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE expires_at < ?)";
    sql::query(FORGET).bind(before).execute(tx).await?;
    Ok(())
}

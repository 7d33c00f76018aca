//! The `frame_commands` table: what a frame has not acknowledged yet. Actions are sealed: a message is personal.

use picup_api::{CommandId, FrameId};
use sqlx::FromRow;
use uuid::Uuid;

use super::AccountsTx;
use crate::store::{Connection, StoreError, sql};

#[derive(Clone, Debug, FromRow)]
pub struct CommandRow {
    pub id: Uuid,
    /// Sealed JSON of `FrameAction`.
    pub action: Vec<u8>,
    pub created_at: i64,
    pub expires_at: i64,
}

pub async fn insert(tx: &mut AccountsTx, frame: FrameId, command: &CommandRow) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO frame_commands (id, frame_id, action, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(command.id)
    .bind(frame.0)
    .bind(&command.action)
    .bind(command.created_at)
    .bind(command.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Those that still count, oldest first.
pub async fn pending(
    connection: &mut Connection,
    frame: FrameId,
    now: i64,
) -> Result<Vec<CommandRow>, StoreError> {
    const PENDING: &str = "SELECT id, action, created_at, expires_at FROM frame_commands \
                           WHERE frame_id = ? AND expires_at > ? ORDER BY id";
    sql::query_as(PENDING).bind(frame.0).bind(now).fetch_all(connection).await
}

/// False when the frame has no such command, or had it acknowledged before.
pub async fn remove(tx: &mut AccountsTx, frame: FrameId, id: CommandId) -> Result<bool, StoreError> {
    let done = sql::query("DELETE FROM frame_commands WHERE frame_id = ? AND id = ?")
        .bind(frame.0)
        .bind(id.0)
        .execute(tx)
        .await?;
    Ok(done == 1)
}

pub async fn remove_all_of_frame(tx: &mut AccountsTx, frame: FrameId) -> Result<(), StoreError> {
    sql::query("DELETE FROM frame_commands WHERE frame_id = ?").bind(frame.0).execute(tx).await?;
    Ok(())
}

pub async fn forget_expired(tx: &mut AccountsTx, frame: FrameId, now: i64) -> Result<(), StoreError> {
    sql::query("DELETE FROM frame_commands WHERE frame_id = ? AND expires_at <= ?")
        .bind(frame.0)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

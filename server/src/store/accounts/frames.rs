//! The `frames` table. Names, settings aside, are sealed under the family's key.

use picup_api::{FamilyId, FrameId};
use sqlx::FromRow;
use uuid::Uuid;

use super::AccountsTx;
use crate::store::{Connection, StoreError, sql};

#[derive(Clone, Debug, FromRow)]
pub struct FrameRow {
    pub id: Uuid,
    pub family_id: Uuid,
    pub session_id: Option<Uuid>,
    pub name: Vec<u8>,
    pub hardware_name: Vec<u8>,
    /// JSON of `FrameSettings`.
    pub settings: String,
    pub created_at: i64,
    pub last_seen_at: Option<i64>,
    /// Sealed JSON of `Heartbeat`.
    pub heartbeat: Option<Vec<u8>>,
    /// Of the picture in `frame_pictures`.
    pub picture_at: Option<i64>,
}

/// A frame to store.
pub struct NewFrame {
    pub id: FrameId,
    pub family: FamilyId,
    pub name: Vec<u8>,
    pub hardware_name: Vec<u8>,
    pub settings: String,
}

pub async fn insert(tx: &mut AccountsTx, frame: &NewFrame, now: i64) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO frames (id, family_id, name, hardware_name, settings, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(frame.id.0)
        .bind(frame.family.0)
        .bind(&frame.name)
        .bind(&frame.hardware_name)
        .bind(&frame.settings)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, id: FrameId) -> Result<Option<FrameRow>, StoreError> {
    const FIND: &str = "SELECT id, family_id, session_id, name, hardware_name, settings, created_at, last_seen_at, \
                        heartbeat, picture_at FROM frames WHERE id = ?";
    sql::query_as(FIND).bind(id.0).fetch_optional(connection).await
}

/// The frames of a family, oldest first.
pub async fn of_family(connection: &mut Connection, family: FamilyId) -> Result<Vec<FrameRow>, StoreError> {
    const LIST: &str = "SELECT id, family_id, session_id, name, hardware_name, settings, created_at, last_seen_at, \
                        heartbeat, picture_at FROM frames WHERE family_id = ? ORDER BY id";
    sql::query_as(LIST).bind(family.0).fetch_all(connection).await
}

pub async fn rename(tx: &mut AccountsTx, id: FrameId, sealed: &[u8]) -> Result<(), StoreError> {
    sql::query("UPDATE frames SET name = ? WHERE id = ?").bind(sealed).bind(id.0).execute(tx).await?;
    Ok(())
}

pub async fn set_settings(tx: &mut AccountsTx, id: FrameId, settings: &str) -> Result<(), StoreError> {
    sql::query("UPDATE frames SET settings = ? WHERE id = ?").bind(settings).bind(id.0).execute(tx).await?;
    Ok(())
}

pub async fn set_session(tx: &mut AccountsTx, id: FrameId, session: Uuid) -> Result<(), StoreError> {
    sql::query("UPDATE frames SET session_id = ? WHERE id = ?").bind(session).bind(id.0).execute(tx).await?;
    Ok(())
}

pub async fn record_heartbeat(
    tx: &mut AccountsTx,
    id: FrameId,
    sealed: &[u8],
    now: i64,
) -> Result<(), StoreError> {
    sql::query("UPDATE frames SET heartbeat = ?, last_seen_at = ? WHERE id = ?")
        .bind(sealed)
        .bind(now)
        .bind(id.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// False when there is no such frame.
pub async fn set_picture_at(tx: &mut AccountsTx, id: FrameId, now: i64) -> Result<bool, StoreError> {
    let done =
        sql::query("UPDATE frames SET picture_at = ? WHERE id = ?").bind(now).bind(id.0).execute(tx).await?;
    Ok(done > 0)
}

pub async fn remove(tx: &mut AccountsTx, id: FrameId) -> Result<(), StoreError> {
    sql::query("DELETE FROM frames WHERE id = ?").bind(id.0).execute(tx).await?;
    Ok(())
}

//! The `pairings` table: devices that wait to be approved.

use picup_api::{FamilyId, FrameId};
use sqlx::FromRow;
use uuid::Uuid;

use super::AccountsTx;
use crate::{
    domain::pairing::UserCode,
    store::{Connection, StoreError, sql},
};

#[derive(Clone, Debug, FromRow)]
pub struct PairingRow {
    pub device_code_hash: Vec<u8>,
    pub hardware_name: String,
    pub expires_at: i64,
    pub interval_seconds: i64,
    pub polled_at: Option<i64>,
    pub family_id: Option<Uuid>,
    pub frame_id: Option<Uuid>,
}

/// A pairing to store.
#[derive(Debug)]
pub struct NewPairing {
    pub device_code_hash: [u8; 32],
    pub user_code: UserCode,
    pub hardware_name: String,
    pub expires_at: i64,
    pub interval_seconds: i64,
}

/// Errors: `Duplicate` when another device waits with the same user code.
pub async fn insert(tx: &mut AccountsTx, pairing: &NewPairing, now: i64) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO pairings (device_code_hash, user_code, hardware_name, created_at, expires_at, \
                          interval_seconds) VALUES (?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(&pairing.device_code_hash[..])
        .bind(pairing.user_code.as_str())
        .bind(&pairing.hardware_name)
        .bind(now)
        .bind(pairing.expires_at)
        .bind(pairing.interval_seconds)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, hash: &[u8; 32]) -> Result<Option<PairingRow>, StoreError> {
    const FIND: &str = "SELECT device_code_hash, hardware_name, expires_at, interval_seconds, polled_at, family_id, \
                        frame_id FROM pairings WHERE device_code_hash = ?";
    sql::query_as(FIND).bind(&hash[..]).fetch_optional(connection).await
}

/// A device that waits for approval with this code.
pub async fn find_waiting(
    connection: &mut Connection,
    code: &UserCode,
    now: i64,
) -> Result<Option<PairingRow>, StoreError> {
    const FIND: &str = "SELECT device_code_hash, hardware_name, expires_at, interval_seconds, polled_at, family_id, \
                        frame_id FROM pairings WHERE user_code = ? AND expires_at > ? AND frame_id IS NULL";
    sql::query_as(FIND).bind(code.as_str()).bind(now).fetch_optional(connection).await
}

pub async fn approve(
    tx: &mut AccountsTx,
    hash: &[u8],
    family: FamilyId,
    frame: FrameId,
) -> Result<(), StoreError> {
    sql::query("UPDATE pairings SET family_id = ?, frame_id = ? WHERE device_code_hash = ?")
        .bind(family.0)
        .bind(frame.0)
        .bind(hash)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn record_poll(
    tx: &mut AccountsTx,
    hash: &[u8; 32],
    interval_seconds: i64,
    now: i64,
) -> Result<(), StoreError> {
    sql::query("UPDATE pairings SET polled_at = ?, interval_seconds = ? WHERE device_code_hash = ?")
        .bind(now)
        .bind(interval_seconds)
        .bind(&hash[..])
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove(tx: &mut AccountsTx, hash: &[u8; 32]) -> Result<(), StoreError> {
    sql::query("DELETE FROM pairings WHERE device_code_hash = ?").bind(&hash[..]).execute(tx).await?;
    Ok(())
}

/// A frame that was removed before it fetched its token.
pub async fn remove_of_frame(tx: &mut AccountsTx, frame: FrameId) -> Result<(), StoreError> {
    sql::query("DELETE FROM pairings WHERE frame_id = ?").bind(frame.0).execute(tx).await?;
    Ok(())
}

/// Pairings that ended before `before`; until then a device is told that its code expired.
pub async fn forget_expired(tx: &mut AccountsTx, before: i64) -> Result<(), StoreError> {
    sql::query("DELETE FROM pairings WHERE expires_at < ?").bind(before).execute(tx).await?;
    Ok(())
}

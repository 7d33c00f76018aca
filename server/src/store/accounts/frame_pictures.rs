//! The `frame_pictures` table: the newest picture of each frame's screen, sealed under the family's key.

use picup_api::FrameId;

use super::AccountsTx;
use crate::store::{Connection, StoreError, sql};

/// (media type, sealed picture).
pub async fn find(
    connection: &mut Connection,
    frame: FrameId,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    sql::query_as("SELECT media_type, picture FROM frame_pictures WHERE frame_id = ?")
        .bind(frame.0)
        .fetch_optional(connection)
        .await
}

pub async fn insert(
    tx: &mut AccountsTx,
    frame: FrameId,
    media_type: &str,
    sealed: Vec<u8>,
) -> Result<(), StoreError> {
    sql::query("INSERT INTO frame_pictures (frame_id, media_type, picture) VALUES (?, ?, ?)")
        .bind(frame.0)
        .bind(media_type)
        .bind(sealed)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove(tx: &mut AccountsTx, frame: FrameId) -> Result<(), StoreError> {
    sql::query("DELETE FROM frame_pictures WHERE frame_id = ?").bind(frame.0).execute(tx).await?;
    Ok(())
}

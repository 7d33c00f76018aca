//! The `uploads` table: who sends what, and which photo it became.

use picup_api::{FamilyId, PhotoId, UploadId};
use sqlx::FromRow;
use uuid::Uuid;

use super::LibraryTx;
use crate::store::{Connection, StoreError, sql};

/// An upload; `metadata` is sealed. Times in epoch milliseconds.
#[derive(Clone, Debug, FromRow)]
pub struct UploadRow {
    pub id: Uuid,
    pub family_id: Uuid,
    pub uploader_kind: String,
    pub uploader_id: Uuid,
    pub bytes: i64,
    pub metadata: Vec<u8>,
    /// Set once it is stored.
    pub photo_id: Option<Uuid>,
    pub duplicate: bool,
    pub created_at: i64,
    pub expires_at: i64,
    /// Counts who took it up: what is done under an earlier one counts for nothing.
    pub fence: i64,
}

impl UploadRow {
    pub fn upload(&self) -> UploadId {
        UploadId(self.id)
    }

    pub fn family(&self) -> FamilyId {
        FamilyId(self.family_id)
    }

    /// Bytes of the whole file.
    pub fn length(&self) -> u64 {
        self.bytes.unsigned_abs()
    }
}

pub async fn find(connection: &mut Connection, upload: UploadId) -> Result<Option<UploadRow>, StoreError> {
    const FIND: &str = "SELECT id, family_id, uploader_kind, uploader_id, bytes, metadata, photo_id, duplicate, \
                        created_at, expires_at, fence FROM uploads WHERE id = ?";
    sql::query_as(FIND).bind(upload.0).fetch_optional(connection).await
}

pub async fn insert(tx: &mut LibraryTx, upload: &UploadRow) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO uploads (id, family_id, uploader_kind, uploader_id, bytes, metadata, \
                          created_at, expires_at, fence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(upload.id)
        .bind(upload.family_id)
        .bind(upload.uploader_kind.as_str())
        .bind(upload.uploader_id)
        .bind(upload.bytes)
        .bind(upload.metadata.as_slice())
        .bind(upload.created_at)
        .bind(upload.expires_at)
        .bind(upload.fence)
        .execute(tx)
        .await?;
    Ok(())
}

/// Counts the fence. None when the upload is gone.
pub async fn claim(tx: &mut LibraryTx, upload: UploadId) -> Result<Option<i64>, StoreError> {
    sql::query("UPDATE uploads SET fence = fence + 1 WHERE id = ?").bind(upload.0).execute(tx).await?;
    sql::query_scalar("SELECT fence FROM uploads WHERE id = ?").bind(upload.0).fetch_optional(tx).await
}

/// Remembers which photo an upload became. False when it was claimed under a later fence, or is gone.
pub async fn finish(
    tx: &mut LibraryTx,
    upload: &UploadRow,
    photo: PhotoId,
    duplicate: bool,
) -> Result<bool, StoreError> {
    let done = sql::query("UPDATE uploads SET photo_id = ?, duplicate = ? WHERE id = ? AND fence = ?")
        .bind(photo.0)
        .bind(duplicate)
        .bind(upload.id)
        .bind(upload.fence)
        .execute(tx)
        .await?;
    Ok(done == 1)
}

pub async fn postpone_expiry(
    tx: &mut LibraryTx,
    upload: UploadId,
    expires_at: i64,
) -> Result<(), StoreError> {
    sql::query("UPDATE uploads SET expires_at = ? WHERE id = ?")
        .bind(expires_at)
        .bind(upload.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// False when it was claimed under a later fence, or is gone.
pub async fn remove(tx: &mut LibraryTx, upload: &UploadRow) -> Result<bool, StoreError> {
    let done = sql::query("DELETE FROM uploads WHERE id = ? AND fence = ?")
        .bind(upload.id)
        .bind(upload.fence)
        .execute(tx)
        .await?;
    Ok(done == 1)
}

/// Uploads whose time is over, oldest first.
pub async fn expired(connection: &mut Connection, now: i64, limit: u32) -> Result<Vec<Uuid>, StoreError> {
    const EXPIRED: &str = "SELECT id FROM uploads WHERE expires_at <= ? ORDER BY expires_at LIMIT ?";
    sql::query_scalar(EXPIRED).bind(now).bind(limit).fetch_all(connection).await
}

/// Uploads that still wait for bytes.
pub async fn unfinished(connection: &mut Connection) -> Result<Vec<Uuid>, StoreError> {
    sql::query_scalar("SELECT id FROM uploads WHERE photo_id IS NULL").fetch_all(connection).await
}

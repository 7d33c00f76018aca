//! The `blobs` table: originals by digest within a family.

use picup_api::{FamilyId, Sha256Digest};

use super::{LibraryTx, copies};
use crate::{
    domain::{copy::CopyState, job::LibraryJob},
    store::{Connection, StoreError, sql},
};

/// Its length in bytes.
pub async fn bytes(
    connection: &mut Connection,
    family: FamilyId,
    digest: &Sha256Digest,
) -> Result<Option<u64>, StoreError> {
    let found: Option<i64> = sql::query_scalar("SELECT bytes FROM blobs WHERE family_id = ? AND sha256 = ?")
        .bind(family.0)
        .bind(digest.0.as_slice())
        .fetch_optional(connection)
        .await?;
    Ok(found.map(i64::unsigned_abs))
}

/// Notes a blob; one that is noted already stays as it is.
pub async fn ensure(
    tx: &mut LibraryTx,
    family: FamilyId,
    digest: &Sha256Digest,
    length: u64,
    now: i64,
) -> Result<(), StoreError> {
    if bytes(tx, family, digest).await?.is_some() {
        return Ok(());
    }
    sql::query("INSERT INTO blobs (family_id, sha256, bytes, created_at) VALUES (?, ?, ?, ?)")
        .bind(family.0)
        .bind(digest.0.as_slice())
        .bind(i64::try_from(length).unwrap_or(i64::MAX))
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// No photo needs the bytes any more: their copies are to be removed, by jobs.
pub async fn release(
    tx: &mut LibraryTx,
    family: FamilyId,
    digest: &Sha256Digest,
    now: i64,
) -> Result<(), StoreError> {
    for copy in copies::of(tx, family, digest).await? {
        copies::set(tx, family, digest, &copy.store, CopyState::Deleting, 0).await?;
        tx.enqueue(&LibraryJob::RemoveBytes { store: copy.store }, now).await?;
    }
    Ok(())
}

/// Forgets a blob without copies. One that still has some stays.
pub async fn remove_without_copies(
    tx: &mut LibraryTx,
    family: FamilyId,
    digest: &Sha256Digest,
) -> Result<(), StoreError> {
    if copies::of(tx, family, digest).await?.is_empty() {
        sql::query("DELETE FROM blobs WHERE family_id = ? AND sha256 = ?")
            .bind(family.0)
            .bind(digest.0.as_slice())
            .execute(tx)
            .await?;
    }
    Ok(())
}

//! The `copies` table: the ledger of where bytes are.

use picup_api::{FamilyId, Sha256Digest};
use sqlx::FromRow;
use uuid::Uuid;

use super::LibraryTx;
use crate::{
    domain::copy::CopyState,
    store::{
        Connection, StoreError,
        sql::{self, Builder},
    },
};

/// One copy of one blob. `verified_at` in epoch milliseconds, 0 for never.
#[derive(Clone, Debug, FromRow)]
pub struct CopyRow {
    pub family_id: Uuid,
    pub sha256: Vec<u8>,
    pub store: String,
    pub state: String,
    pub verified_at: i64,
    pub attempts: u32,
    pub last_error: Option<String>,
}

impl CopyRow {
    pub fn family(&self) -> FamilyId {
        FamilyId(self.family_id)
    }

    pub fn state(&self) -> CopyState {
        CopyState::from_word(&self.state)
    }

    /// None when the column does not hold 32 bytes, which no code of ours writes.
    pub fn digest(&self) -> Option<Sha256Digest> {
        Some(Sha256Digest(self.sha256.as_slice().try_into().ok()?))
    }
}

/// The copies of one blob.
pub async fn of(
    connection: &mut Connection,
    family: FamilyId,
    digest: &Sha256Digest,
) -> Result<Vec<CopyRow>, StoreError> {
    const OF: &str = "SELECT family_id, sha256, store, state, verified_at, attempts, last_error FROM copies \
                      WHERE family_id = ? AND sha256 = ? ORDER BY store";
    sql::query_as(OF).bind(family.0).bind(digest.0.as_slice()).fetch_all(connection).await
}

/// Writes the state of a copy, noted before or not; counting starts anew.
pub async fn set(
    tx: &mut LibraryTx,
    family: FamilyId,
    digest: &Sha256Digest,
    store: &str,
    state: CopyState,
    verified_at: i64,
) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE copies SET state = ?, verified_at = ?, attempts = 0, last_error = NULL \
                          WHERE family_id = ? AND sha256 = ? AND store = ?";
    let updated = sql::query(UPDATE)
        .bind(state.word())
        .bind(verified_at)
        .bind(family.0)
        .bind(digest.0.as_slice())
        .bind(store)
        .execute(tx)
        .await?;
    if updated == 0 {
        sql::query(
            "INSERT INTO copies (family_id, sha256, store, state, verified_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(family.0)
        .bind(digest.0.as_slice())
        .bind(store)
        .bind(state.word())
        .bind(verified_at)
        .execute(tx)
        .await?;
    }
    Ok(())
}

/// Counts a failed attempt to repair or remove a copy.
pub async fn note_failure(tx: &mut LibraryTx, copy: &CopyRow, error: &str) -> Result<(), StoreError> {
    const NOTE: &str = "UPDATE copies SET attempts = attempts + 1, last_error = ? \
                        WHERE family_id = ? AND sha256 = ? AND store = ?";
    sql::query(NOTE)
        .bind(error)
        .bind(copy.family_id)
        .bind(copy.sha256.as_slice())
        .bind(copy.store.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

/// Starts counting anew for the copies of a store that are to be repaired.
pub async fn forget_failures(tx: &mut LibraryTx, store: &str) -> Result<u64, StoreError> {
    const FORGET: &str =
        "UPDATE copies SET attempts = 0 WHERE store = ? AND state IN ('missing', 'corrupt') AND attempts > 0";
    sql::query(FORGET).bind(store).execute(tx).await
}

pub async fn remove(tx: &mut LibraryTx, copy: &CopyRow) -> Result<(), StoreError> {
    sql::query("DELETE FROM copies WHERE family_id = ? AND sha256 = ? AND store = ?")
        .bind(copy.family_id)
        .bind(copy.sha256.as_slice())
        .bind(copy.store.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

/// Copies of a store to be written from another one, those with fewest failures first.
pub async fn to_repair(
    connection: &mut Connection,
    store: &str,
    max_attempts: u32,
    limit: u32,
) -> Result<Vec<CopyRow>, StoreError> {
    const REPAIR: &str = "SELECT family_id, sha256, store, state, verified_at, attempts, last_error FROM copies \
                          WHERE store = ? AND state IN ('missing', 'corrupt') AND attempts < ? \
                          ORDER BY attempts LIMIT ?";
    sql::query_as(REPAIR).bind(store).bind(max_attempts).bind(limit).fetch_all(connection).await
}

/// Copies of a store to be removed, those with fewest failures first.
pub async fn to_remove(
    connection: &mut Connection,
    store: &str,
    limit: u32,
) -> Result<Vec<CopyRow>, StoreError> {
    const REMOVE: &str = "SELECT family_id, sha256, store, state, verified_at, attempts, last_error FROM copies \
                          WHERE store = ? AND state = 'deleting' ORDER BY attempts LIMIT ?";
    sql::query_as(REMOVE).bind(store).bind(limit).fetch_all(connection).await
}

/// Present copies of a store last verified before `before`, oldest first.
pub async fn to_scrub(
    connection: &mut Connection,
    store: &str,
    before: i64,
    limit: u32,
) -> Result<Vec<CopyRow>, StoreError> {
    const SCRUB: &str = "SELECT family_id, sha256, store, state, verified_at, attempts, last_error FROM copies \
                         WHERE store = ? AND state = 'present' AND verified_at < ? ORDER BY verified_at LIMIT ?";
    sql::query_as(SCRUB).bind(store).bind(before).bind(limit).fetch_all(connection).await
}

/// How many copies a store has in each state.
pub async fn counts(connection: &mut Connection, store: &str) -> Result<Vec<(String, i64)>, StoreError> {
    const COUNTS: &str = "SELECT state, COUNT(*) FROM copies WHERE store = ? GROUP BY state";
    sql::query_as(COUNTS).bind(store).fetch_all(connection).await
}

/// How many copies of a store are in a state, as far as `limit`: it costs no more than that.
pub async fn count_up_to(
    connection: &mut Connection,
    store: &str,
    state: CopyState,
    limit: u32,
) -> Result<i64, StoreError> {
    const COUNT: &str =
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM copies WHERE store = ? AND state = ? LIMIT ?) AS some";
    sql::query_scalar(COUNT).bind(store).bind(state.word()).bind(limit).fetch_one(connection).await
}

/// When the longest unread copy of a store was last read, epoch milliseconds. None without copies.
pub async fn oldest_verified(connection: &mut Connection, store: &str) -> Result<Option<i64>, StoreError> {
    const OLDEST: &str = "SELECT MIN(verified_at) FROM copies WHERE store = ? AND state = 'present'";
    sql::query_scalar(OLDEST).bind(store).fetch_one(connection).await
}

/// Blobs no store has: each is named to the person who looks after the server.
pub async fn lost(connection: &mut Connection, limit: u32) -> Result<Vec<(Uuid, Vec<u8>)>, StoreError> {
    const LOST: &str = "SELECT family_id, sha256 FROM copies GROUP BY family_id, sha256 \
                        HAVING SUM(CASE WHEN state IN ('present', 'deleting') THEN 1 ELSE 0 END) = 0 LIMIT ?";
    sql::query_as(LOST).bind(limit).fetch_all(connection).await
}

/// Which of these blobs no store has.
pub async fn lost_among(
    connection: &mut Connection,
    family: FamilyId,
    digests: &[Sha256Digest],
) -> Result<Vec<Sha256Digest>, StoreError> {
    let mut query = Builder::new("SELECT sha256 FROM copies WHERE family_id = ");
    query.push_bind(family.0).push(" AND sha256 IN (");
    query.push_list(digests.iter().map(|digest| digest.0.to_vec()));
    query.push(" GROUP BY sha256 HAVING SUM(CASE WHEN state = 'present' THEN 1 ELSE 0 END) = 0");
    let rows: Vec<Vec<u8>> = query.build_scalar().fetch_all(connection).await?;
    Ok(rows.into_iter().filter_map(|digest| Some(Sha256Digest(digest.try_into().ok()?))).collect())
}

/// Notes that a store lacks what another one has, for every blob it was never asked to keep.
pub async fn note_never_copied(tx: &mut LibraryTx, store: &str) -> Result<u64, StoreError> {
    const NOTE: &str = "INSERT INTO copies (family_id, sha256, store, state) \
                        SELECT b.family_id, b.sha256, ?, 'missing' FROM blobs b WHERE NOT EXISTS (\
                        SELECT 1 FROM copies c WHERE c.family_id = b.family_id AND c.sha256 = b.sha256 \
                        AND (c.store = ? OR c.state = 'deleting'))";
    sql::query(NOTE).bind(store).bind(store).execute(tx).await
}

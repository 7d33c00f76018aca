//! The ledger read from one end to the other, in the order of keys.
//!
//! Family by family, so that each page is one range of the primary key on every engine.

use picup_api::{FamilyId, Sha256Digest};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    domain::copy::CopyState,
    store::{Connection, StoreError, sql},
};

/// What the ledger says of one blob in one store.
#[derive(Clone, Debug, FromRow)]
pub struct LedgerRow {
    pub sha256: Vec<u8>,
    pub bytes: i64,
    pub state: String,
}

/// How far the scrub of one store is.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct ScrubRow {
    pub present: i64,
    /// Of those, verified since the time asked for.
    pub verified: i64,
    /// The longest unread copy's time, epoch milliseconds; 0 for never, or for no copy.
    pub oldest: i64,
}

impl LedgerRow {
    /// None when the column does not hold 32 bytes, which no code of ours writes.
    pub fn digest(&self) -> Option<Sha256Digest> {
        Some(Sha256Digest(self.sha256.as_slice().try_into().ok()?))
    }

    pub fn state(&self) -> CopyState {
        CopyState::from_word(&self.state)
    }
}

/// The first family with copies after `after`.
pub async fn next_family(
    connection: &mut Connection,
    after: FamilyId,
) -> Result<Option<FamilyId>, StoreError> {
    const NEXT: &str = "SELECT family_id FROM copies WHERE family_id > ? ORDER BY family_id LIMIT 1";
    let found: Option<Uuid> = sql::query_scalar(NEXT).bind(after.0).fetch_optional(connection).await?;
    Ok(found.map(FamilyId))
}

/// Copies of a family in one store, by digest, from the first after `after`.
pub async fn page(
    connection: &mut Connection,
    store: &str,
    family: FamilyId,
    after: &[u8],
    limit: u32,
) -> Result<Vec<LedgerRow>, StoreError> {
    const PAGE: &str = "SELECT c.sha256, b.bytes, c.state FROM copies c \
                        JOIN blobs b ON b.family_id = c.family_id AND b.sha256 = c.sha256 \
                        WHERE c.family_id = ? AND c.sha256 > ? AND c.store = ? ORDER BY c.sha256 LIMIT ?";
    sql::query_as(PAGE).bind(family.0).bind(after).bind(store).bind(limit).fetch_all(connection).await
}

/// How many present copies of a store were verified since `since`.
pub async fn scrubbed(connection: &mut Connection, store: &str, since: i64) -> Result<ScrubRow, StoreError> {
    const SCRUBBED: &str = "SELECT COUNT(*) AS present, COUNT(CASE WHEN verified_at >= ? THEN 1 END) AS verified, \
                            COALESCE(MIN(verified_at), 0) AS oldest FROM copies \
                            WHERE store = ? AND state = 'present'";
    sql::query_as(SCRUBBED).bind(since).bind(store).fetch_one(connection).await
}

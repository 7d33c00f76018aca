//! Which jobs a message stands for.
//!
//! A message is a hint that a job may be taken: `published_until` says how long to believe that there is one.

use uuid::Uuid;

use super::JobRow;
use crate::store::{Connection, StoreError, sql};

/// Jobs that nobody has taken and no message stands for, oldest first: what is due, and what has failed and is due
/// by `failed_until`.
pub async fn unpublished(
    connection: &mut Connection,
    now: i64,
    failed_until: i64,
    limit: u32,
) -> Result<Vec<JobRow>, StoreError> {
    const DUE: &str = "SELECT id, kind, payload, state, run_at, leased_until, attempts, losses, last_error, \
                       created_at, traceparent FROM jobs WHERE state = 'waiting' AND published_until = 0 \
                       AND run_at <= ? AND leased_until <= ? AND (run_at <= ? OR attempts > 0) \
                       ORDER BY run_at, id LIMIT ?";
    sql::query_as(DUE).bind(failed_until).bind(now).bind(now).bind(limit).fetch_all(connection).await
}

/// When the next job becomes due that no message stands for.
pub async fn next_unpublished(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    const NEXT: &str = "SELECT MIN(CASE WHEN leased_until > run_at THEN leased_until ELSE run_at END) FROM jobs \
                        WHERE state = 'waiting' AND published_until = 0";
    sql::query_scalar(NEXT).fetch_one(connection).await
}

/// Marks a job before its message is sent. False when somebody else was faster.
pub async fn mark(
    connection: &mut Connection,
    id: Uuid,
    attempts: u32,
    until: i64,
) -> Result<bool, StoreError> {
    const MARK: &str = "UPDATE jobs SET published_until = ? WHERE id = ? AND state = 'waiting' AND attempts = ? \
                        AND leased_until = 0 AND published_until = 0";
    Ok(sql::query(MARK).bind(until).bind(id).bind(attempts).execute(connection).await? == 1)
}

/// Changes a mark, 0 to remove it. Nothing when the job was taken meanwhile.
pub async fn change_mark(
    connection: &mut Connection,
    id: Uuid,
    marked: i64,
    until: i64,
) -> Result<(), StoreError> {
    const CHANGE: &str = "UPDATE jobs SET published_until = ? WHERE id = ? AND published_until = ?";
    sql::query(CHANGE).bind(until).bind(id).bind(marked).execute(connection).await?;
    Ok(())
}

/// Whether there are marks older than `until`.
pub async fn has_marks(connection: &mut Connection, until: i64) -> Result<bool, StoreError> {
    const HAS: &str =
        "SELECT 1 FROM jobs WHERE state = 'waiting' AND published_until > 0 AND published_until <= ? LIMIT 1";
    let found: Option<i64> = sql::query_scalar(HAS).bind(until).fetch_optional(connection).await?;
    Ok(found.is_some())
}

/// Removes the marks older than `until`: those messages are lost, or have waited for too long to be believed in.
pub async fn remove_marks(connection: &mut Connection, until: i64) -> Result<u64, StoreError> {
    const REMOVE: &str = "UPDATE jobs SET published_until = 0 WHERE state = 'waiting' AND published_until > 0 AND published_until <= ?";
    sql::query(REMOVE).bind(until).execute(connection).await
}

//! The outbox table, the same in both databases.
//!
//! A job is taken by a lease, `leased_until`. Settling it ends the lease; one that ran out, or was broken by
//! `release_all`, is a loss: the process that ran the job ended before it.

pub mod publishing;

use std::time::Duration;

use sqlx::FromRow;
use uuid::Uuid;

use super::{Connection, StoreError, StoreErrorKind, sql};
use crate::{domain::job::Job, telemetry::trace};

const COUNT_UP_TO: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM jobs WHERE state = ? LIMIT ?) AS some";
const OLDEST_DUE: &str = "SELECT run_at FROM jobs WHERE state = 'waiting' AND run_at <= ? AND leased_until <= ? \
                          ORDER BY run_at LIMIT 1";

/// A stored job. Times in epoch milliseconds.
#[derive(Clone, Debug, FromRow)]
pub struct JobRow {
    pub id: Uuid,
    pub kind: String,
    pub payload: String,
    pub state: String,
    pub run_at: i64,
    /// 0 while nobody has taken it.
    pub leased_until: i64,
    /// Times it was taken.
    pub attempts: u32,
    pub losses: u32,
    pub last_error: Option<String>,
    pub created_at: i64,
    /// The trace of whatever asked for it.
    pub traceparent: Option<String>,
}

impl JobRow {
    /// Whoever took it has not settled it. Only asked of rows whose lease is over.
    pub fn is_lost(&self) -> bool {
        self.leased_until > 0
    }
}

/// Stores a job to run `delay` from `now`, unless the same one is waiting already.
pub async fn enqueue(
    connection: &mut Connection,
    job: &impl Job,
    now: i64,
    delay: Duration,
) -> Result<(), StoreError> {
    let payload = serde_json::to_value(job).map_err(StoreError::unreadable)?;
    let kind = payload["kind"].as_str().unwrap_or_default().to_owned();
    let dedup_key = job.dedup_key();
    if let Some(key) = &dedup_key
        && is_waiting(connection, key).await?
    {
        return Ok(());
    }
    let inserted = sql::query(
        "INSERT INTO jobs (id, kind, payload, dedup_key, run_at, created_at, traceparent) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(Uuid::now_v7())
    .bind(kind)
    .bind(payload.to_string())
    .bind(dedup_key)
    .bind(now + millis(delay))
    .bind(now)
    .bind(trace::current())
    .execute(connection)
    .await;
    match inserted {
        // Another process asked for the same a moment ago.
        Err(error) if error.kind == StoreErrorKind::Duplicate => Ok(()),
        inserted => inserted.map(drop),
    }
}

async fn is_waiting(connection: &mut Connection, dedup_key: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = sql::query_scalar("SELECT 1 FROM jobs WHERE dedup_key = ?")
        .bind(dedup_key)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

pub async fn find(connection: &mut Connection, id: Uuid) -> Result<Option<JobRow>, StoreError> {
    const FIND: &str = "SELECT id, kind, payload, state, run_at, leased_until, attempts, losses, last_error, \
                        created_at, traceparent FROM jobs WHERE id = ?";
    sql::query_as(FIND).bind(id).fetch_optional(connection).await
}

/// Due jobs nobody has taken, oldest first.
pub async fn due(connection: &mut Connection, now: i64, limit: u32) -> Result<Vec<JobRow>, StoreError> {
    const DUE: &str = "SELECT id, kind, payload, state, run_at, leased_until, attempts, losses, last_error, \
                       created_at, traceparent FROM jobs WHERE state = 'waiting' AND run_at <= ? \
                       AND leased_until <= ? ORDER BY run_at, id LIMIT ?";
    sql::query_as(DUE).bind(now).bind(now).bind(limit).fetch_all(connection).await
}

/// When the next job becomes due.
pub async fn next_due(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    const NEXT: &str = "SELECT MIN(CASE WHEN leased_until > run_at THEN leased_until ELSE run_at END) FROM jobs WHERE state = 'waiting'";
    sql::query_scalar(NEXT).fetch_one(connection).await
}

/// Takes a job until `until`. False when somebody else has taken or done it since `attempts` was read.
pub async fn lease(
    connection: &mut Connection,
    id: Uuid,
    attempts: u32,
    until: i64,
) -> Result<bool, StoreError> {
    const LEASE: &str = "UPDATE jobs SET leased_until = ?, published_until = 0, attempts = attempts + 1, dedup_key = NULL \
                         WHERE id = ? AND state = 'waiting' AND attempts = ? AND leased_until = 0";
    Ok(sql::query(LEASE).bind(until).bind(id).bind(attempts).execute(connection).await? == 1)
}

/// The holder is alive. `attempts` as of its own taking: what another has taken since is not touched.
pub async fn renew(
    connection: &mut Connection,
    id: Uuid,
    attempts: u32,
    until: i64,
) -> Result<(), StoreError> {
    const RENEW: &str = "UPDATE jobs SET leased_until = ? WHERE id = ? AND attempts = ? AND leased_until > 0";
    sql::query(RENEW).bind(until).bind(id).bind(attempts).execute(connection).await?;
    Ok(())
}

/// Breaks every lease. Only for a process that has the database for itself, at its start.
pub async fn release_all(connection: &mut Connection) -> Result<(), StoreError> {
    // Not 0: nobody has settled these.
    sql::query("UPDATE jobs SET leased_until = 1 WHERE leased_until > 0").execute(connection).await?;
    Ok(())
}

pub async fn remove(connection: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    let done = sql::query("DELETE FROM jobs WHERE id = ?").bind(id).execute(connection).await?;
    Ok(done > 0)
}

/// Puts a failed job back to run at `run_at`. Nothing when another has taken it since.
pub async fn postpone(
    connection: &mut Connection,
    row: &JobRow,
    run_at: i64,
    error: &str,
) -> Result<(), StoreError> {
    const POSTPONE: &str = "UPDATE jobs SET run_at = ?, leased_until = 0, losses = 0, last_error = ? \
                            WHERE id = ? AND attempts = ?";
    sql::query(POSTPONE).bind(run_at).bind(error).bind(row.id).bind(row.attempts).execute(connection).await?;
    Ok(())
}

/// Puts back a job whose lease is over. Nothing when somebody was faster.
pub async fn postpone_lost(
    connection: &mut Connection,
    row: &JobRow,
    run_at: i64,
    error: &str,
) -> Result<(), StoreError> {
    sql::query(
        "UPDATE jobs SET run_at = ?, leased_until = 0, losses = losses + 1, last_error = ? \
         WHERE id = ? AND leased_until = ?",
    )
    .bind(run_at)
    .bind(error)
    .bind(row.id)
    .bind(row.leased_until)
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves a job to the dead-letter list. False when it has been taken or removed since `attempts` was read.
pub async fn bury(
    connection: &mut Connection,
    id: Uuid,
    attempts: u32,
    error: &str,
) -> Result<bool, StoreError> {
    let buried = sql::query(
        "UPDATE jobs SET state = 'dead', leased_until = 0, published_until = 0, last_error = ? \
         WHERE id = ? AND state = 'waiting' AND attempts = ?",
    )
    .bind(error)
    .bind(id)
    .bind(attempts)
    .execute(connection)
    .await?;
    Ok(buried > 0)
}

/// Puts a dead job back into the queue with a clean count. False when there is no such dead job.
pub async fn revive(connection: &mut Connection, id: Uuid, now: i64) -> Result<bool, StoreError> {
    let done = sql::query(
        "UPDATE jobs SET state = 'waiting', attempts = 0, losses = 0, run_at = ?, leased_until = 0, \
         published_until = 0 WHERE id = ? AND state = 'dead'",
    )
    .bind(now)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done > 0)
}

/// Jobs in a state (`waiting` or `dead`), oldest first.
pub async fn list(connection: &mut Connection, state: &str, limit: u32) -> Result<Vec<JobRow>, StoreError> {
    const LIST: &str = "SELECT id, kind, payload, state, run_at, leased_until, attempts, losses, last_error, \
                        created_at, traceparent \
                        FROM jobs WHERE state = ? ORDER BY id LIMIT ?";
    sql::query_as(LIST).bind(state).bind(limit).fetch_all(connection).await
}

/// How many jobs are in a state, as far as `limit`: it costs no more than that.
pub async fn count_up_to(connection: &mut Connection, state: &str, limit: u32) -> Result<i64, StoreError> {
    sql::query_scalar(COUNT_UP_TO).bind(state).bind(limit).fetch_one(connection).await
}

/// Since when the oldest due job waits for somebody to take it.
pub async fn oldest_due(connection: &mut Connection, now: i64) -> Result<Option<i64>, StoreError> {
    sql::query_scalar(OLDEST_DUE).bind(now).bind(now).fetch_optional(connection).await
}

pub async fn count(connection: &mut Connection, state: &str) -> Result<i64, StoreError> {
    sql::query_scalar("SELECT COUNT(*) FROM jobs WHERE state = ?").bind(state).fetch_one(connection).await
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Notify;

    use super::*;
    use crate::{
        cache::{fanout::Fanout, last_write::LastWrite},
        domain::job::LibraryJob,
        store::{
            engine::Place,
            library::{LibraryStore, SCHEMA},
        },
    };

    async fn empty_library() -> (tempfile::TempDir, LibraryStore) {
        let directory = tempfile::tempdir().unwrap();
        let place = Place::File(directory.path().join("library.db"));
        let (fanout, wake) = (Arc::new(Fanout::default()), Arc::new(Notify::new()));
        let store =
            LibraryStore::open(&place, &SCHEMA, LastWrite::new("library", None), fanout, wake).await.unwrap();
        (directory, store)
    }

    #[tokio::test]
    async fn a_job_waits_for_a_worker_from_when_it_is_due_until_it_is_taken() {
        let (_directory, store) = empty_library().await;
        let mut tx = store.begin().await.unwrap();
        tx.enqueue(&LibraryJob::ScrubCopies, 1000).await.unwrap();
        tx.enqueue(&LibraryJob::ExpireUploads, 2000).await.unwrap();
        assert_eq!(oldest_due(&mut tx, 999).await.unwrap(), None, "not due yet");
        assert_eq!(oldest_due(&mut tx, 5000).await.unwrap(), Some(1000));
        let first = due(&mut tx, 5000, 1).await.unwrap()[0].id;
        assert!(lease(&mut tx, first, 0, 9000).await.unwrap());
        assert_eq!(oldest_due(&mut tx, 5000).await.unwrap(), Some(2000), "the first one is taken");
        assert_eq!(oldest_due(&mut tx, 9000).await.unwrap(), Some(1000), "its worker died");
        assert_eq!(count_up_to(&mut tx, "waiting", 10).await.unwrap(), 2);
        assert_eq!(count_up_to(&mut tx, "waiting", 1).await.unwrap(), 1, "no further than asked");
    }

    #[tokio::test]
    async fn a_look_at_the_jobs_is_answered_by_their_index() {
        let (_directory, store) = empty_library().await;
        let mut reader = store.fresh().await.unwrap();
        for statement in [COUNT_UP_TO, OLDEST_DUE] {
            let explain = sql::Builder::new(&format!("EXPLAIN QUERY PLAN {statement}"));
            let rows = explain.build_as::<(i64, i64, i64, String)>().fetch_all(&mut reader).await.unwrap();
            let plan: Vec<_> = rows.into_iter().map(|(_, _, _, detail)| detail).collect();
            let plan = plan.join("; ");
            assert!(plan.contains("jobs_due") && !plan.contains("TEMP B-TREE"), "{statement}: {plan}");
        }
    }
}

//! The outbox as its keeper sees it: what waits, and what was given up.

use picup_api::Timestamp;
use uuid::Uuid;

use crate::{
    App, Result,
    store::{
        engine::Engine,
        jobs::{self as table, JobRow},
    },
};

/// Which jobs to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    Waiting,
    /// Given up after their last attempt.
    Dead,
}

/// A job with the database it is stored in.
#[derive(Clone, Debug)]
pub struct StoredJob {
    pub id: Uuid,
    pub database: &'static str,
    /// JSON.
    pub payload: serde_json::Value,
    pub state: String,
    pub attempts: u32,
    pub created_at: Timestamp,
    pub run_at: Timestamp,
    pub last_error: Option<String>,
}

fn databases(app: &App) -> [(&'static str, &Engine); 2] {
    [("accounts", &app.accounts.engine), ("library", &app.library.engine)]
}

/// Oldest first, the accounts' before the library's.
pub async fn list(app: &App, queue: Queue, limit: u32) -> Result<Vec<StoredJob>> {
    let state = match queue {
        Queue::Waiting => "waiting",
        Queue::Dead => "dead",
    };
    let mut listed = Vec::new();
    for (database, engine) in databases(app) {
        let rows = table::list(&mut *engine.fresh().await?, state, limit).await?;
        listed.extend(rows.into_iter().map(|row| stored(database, row)));
    }
    Ok(listed)
}

fn stored(database: &'static str, row: JobRow) -> StoredJob {
    StoredJob {
        id: row.id,
        database,
        payload: serde_json::from_str(&row.payload).unwrap_or(serde_json::Value::String(row.payload)),
        state: row.state,
        attempts: row.attempts,
        created_at: Timestamp::from_millis(row.created_at),
        run_at: Timestamp::from_millis(row.run_at),
        last_error: row.last_error,
    }
}

/// Puts dead jobs back into the queue: those named, or all. Answers which ones.
pub async fn retry(app: &App, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut retried = Vec::new();
    for (_, engine) in databases(app) {
        let mut tx = engine.begin().await?;
        for id in dead(&mut tx, ids).await? {
            if table::revive(&mut tx, id, app.now()).await? {
                retried.push(id);
            }
        }
        tx.commit().await?;
    }
    app.jobs_wake.notify_one();
    Ok(retried)
}

/// Removes dead jobs for good. Answers which ones.
pub async fn drop_dead(app: &App, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut dropped = Vec::new();
    for (_, engine) in databases(app) {
        let mut tx = engine.begin().await?;
        for id in dead(&mut tx, ids).await?.into_iter().filter(|id| ids.contains(id)) {
            if table::remove(&mut tx, id).await? {
                dropped.push(id);
            }
        }
        tx.commit().await?;
    }
    Ok(dropped)
}

/// The dead jobs among `ids`; all dead ones when none is named.
async fn dead(connection: &mut crate::store::Connection, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let rows = table::list(connection, "dead", i32::MAX.unsigned_abs()).await?;
    let wanted = rows.into_iter().map(|row| row.id).filter(|id| ids.is_empty() || ids.contains(id));
    Ok(wanted.collect())
}

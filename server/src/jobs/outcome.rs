//! What becomes of a job that was taken.

use uuid::Uuid;

use super::{Outbox, millis};
use crate::{
    App, Error,
    domain::job,
    store::{
        StoreError,
        engine::Writer,
        jobs::{self as table, JobRow},
    },
};

/// It is done.
pub(super) async fn settle(app: &App, outbox: Outbox, id: Uuid) -> Result<(), StoreError> {
    let mut transaction = outbox.engine(app).begin().await?;
    table::remove(&mut transaction, id).await?;
    transaction.commit().await
}

/// It failed: it waits, or is dead.
pub(super) async fn put_back(
    app: &App,
    outbox: Outbox,
    row: &JobRow,
    error: &anyhow::Error,
) -> Result<(), StoreError> {
    let reason = format!("{error:#}");
    let mut transaction = outbox.engine(app).begin().await?;
    if job::is_dead(row.attempts, error.downcast_ref().map(Error::code)) {
        bury(&mut transaction, row, &reason).await?;
    } else {
        let wait = job::backoff(row.attempts);
        tracing::warn!(job = %row.id, kind = row.kind, row.attempts, ?wait, reason, "a job failed");
        table::postpone(&mut transaction, row, app.now() + millis(wait), &reason).await?;
    }
    transaction.commit().await?;
    // Whoever sleeps until the next due time has another one now.
    app.jobs_wake.notify_one();
    Ok(())
}

/// Whoever took it has ended before it did: it waits, or is dead. Counted by itself, for an outage that was waited out
/// says nothing against the job, and a process it ended does.
pub(super) async fn note_loss(app: &App, transaction: &mut Writer, row: &JobRow) -> Result<(), StoreError> {
    let losses = row.losses + 1;
    let reason = format!("the process that ran it ended before it did, {losses} times in a row");
    match job::after_loss(losses) {
        Some(wait) => {
            tracing::warn!(job = %row.id, kind = row.kind, losses, ?wait, "a job was lost");
            table::postpone_lost(transaction, row, app.now() + millis(wait), &reason).await
        }
        None => bury(transaction, row, &reason).await.map(drop),
    }
}

/// False when it has been taken or removed since.
pub(super) async fn bury(transaction: &mut Writer, row: &JobRow, reason: &str) -> Result<bool, StoreError> {
    let is_buried = table::bury(transaction, row.id, row.attempts, reason).await?;
    if is_buried {
        tracing::error!(job = %row.id, kind = row.kind, row.attempts, reason, "a job is dead");
    }
    Ok(is_buried)
}

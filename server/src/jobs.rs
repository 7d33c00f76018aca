//! Runs the work that commits leave behind.
//!
//! A job is a row of an outbox until it is done. It is taken under a lease, run, and removed; a failed one waits longer
//! each time and ends in the dead-letter list, unless what it needs is only away. How a worker learns of a job is either
//! backend's: it looks into the tables, or RabbitMQ tells it. Bodies are operations; what runs where is `dispatch`'s.

mod dispatch;
mod outcome;
mod polling;
mod rabbitmq;
mod schedule;
mod spans;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;

use crate::{
    App,
    config::Role,
    store::{
        StoreError,
        engine::{Engine, Writer},
        jobs::{self as table, JobRow},
    },
    telemetry::{
        Operation,
        trace::{self, Spans},
    },
};

/// A worker that died holds a job no longer than this.
const LEASE: Duration = Duration::from_secs(60);
/// So often that a database that is away for a moment costs no lease.
const RENEWS_EVERY: Duration = Duration::from_secs(15);
/// A job that runs for longer has failed. Less than the half hour after which RabbitMQ takes a worker for dead.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Longest sleep between looks at the tables.
const POLL: Duration = Duration::from_secs(5);

/// Works until the app stops, then finishes the jobs in hand. With a queue every process hands on the jobs of its
/// commits, without one only workers have anything to do.
pub async fn run(app: Arc<App>) -> Result<(), StoreError> {
    let is_worker = app.config.has_role(Role::Worker);
    if is_worker {
        for outbox in Outbox::BOTH {
            release_all(outbox.engine(&app)).await?;
        }
    }
    match app.config.queue.broker() {
        Some(broker) => rabbitmq::run(app, broker).await,
        None if is_worker => polling::run(app).await,
        None => {}
    }
    Ok(())
}

/// What this process held when it was killed need not wait for its lease. Where others work too, it does.
async fn release_all(engine: &Engine) -> Result<(), StoreError> {
    if engine.is_shared() {
        return Ok(());
    }
    let mut transaction = engine.begin().await?;
    table::release_all(&mut transaction).await?;
    transaction.commit().await
}

/// The database a job came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outbox {
    Accounts,
    Library,
}

impl Outbox {
    const BOTH: [Self; 2] = [Self::Accounts, Self::Library];

    pub fn engine(self, app: &App) -> &Engine {
        match self {
            Self::Accounts => &app.accounts.engine,
            Self::Library => &app.library.engine,
        }
    }
}

/// Takes a job, unless somebody was faster.
async fn take(app: &App, transaction: &mut Writer, mut row: JobRow) -> Result<Option<JobRow>, StoreError> {
    let until = app.now() + millis(LEASE);
    if !table::lease(transaction, row.id, row.attempts, until).await? {
        return Ok(None);
    }
    row.attempts += 1;
    row.leased_until = until;
    Ok(Some(row))
}

/// Runs a job that was taken, in a span of the log and one of the trace that asked for it, and settles it.
async fn run_one(app: &Arc<App>, outbox: Outbox, row: JobRow) {
    let spans = spans::of(&row);
    spans.run(run_in(app, outbox, row, &spans)).await;
}

async fn run_in(app: &Arc<App>, outbox: Outbox, row: JobRow, spans: &Spans) {
    let meter = Operation::new("job", &[("kind", &row.kind)], &["failed"]);
    let started = meter.start();
    // A job that panics is one that failed: else it would come back with every lease and never be buried.
    let work = AssertUnwindSafe(Box::pin(dispatch::run(app, outbox, &row))).catch_unwind();
    let in_time = tokio::time::timeout(LONGEST, work);
    let outcome = tokio::select! {
        outcome = in_time => outcome,
        never = keep_lease(app, outbox, &row) => match never {},
    };
    let outcome = match outcome {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(anyhow::anyhow!("panicked")),
        Err(_) => Err(anyhow::anyhow!("took longer than a quarter of an hour")),
    };
    let status = if outcome.is_ok() { "done" } else { "failed" };
    started.end(outcome.is_err().then_some(status));
    if outcome.is_err() {
        trace::note_failure(&spans.trace, status);
    }
    metrics::counter!("jobs_total", "kind" => row.kind.clone(), "status" => status).increment(1);
    let kept = match &outcome {
        Ok(()) => outcome::settle(app, outbox, row.id).await,
        Err(error) => outcome::put_back(app, outbox, &row, error).await,
    };
    if let Err(error) = kept {
        // The lease runs out and the job runs again, which every job must bear.
        tracing::warn!(job = %row.id, kind = row.kind, %error, "cannot record a job's outcome");
    }
}

async fn keep_lease(app: &App, outbox: Outbox, row: &JobRow) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(RENEWS_EVERY).await;
        if let Err(error) = renew(app, outbox, row).await {
            tracing::warn!(job = %row.id, kind = row.kind, %error, "cannot renew a job's lease");
        }
    }
}

async fn renew(app: &App, outbox: Outbox, row: &JobRow) -> Result<(), StoreError> {
    let mut transaction = outbox.engine(app).begin().await?;
    table::renew(&mut transaction, row.id, row.attempts, app.now() + millis(LEASE)).await?;
    transaction.commit().await
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

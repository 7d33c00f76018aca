//! Runs the work that commits leave behind.
//!
//! A job is taken under a lease, run, and removed; a failed one waits longer each time and ends in the dead-letter
//! list, unless what it needs is only away. Bodies are operations; what runs where is `dispatch`'s.

mod dispatch;
mod schedule;
mod spans;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use tokio::{sync::Semaphore, task::JoinSet};
use uuid::Uuid;

use crate::{
    App, Error,
    domain::job,
    store::{
        StoreError,
        engine::Engine,
        jobs::{self as table, JobRow},
    },
    telemetry::{
        Operation,
        trace::{self, Spans},
    },
};
/// Jobs in hand at the same time. Rendering has a tighter limit of its own.
const PARALLEL: usize = 4;
/// A worker that died holds a job no longer than this.
const LEASE: Duration = Duration::from_secs(15 * 60);
/// Longest sleep between looks at the tables.
const POLL: Duration = Duration::from_secs(5);

/// Works until the app stops, then finishes the jobs in hand.
pub async fn run(app: Arc<App>) -> Result<(), StoreError> {
    let outboxes = [Outbox::Accounts, Outbox::Library];
    for outbox in outboxes {
        release_all(outbox.engine(&app)).await?;
    }
    let places = Arc::new(Semaphore::new(PARALLEL));
    let mut in_hand = JoinSet::new();
    let mut schedule = schedule::Schedule::default();
    while !app.stopping.is_cancelled() {
        schedule.enqueue_due(&app).await;
        for outbox in outboxes {
            if let Err(error) = start_due(&app, outbox, &places, &mut in_hand).await {
                tracing::warn!(%error, ?outbox, "cannot take jobs");
            }
        }
        rest(&app, &mut in_hand).await;
    }
    while in_hand.join_next().await.is_some() {}
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
#[derive(Clone, Copy, Debug)]
pub enum Outbox {
    Accounts,
    Library,
}

impl Outbox {
    pub fn engine(self, app: &App) -> &Engine {
        match self {
            Self::Accounts => &app.accounts.engine,
            Self::Library => &app.library.engine,
        }
    }
}

/// Waits for new work, a finished job, the next due time, or the end.
async fn rest(app: &App, in_hand: &mut JoinSet<()>) {
    let wait = until_next_due(app).await;
    tokio::select! {
        () = app.jobs_wake.notified() => {}
        () = app.stopping.cancelled() => {}
        Some(_) = in_hand.join_next() => {}
        () = tokio::time::sleep(wait) => {}
    }
    while in_hand.try_join_next().is_some() {}
}

async fn until_next_due(app: &App) -> Duration {
    let mut wait = POLL;
    for outbox in [Outbox::Accounts, Outbox::Library] {
        let Ok(mut reader) = outbox.engine(app).fresh().await else { continue };
        if let Ok(Some(due)) = table::next_due(&mut reader).await {
            // A due job that has no free place waits for one to finish, not for the clock.
            let millis = u64::try_from(due - app.now()).unwrap_or(1000).max(20);
            wait = wait.min(Duration::from_millis(millis));
        }
    }
    wait
}

async fn start_due(
    app: &Arc<App>,
    outbox: Outbox,
    places: &Arc<Semaphore>,
    in_hand: &mut JoinSet<()>,
) -> Result<(), StoreError> {
    let free = u32::try_from(places.available_permits()).unwrap_or(0);
    if free == 0 {
        return Ok(());
    }
    for row in take(app, outbox, free).await? {
        let Ok(place) = Arc::clone(places).acquire_owned().await else { return Ok(()) };
        let app = Arc::clone(app);
        in_hand.spawn(async move {
            run_one(&app, outbox, row).await;
            drop(place);
        });
    }
    Ok(())
}

async fn take(app: &App, outbox: Outbox, limit: u32) -> Result<Vec<JobRow>, StoreError> {
    let now = app.now();
    let mut reader = outbox.engine(app).fresh().await?;
    if table::due(&mut reader, now, 1).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut transaction = outbox.engine(app).begin().await?;
    let until = now + i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
    let mut taken = Vec::new();
    for row in table::due(&mut transaction, now, limit).await? {
        if table::lease(&mut transaction, row.id, now, until).await? {
            taken.push(row);
        }
    }
    transaction.commit().await?;
    Ok(taken)
}

/// In a span of the log and one of the trace that asked for it.
async fn run_one(app: &Arc<App>, outbox: Outbox, row: JobRow) {
    let spans = spans::of(&row);
    spans.run(run_in(app, outbox, row, &spans)).await;
}

async fn run_in(app: &Arc<App>, outbox: Outbox, row: JobRow, spans: &Spans) {
    let meter = Operation::new("job", &[("kind", &row.kind)], &["failed"]);
    let started = meter.start();
    // A job that panics is one that failed: else it would come back with every lease and never be buried.
    let work = AssertUnwindSafe(dispatch::run(app, outbox, &row)).catch_unwind();
    let outcome = match tokio::time::timeout(LEASE, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(anyhow::anyhow!("panicked")),
        Err(_) => Err(anyhow::anyhow!("took longer than its lease")),
    };
    let status = if outcome.is_ok() { "done" } else { "failed" };
    started.end(outcome.is_err().then_some(status));
    if outcome.is_err() {
        trace::note_failure(&spans.trace, status);
    }
    metrics::counter!("jobs_total", "kind" => row.kind.clone(), "status" => status).increment(1);
    let kept = match &outcome {
        Ok(()) => settle(app, outbox, row.id).await,
        Err(error) => put_back(app, outbox, &row, error).await,
    };
    if let Err(error) = kept {
        // The lease runs out and the job runs again, which every job must bear.
        tracing::warn!(job = %row.id, kind = row.kind, %error, "cannot record a job's outcome");
    }
}

async fn settle(app: &App, outbox: Outbox, id: Uuid) -> Result<(), StoreError> {
    let mut transaction = outbox.engine(app).begin().await?;
    table::remove(&mut transaction, id).await?;
    transaction.commit().await
}

async fn put_back(app: &App, outbox: Outbox, row: &JobRow, error: &anyhow::Error) -> Result<(), StoreError> {
    let attempts = row.attempts + 1;
    let reason = format!("{error:#}");
    let mut transaction = outbox.engine(app).begin().await?;
    if job::is_dead(attempts, error.downcast_ref().map(Error::code)) {
        tracing::error!(job = %row.id, kind = row.kind, attempts, reason, "a job is dead");
        table::bury(&mut transaction, row.id, &reason).await?;
    } else {
        let wait = job::backoff(attempts);
        tracing::warn!(job = %row.id, kind = row.kind, attempts, ?wait, reason, "a job failed");
        let run_at = app.now() + i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        table::postpone(&mut transaction, row.id, run_at, &reason).await?;
    }
    transaction.commit().await
}

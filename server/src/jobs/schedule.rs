//! Work that comes back by the clock.
//!
//! Timers are monotonic; a job is enqueued at most once while it waits, so a restart does no harm.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use crate::{App, domain::job::LibraryJob, store::StoreError};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
const JOBS: [(LibraryJob, Duration); 4] = [
    (LibraryJob::ExpireUploads, HOUR),
    (LibraryJob::ScrubCopies, HOUR),
    (LibraryJob::RetryRepairs, DAY),
    (LibraryJob::SweepStores, DAY),
];

/// When each periodic job was enqueued last; everything is due at the start.
#[derive(Default)]
pub(super) struct Schedule([Option<Instant>; JOBS.len()]);

impl Schedule {
    /// Enqueues what is due by the clock.
    pub(super) async fn enqueue_due(&mut self, app: &Arc<App>) {
        for (last, (job, period)) in self.0.iter_mut().zip(&JOBS) {
            if last.is_some_and(|last| last.elapsed() < *period) {
                continue;
            }
            match enqueue(app, job).await {
                Ok(()) => *last = Some(Instant::now()),
                Err(error) => tracing::warn!(%error, ?job, "cannot enqueue a periodic job"),
            }
        }
    }
}

async fn enqueue(app: &App, job: &LibraryJob) -> Result<(), StoreError> {
    let mut tx = app.library.begin().await?;
    tx.enqueue(job, app.now()).await?;
    tx.commit().await
}

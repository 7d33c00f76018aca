//! Workers that look into the tables themselves. One home needs no more.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, task::JoinSet};

use super::{Outbox, POLL, outcome, run_one, schedule};
use crate::{
    App,
    store::{
        StoreError,
        jobs::{self as table, JobRow},
    },
};

/// Jobs in hand at the same time. Rendering has a tighter limit of its own.
const PARALLEL: usize = 4;

pub(super) async fn run(app: Arc<App>) {
    let places = Arc::new(Semaphore::new(PARALLEL));
    let mut in_hand = JoinSet::new();
    let mut schedule = schedule::Schedule::default();
    while !app.stopping.is_cancelled() {
        schedule.enqueue_due(&app).await;
        for outbox in Outbox::BOTH {
            if let Err(error) = start_due(&app, outbox, &places, &mut in_hand).await {
                tracing::warn!(%error, ?outbox, "cannot take jobs");
            }
        }
        rest(&app, &mut in_hand).await;
    }
    while in_hand.join_next().await.is_some() {}
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
    for outbox in Outbox::BOTH {
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
    for row in take_due(app, outbox, free).await? {
        let Ok(place) = Arc::clone(places).acquire_owned().await else { return Ok(()) };
        let app = Arc::clone(app);
        in_hand.spawn(async move {
            run_one(&app, outbox, row).await;
            drop(place);
        });
    }
    Ok(())
}

async fn take_due(app: &App, outbox: Outbox, limit: u32) -> Result<Vec<JobRow>, StoreError> {
    let now = app.now();
    let mut reader = outbox.engine(app).fresh().await?;
    if table::due(&mut reader, now, 1).await?.is_empty() {
        return Ok(Vec::new());
    }
    drop(reader);
    let mut transaction = outbox.engine(app).begin().await?;
    let mut taken = Vec::new();
    for row in table::due(&mut transaction, now, limit).await? {
        if row.is_lost() {
            outcome::note_loss(app, &mut transaction, &row).await?;
        } else {
            taken.extend(super::take(app, &mut transaction, row).await?);
        }
    }
    transaction.commit().await?;
    Ok(taken)
}

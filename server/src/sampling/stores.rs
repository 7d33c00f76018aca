//! The stores: whether they are there, what they lack, and how far the scrub is.

use std::{sync::Arc, time::Instant};

use futures::future::join_all;

use super::{EVERY, MANY, gauge, note_look, seconds};
use crate::{
    App,
    config::Role,
    domain::copy::CopyState,
    ops::library::copies::scrub,
    store::{
        StoreError,
        library::{copies, ledger},
    },
};

/// Counting all copies reads an index from end to end: afterwards it rests for so many times what it took.
const RESTS: u32 = 100;
const LACKING: [CopyState; 3] = [CopyState::Missing, CopyState::Corrupt, CopyState::Deleting];

pub(super) async fn watch(app: &Arc<App>) {
    let works = app.config.has_role(Role::Worker);
    if works {
        tokio::join!(watch_presence(app), watch_copies(app));
    } else if app.config.has_role(Role::Library) {
        watch_presence(app).await;
    }
}

async fn watch_presence(app: &App) {
    loop {
        join_all(app.storage.mirror.stores().iter().map(async |store| {
            let is_there = store.probe().await.is_ok();
            metrics::gauge!("blob_store_up", "store" => store.name().to_owned())
                .set(f64::from(u8::from(is_there)));
        }))
        .await;
        tokio::time::sleep(EVERY).await;
    }
}

async fn watch_copies(app: &App) {
    let mut recount_at = Instant::now();
    loop {
        match look(app, &mut recount_at).await {
            Ok(()) => note_look("copies"),
            Err(error) => tracing::debug!(%error, "the copies cannot be looked at"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn look(app: &App, recount_at: &mut Instant) -> Result<(), StoreError> {
    let (started, recount) = (Instant::now(), Instant::now() >= *recount_at);
    metrics::gauge!("scrub_period_seconds").set(f64::from(app.config.storage.scrub_days) * 86_400.0);
    for store in app.storage.mirror.stores() {
        // Counted from nothing, so that a first one is seen as a change.
        metrics::counter!("storage_bad_copies_total", "store" => store.name().to_owned()).increment(0);
        count_lacking(app, store.name()).await?;
        if recount {
            count_all(app, store.name()).await?;
        }
    }
    if recount {
        *recount_at = Instant::now() + started.elapsed() * RESTS;
    }
    Ok(())
}

async fn count_lacking(app: &App, store: &str) -> Result<(), StoreError> {
    let mut reader = app.library.stale_ok().await?;
    for state in LACKING {
        let copies = copies::count_up_to(&mut reader, store, state, MANY).await?;
        metrics::gauge!("copies", "store" => store.to_owned(), "state" => state.word()).set(gauge(copies));
    }
    let oldest = copies::oldest_verified(&mut reader, store).await?;
    let age = oldest.map_or(0.0, |oldest| seconds(oldest, app.now()));
    metrics::gauge!("scrub_oldest_seconds", "store" => store.to_owned()).set(age);
    Ok(())
}

async fn count_all(app: &App, store: &str) -> Result<(), StoreError> {
    let mut reader = app.library.stale_ok().await?;
    let row = ledger::scrubbed(&mut reader, store, scrub::due_before(app)).await?;
    let present = CopyState::Present.word();
    metrics::gauge!("copies", "store" => store.to_owned(), "state" => present).set(gauge(row.present));
    let share = if row.present == 0 { 1.0 } else { gauge(row.verified) / gauge(row.present) };
    metrics::gauge!("scrub_verified_ratio", "store" => store.to_owned()).set(share);
    Ok(())
}

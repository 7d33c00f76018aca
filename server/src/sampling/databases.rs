//! The two databases: their servers and sessions, and the jobs that wait in them.

use std::sync::Arc;

use super::{EVERY, MANY, gauge, note_look, seconds};
use crate::{
    App,
    config::Role,
    store::{
        StoreError,
        engine::{Engine, EngineState, ReplicaState},
        jobs,
    },
};

pub(super) async fn watch(app: &Arc<App>) {
    loop {
        tokio::join!(look(app, "accounts", &app.accounts.engine), look(app, "library", &app.library.engine));
        tokio::time::sleep(EVERY).await;
    }
}

async fn look(app: &App, database: &'static str, engine: &Engine) {
    tell(database, &engine.state().await);
    if app.config.has_role(Role::Worker) {
        match count(app, database, engine).await {
            Ok(()) => note_look(database),
            Err(error) => tracing::debug!(%error, database, "the jobs cannot be looked at"),
        }
    }
}

fn tell(database: &'static str, state: &EngineState) {
    for pool in &state.pools {
        for (word, sessions) in [("in_use", pool.in_use), ("idle", pool.idle)] {
            metrics::gauge!("sql_pool_sessions", "database" => database, "pool" => pool.name.clone(), "state" => word)
                .set(sessions as f64);
        }
    }
    if let Some(is_away) = state.primary_is_away {
        metrics::gauge!("sql_primary_away", "database" => database).set(f64::from(u8::from(is_away)));
    }
    for ReplicaState { name, lag, is_left_out } in &state.replicas {
        let labels = [("database", database.to_owned()), ("replica", name.clone())];
        // No number says that nobody knows.
        let lag = lag.map_or(f64::NAN, |lag| lag.as_secs_f64());
        metrics::gauge!("sql_replica_lag_seconds", &labels).set(lag);
        metrics::gauge!("sql_replica_left_out", &labels).set(f64::from(u8::from(*is_left_out)));
    }
}

async fn count(app: &App, database: &'static str, engine: &Engine) -> Result<(), StoreError> {
    let now = app.now();
    let mut reader = engine.fresh().await?;
    let waiting = jobs::count_up_to(&mut reader, "waiting", MANY).await?;
    let dead = jobs::count_up_to(&mut reader, "dead", MANY).await?;
    let oldest = jobs::oldest_due(&mut reader, now).await?;
    drop(reader);
    metrics::gauge!("jobs_waiting", "database" => database).set(gauge(waiting));
    metrics::gauge!("jobs_dead", "database" => database).set(gauge(dead));
    let age = oldest.map_or(0.0, |due| seconds(due, now));
    metrics::gauge!("jobs_oldest_due_seconds", "database" => database).set(age);
    Ok(())
}

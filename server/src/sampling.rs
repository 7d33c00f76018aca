//! The state of the server as gauges: what waits, what is missing, who is away. Looked at every ten seconds.
//!
//! Each look is a few statements that an index answers and whose cost has a bound. The databases' contents are looked
//! at by workers alone: they are the same for every process.

mod databases;
mod process;
mod stores;

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use metrics_exporter_prometheus::PrometheusHandle;

use crate::App;

const EVERY: Duration = Duration::from_secs(10);
/// Rows are counted as far as this: more is many.
const MANY: u32 = 100_000;

/// Looks until the app stops. Three lines of looks, so that a store or server that hangs does not hide the rest.
pub async fn run(app: Arc<App>, recorder: PrometheusHandle) {
    let looks = async {
        tokio::join!(process::watch(&app, &recorder), databases::watch(&app), stores::watch(&app));
    };
    app.stopping.run_until_cancelled(looks).await;
}

/// Gauges keep their last value: this tells how old it is.
fn note_look(at: &'static str) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    metrics::gauge!("state_sampled_timestamp_seconds", "of" => at).set(now.as_secs_f64());
}

/// Milliseconds between two points in time, as seconds; none when the clock jumped.
fn seconds(from: i64, to: i64) -> f64 {
    Duration::from_millis(u64::try_from(to - from).unwrap_or(0)).as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a double")]
fn gauge(count: i64) -> f64 {
    count as f64
}

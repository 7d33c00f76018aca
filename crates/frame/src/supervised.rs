//! What a program does for the supervisor that started it.

use rustix::process::{Signal, set_parent_process_death_signal};

use crate::process::lives;

/// Called first thing: a supervisor that is killed takes its program with it, so that the next one can start its own.
///
/// Returns false when the supervisor is gone already.
pub fn end_with_supervisor() -> bool {
    let Some(supervisor) = std::env::var("PICUP_SUPERVISOR").ok().and_then(|pid| pid.parse().ok()) else {
        return true;
    };
    if let Err(error) = set_parent_process_death_signal(Some(Signal::TERM)) {
        tracing::warn!(%error, "this program may outlive its supervisor");
    }
    lives(supervisor)
}

/// In plain words, for the children; `None` when no update has failed.
pub(crate) fn failed_update() -> Option<String> {
    let failed = std::env::var("PICUP_UPDATE_FAILED").ok()?;
    let version = env!("CARGO_PKG_VERSION");
    Some(format!("The update to {failed} did not work; the frame went back to {version}."))
}

//! What a program does for the supervisor that started it.

use rustix::process::{Pid, Signal, set_parent_process_death_signal, test_kill_process};

/// Called first thing: a supervisor that is killed takes its program with it, so that the next one can start its own.
///
/// Returns false when the supervisor is gone already.
pub fn end_with_supervisor() -> bool {
    let Some(supervisor) = std::env::var("PICUP_SUPERVISOR").ok().and_then(|pid| pid.parse::<i32>().ok())
    else {
        return true;
    };
    if let Err(error) = set_parent_process_death_signal(Some(Signal::TERM)) {
        tracing::warn!(%error, "this program may outlive its supervisor");
    }
    Pid::from_raw(supervisor).is_some_and(|supervisor| test_kill_process(supervisor).is_ok())
}

/// In plain words, for the children; `None` when no update has failed.
pub(crate) fn failed_update() -> Option<String> {
    let failed = std::env::var("PICUP_UPDATE_FAILED").ok()?;
    let version = env!("CARGO_PKG_VERSION");
    Some(format!("The update to {failed} did not work; the frame went back to {version}."))
}

//! What a program does for the supervisor that started it.

use rustix::process::{Signal, set_parent_process_death_signal};

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

/// A process that was killed can still be found until whoever started it has heard of its end.
fn lives(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Its name, in parentheses, may hold anything.
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with(['Z', 'X']))
}

/// In plain words, for the children; `None` when no update has failed.
pub(crate) fn failed_update() -> Option<String> {
    let failed = std::env::var("PICUP_UPDATE_FAILED").ok()?;
    let version = env!("CARGO_PKG_VERSION");
    Some(format!("The update to {failed} did not work; the frame went back to {version}."))
}

#[cfg(test)]
mod tests {
    use std::{process::Command, time::Duration};

    use super::*;

    #[test]
    fn a_process_that_was_killed_does_not_live_while_nobody_has_heard_of_its_end() {
        let mut process = Command::new("sleep").arg("600").spawn().unwrap();
        assert!(lives(process.id()));
        process.kill().unwrap();
        while lives(process.id()) {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(std::fs::exists(format!("/proc/{}/stat", process.id())).unwrap(), "it can still be found");
        process.wait().unwrap();
        assert!(!lives(process.id()));
    }
}

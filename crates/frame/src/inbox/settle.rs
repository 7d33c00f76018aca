//! Decides when a file in an inbox is whole.
//!
//! Pure: `now` is time since the engine's start, never the wall clock. Settled: size and time of change the same
//! for some seconds, usually five, and no event meanwhile. An empty file is a writer that has not begun.

use std::{collections::HashMap, path::PathBuf, time::Duration};

/// What tells that a file was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Stamp {
    pub bytes: u64,
    /// Nanoseconds; compared for equality only, so a wrong clock does no harm.
    pub modified: i64,
}

#[derive(Debug)]
pub(crate) struct Settling {
    files: HashMap<PathBuf, (Stamp, Duration)>,
    /// How long a file has to be left alone.
    quiet: Duration,
}

impl Settling {
    pub(crate) fn after(quiet: Duration) -> Self {
        Self { files: HashMap::new(), quiet }
    }

    /// A look at a file. The first look starts its quiet time, a changed stamp starts it again.
    pub(crate) fn observe(&mut self, path: PathBuf, stamp: Stamp, now: Duration) {
        let entry = self.files.entry(path).or_insert((stamp, now));
        if entry.0 != stamp {
            *entry = (stamp, now);
        }
    }

    /// An event named this file: its quiet time starts again.
    pub(crate) fn touch(&mut self, path: &std::path::Path, now: Duration) {
        if let Some(entry) = self.files.get_mut(path) {
            entry.1 = now;
        }
    }

    pub(crate) fn forget(&mut self, path: &std::path::Path) {
        self.files.remove(path);
    }

    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.files.keys().cloned().collect()
    }

    /// Files that wait, without those nobody has written to yet.
    pub(crate) fn waiting(&self) -> u32 {
        self.files.values().filter(|(stamp, _)| stamp.bytes > 0).count() as u32
    }

    /// Whether `path` was quiet for long enough and is still as it was.
    pub(crate) fn is_settled(&self, path: &std::path::Path, stamp: Stamp, now: Duration) -> bool {
        self.files.get(path).is_some_and(|(known, since)| {
            stamp.bytes > 0 && *known == stamp && now.saturating_sub(*since) >= self.quiet
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    const FILE: &str = "/inbox/a.jpg";
    const QUIET: Duration = Duration::from_secs(5);

    fn stamp(bytes: u64) -> Stamp {
        Stamp { bytes, modified: bytes as i64 }
    }

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn a_quiet_file_settles_after_five_seconds_and_an_event_starts_them_again() {
        let mut settling = Settling::after(QUIET);
        settling.observe(FILE.into(), stamp(3), seconds(10));
        assert!(!settling.is_settled(Path::new(FILE), stamp(3), seconds(14)));
        assert!(settling.is_settled(Path::new(FILE), stamp(3), seconds(15)));
        settling.touch(Path::new(FILE), seconds(14));
        assert!(!settling.is_settled(Path::new(FILE), stamp(3), seconds(18)));
        assert!(settling.is_settled(Path::new(FILE), stamp(3), seconds(19)));
    }

    #[test]
    fn an_empty_file_never_settles_and_does_not_count_as_waiting() {
        let mut settling = Settling::after(QUIET);
        settling.observe(FILE.into(), stamp(0), seconds(0));
        assert!(!settling.is_settled(Path::new(FILE), stamp(0), seconds(9999)));
        assert_eq!(settling.waiting(), 0);
    }

    proptest! {
        #[test]
        fn a_writer_with_any_pauses_below_five_seconds_is_never_interrupted(
            pauses in prop::collection::vec(0u64..5000, 1..50)
        ) {
            let (mut settling, mut now) = (Settling::after(QUIET), Duration::ZERO);
            for (written, pause) in pauses.iter().enumerate() {
                let size = stamp(written as u64 + 1);
                settling.observe(FILE.into(), size, now);
                now += Duration::from_millis(*pause);
                prop_assert!(!settling.is_settled(Path::new(FILE), size, now));
            }
            let last = stamp(pauses.len() as u64);
            prop_assert!(settling.is_settled(Path::new(FILE), last, now + QUIET));
        }
    }
}

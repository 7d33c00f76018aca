//! When to try again.
//!
//! Pure: the caller brings the randomness. Half of every wait is random, so that a hundred frames do not come back
//! to a restarted server in the same second.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub base: Duration,
    pub cap: Duration,
}

impl Backoff {
    pub(crate) const NETWORK: Self = Self { base: Duration::from_secs(1), cap: Duration::from_secs(60) };

    /// The wait after `attempt` failures in a row (0 is the first); `chance` is in 0..1.
    pub(crate) fn wait(self, attempt: u32, chance: f64) -> Duration {
        let full = self.base.saturating_mul(1 << attempt.min(16)).min(self.cap);
        full / 2 + (full / 2).mul_f64(chance.clamp(0.0, 1.0))
    }
}

/// `period` give or take a tenth.
pub(crate) fn about(period: Duration, chance: f64) -> Duration {
    period.mul_f64(0.9 + 0.2 * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_wait_is_never_zero_and_never_above_the_cap(attempt: u32, chance in 0.0..1.0f64) {
            let wait = Backoff::NETWORK.wait(attempt, chance);
            prop_assert!(wait >= Duration::from_millis(500) && wait <= Duration::from_secs(60));
        }

        #[test]
        fn the_shortest_wait_never_shrinks_with_more_failures(attempt in 0u32..40) {
            prop_assert!(Backoff::NETWORK.wait(attempt + 1, 0.0) >= Backoff::NETWORK.wait(attempt, 0.0));
        }
    }
}

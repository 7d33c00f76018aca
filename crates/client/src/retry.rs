//! When to ask again.
//!
//! Full jitter (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/): after a
//! neighbourhood's power cut, a thousand frames must not come back in one second.

use std::time::Duration;

use crate::ClientError;

#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// How often a call is tried in all. An upload or a download counts from its last progress.
    pub attempts: u32,
    /// The longest wait before the second attempt; it doubles from there.
    pub base: Duration,
    /// No wait is longer. A server that asks for more is left to the caller.
    pub cap: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 5, base: Duration::from_millis(300), cap: Duration::from_secs(20) }
    }
}

impl RetryPolicy {
    pub fn none() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// The wait after `failures` failed attempts, or None to give up. `luck` is in 0..=1.
    pub(crate) fn wait(&self, failures: u32, error: &ClientError, luck: f64) -> Option<Duration> {
        if failures >= self.attempts {
            return None;
        }
        let jittered = self.backoff(failures, luck);
        match error.retry_after() {
            Some(asked) if asked > self.cap => None,
            Some(asked) => Some(asked + jittered.min(Duration::from_secs(1))),
            None => Some(jittered),
        }
    }

    /// Grows with `failures`, never above the cap; for loops that never give up.
    pub(crate) fn backoff(&self, failures: u32, luck: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        let ceiling = self.base.saturating_mul(1 << doublings).min(self.cap);
        ceiling.mul_f64(luck.clamp(0.0, 1.0))
    }
}

pub(crate) fn luck() -> f64 {
    rand::random_range(0.0..=1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn offline() -> ClientError {
        ClientError::new(ErrorKind::Offline, "test")
    }

    #[test]
    fn waits_grow_to_the_cap_and_then_end() {
        let policy = RetryPolicy { attempts: 4, base: Duration::from_secs(1), cap: Duration::from_secs(3) };
        let waits: Vec<_> = (1..=4).map(|failures| policy.wait(failures, &offline(), 1.0)).collect();
        let seconds = |n| Some(Duration::from_secs(n));
        assert_eq!(waits, [seconds(1), seconds(2), seconds(3), None]);
    }

    #[test]
    fn luck_spreads_the_waits_from_nothing_to_all() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.wait(1, &offline(), 0.0), Some(Duration::ZERO));
        assert_eq!(policy.backoff(40, 1.0), policy.cap);
    }

    #[test]
    fn the_servers_wish_is_the_least_wait_and_a_long_one_is_left_to_the_caller() {
        let policy = RetryPolicy::default();
        let asked = |seconds| ClientError::answered(503, None, Some(Duration::from_secs(seconds)));
        assert!(policy.wait(1, &asked(7), 0.0).unwrap() >= Duration::from_secs(7));
        assert_eq!(policy.wait(1, &asked(900), 0.0), None);
    }
}

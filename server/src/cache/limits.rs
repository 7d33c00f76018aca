//! Limits on attempts, per address and per name, within this process.

use std::{
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

/// A household shares one address and has several people who mistype.
const NAMES_PER_ADDRESS: u32 = 6;
/// Forgotten keys are swept out this often, in checks.
const SWEEP_EVERY: u32 = 1024;

/// Counts attempts by where they come from and by whose name they try.
pub struct Attempts {
    by_address: Limiter<IpAddr>,
    by_name: Limiter<[u8; 32]>,
}

impl Attempts {
    /// `per_minute` for a name, six times that for an address.
    pub fn new(per_minute: u32) -> Self {
        let per_address = per_minute.saturating_mul(NAMES_PER_ADDRESS);
        Self { by_address: Limiter::new(per_address), by_name: Limiter::new(per_minute) }
    }

    /// Errors: how long to wait.
    pub fn from_address(&self, address: IpAddr) -> Result<(), Duration> {
        self.by_address.check(&address)
    }

    /// `name` is a keyed hash, so that no address is kept in memory. Errors: how long to wait.
    pub fn for_name(&self, name: &[u8; 32]) -> Result<(), Duration> {
        self.by_name.check(name)
    }
}

struct Limiter<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    checks: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(per_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        Self { limiter: RateLimiter::keyed(quota), checks: AtomicU32::new(0) }
    }

    fn check(&self, key: &K) -> Result<(), Duration> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let verdict = self.limiter.check_key(key);
        verdict.map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_tried_so_many_times_a_minute_and_others_are_not_in_the_way() {
        let attempts = Attempts::new(3);
        assert!((0..3).all(|_| attempts.for_name(&[1; 32]).is_ok()));
        assert!(attempts.for_name(&[1; 32]).unwrap_err() > Duration::ZERO);
        assert!(attempts.for_name(&[2; 32]).is_ok());
    }

    #[test]
    fn an_address_has_room_for_a_household() {
        let attempts = Attempts::new(3);
        let address = IpAddr::from([10, 0, 0, 1]);
        assert!((0..18).all(|_| attempts.from_address(address).is_ok()));
        assert!(attempts.from_address(address).is_err());
    }
}

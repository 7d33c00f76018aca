//! Limits within this process.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::{Quotas, RateLimits, Whose};

/// Forgotten keys are swept out this often, in checks.
const SWEEP_EVERY: u32 = 1024;

pub(super) struct Local {
    addresses: Limiter,
    names: Limiter,
    callers: Limiter,
}

impl Local {
    pub(super) fn new(quotas: Quotas) -> Self {
        Self {
            addresses: Limiter::new(quotas.address),
            names: Limiter::new(quotas.name),
            callers: Limiter::new(quotas.requests),
        }
    }

    pub(super) fn check(&self, whose: &Whose) -> Result<(), Duration> {
        match whose {
            Whose::Address(_) => self.addresses.check(whose),
            Whose::Name(_) => self.names.check(whose),
            Whose::Member(_) | Whose::Frame(_) => self.callers.check(whose),
        }
    }
}

#[async_trait]
impl RateLimits for Local {
    async fn attempt(&self, whose: &Whose) -> Result<(), Duration> {
        self.check(whose)
    }
}

struct Limiter {
    limiter: DefaultKeyedRateLimiter<Whose>,
    checks: AtomicU32,
}

impl Limiter {
    fn new(per_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        Self { limiter: RateLimiter::keyed(quota), checks: AtomicU32::new(0) }
    }

    fn check(&self, whose: &Whose) -> Result<(), Duration> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let verdict = self.limiter.check_key(whose);
        verdict.map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
    }
}

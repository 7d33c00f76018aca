//! Limits on attempts, per address and per name: so many a minute, and as many at once.
//!
//! One port with two backends: this process alone, or all processes together through Redis. When Redis is away each
//! process counts for itself: slower to refuse, never refusing everybody.

mod local;
mod shared;

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use metrics::Counter;

use super::redis_server::RedisServer;

/// A household shares one address and has several people who mistype.
const NAMES_PER_ADDRESS: u32 = 6;

/// Whose attempts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    Address(IpAddr),
    /// A keyed hash, so that no name is kept in memory.
    Name([u8; 32]),
}

/// Attempts a minute.
#[derive(Clone, Copy, Debug)]
struct Quotas {
    address: u32,
    name: u32,
}

impl Quotas {
    fn of(self, whose: &Whose) -> u32 {
        match whose {
            Whose::Address(_) => self.address,
            Whose::Name(_) => self.name,
        }
    }
}

#[async_trait]
trait RateLimits: Send + Sync {
    /// Errors: how long to wait.
    async fn attempt(&self, whose: &Whose) -> Result<(), Duration>;
}

/// Counts attempts by where they come from and by whose name they try.
pub struct Attempts {
    limits: Box<dyn RateLimits>,
    refused_addresses: Counter,
    refused_names: Counter,
}

impl Attempts {
    /// `per_minute` for a name, six times that for an address; shared through `redis` when there is one.
    pub fn new(per_minute: u32, redis: Option<RedisServer>) -> Self {
        let per_minute = per_minute.max(1);
        let quotas = Quotas { address: per_minute.saturating_mul(NAMES_PER_ADDRESS), name: per_minute };
        let local = local::Local::new(quotas);
        let limits: Box<dyn RateLimits> = match redis {
            None => Box::new(local),
            Some(redis) => Box::new(shared::Shared::new(quotas, redis, local)),
        };
        let [refused_addresses, refused_names] = ["address", "name"].map(refusals);
        Self { limits, refused_addresses, refused_names }
    }

    /// Errors: how long to wait.
    pub async fn from_address(&self, address: IpAddr) -> Result<(), Duration> {
        let allowed = self.limits.attempt(&Whose::Address(address)).await;
        allowed.inspect_err(|_| self.refused_addresses.increment(1))
    }

    /// Errors: how long to wait.
    pub async fn for_name(&self, name: &[u8; 32]) -> Result<(), Duration> {
        let allowed = self.limits.attempt(&Whose::Name(*name)).await;
        allowed.inspect_err(|_| self.refused_names.increment(1))
    }
}

/// Counted from nothing, so that a first one is seen as a change.
fn refusals(whose: &'static str) -> Counter {
    let counter = metrics::counter!("rate_limit_refusals_total", "whose" => whose);
    counter.increment(0);
    counter
}

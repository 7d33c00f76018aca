//! Limits on attempts, per address and per name, and on requests, per member and frame: so many a minute, and as many
//! at once.
//!
//! One port with two backends: this process alone, or all processes together through Redis. When Redis is away each
//! process counts for itself: slower to refuse, never refusing everybody.

mod local;
mod shared;

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use metrics::Counter;
use uuid::Uuid;

use super::redis_server::RedisServer;
use crate::domain::access::Actor;

/// A household shares one address and has several people who mistype.
const NAMES_PER_ADDRESS: u32 = 6;

/// Whose attempts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    Address(IpAddr),
    /// A keyed hash, so that no name is kept in memory.
    Name([u8; 32]),
    Member(Uuid),
    Frame(Uuid),
}

/// A minute.
#[derive(Clone, Copy, Debug)]
struct Quotas {
    address: u32,
    name: u32,
    /// Requests of one member or frame.
    requests: u32,
}

impl Quotas {
    fn of(self, whose: &Whose) -> u32 {
        match whose {
            Whose::Address(_) => self.address,
            Whose::Name(_) => self.name,
            Whose::Member(_) | Whose::Frame(_) => self.requests,
        }
    }
}

#[async_trait]
trait RateLimits: Send + Sync {
    /// Errors: how long to wait.
    async fn attempt(&self, whose: &Whose) -> Result<(), Duration>;
}

/// Counts attempts by where they come from and by whose name they try, and requests by who sends them.
pub struct Limits {
    limits: Box<dyn RateLimits>,
    refused_addresses: Counter,
    refused_names: Counter,
    refused_callers: Counter,
}

impl Limits {
    /// `per_minute` attempts for a name, six times that for an address, and `requests` of a member or frame; shared
    /// through `redis` when there is one.
    pub fn new(per_minute: u32, requests: u32, redis: Option<RedisServer>) -> Self {
        let name = per_minute.max(1);
        let address = name.saturating_mul(NAMES_PER_ADDRESS);
        let quotas = Quotas { address, name, requests: requests.max(1) };
        let local = local::Local::new(quotas);
        let limits: Box<dyn RateLimits> = match redis {
            None => Box::new(local),
            Some(redis) => Box::new(shared::Shared::new(quotas, redis, local)),
        };
        let [refused_addresses, refused_names, refused_callers] = ["address", "name", "caller"].map(refusals);
        Self { limits, refused_addresses, refused_names, refused_callers }
    }

    /// Errors: how long to wait.
    pub async fn from_address(&self, address: IpAddr) -> Result<(), Duration> {
        let allowed = self.limits.attempt(&Whose::Address(address)).await;
        allowed.inspect_err(|_| self.refused_addresses.increment(1))
    }

    /// Errors: how long to wait.
    pub async fn of_caller(&self, actor: Actor) -> Result<(), Duration> {
        let whose = match actor {
            Actor::Member(member) => Whose::Member(member.0),
            Actor::Frame(frame) => Whose::Frame(frame.0),
        };
        let allowed = self.limits.attempt(&whose).await;
        allowed.inspect_err(|_| self.refused_callers.increment(1))
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

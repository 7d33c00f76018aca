//! Limits on attempts, per address and per name, and on requests, per member and frame: so many a minute, and as many
//! at once.
//!
//! One port with two backends: this process alone, or all processes together through Redis. When Redis is away each
//! process counts for itself: slower to refuse, never refusing everybody.

mod local;
mod shared;

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
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
pub struct Limits(Box<dyn RateLimits>);

impl Limits {
    /// `per_minute` attempts for a name, six times that for an address, and `requests` of a member or frame; shared
    /// through `redis` when there is one.
    pub fn new(per_minute: u32, requests: u32, redis: Option<RedisServer>) -> Self {
        let name = per_minute.max(1);
        let address = name.saturating_mul(NAMES_PER_ADDRESS);
        let quotas = Quotas { address, name, requests: requests.max(1) };
        let local = local::Local::new(quotas);
        match redis {
            None => Self(Box::new(local)),
            Some(redis) => Self(Box::new(shared::Shared::new(quotas, redis, local))),
        }
    }

    /// Errors: how long to wait.
    pub async fn from_address(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.attempt(&Whose::Address(address)).await
    }

    /// Errors: how long to wait.
    pub async fn of_caller(&self, actor: Actor) -> Result<(), Duration> {
        let whose = match actor {
            Actor::Member(member) => Whose::Member(member.0),
            Actor::Frame(frame) => Whose::Frame(frame.0),
        };
        self.0.attempt(&whose).await
    }

    /// Errors: how long to wait.
    pub async fn for_name(&self, name: &[u8; 32]) -> Result<(), Duration> {
        self.0.attempt(&Whose::Name(*name)).await
    }
}

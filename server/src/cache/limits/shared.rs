//! Limits over all processes, counted in Redis by the generic cell rate algorithm (GCRA), as governor counts them here.
//!
//! Redis keeps one number per key: the time at which the quota would be full again. Its own clock decides, so the
//! servers' clocks need not agree. Fails open to the limits of this process.

use std::time::Duration;

use async_trait::async_trait;
use redis::Script;

use super::{Quotas, RateLimits, Whose, local::Local};
use crate::cache::redis_server::{Question, RedisServer};

/// Answers microseconds to wait, 0 when the attempt is allowed. ARGV: microseconds per attempt, attempts at once.
const GCRA: &str = r"
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval = tonumber(ARGV[1])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = full_at - interval * (tonumber(ARGV[2]) - 1) - now
if wait > 0 then return wait end
full_at = full_at + interval
redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
return 0
";

const MINUTE_MICROS: u64 = 60_000_000;

pub(super) struct Shared {
    quotas: Quotas,
    redis: RedisServer,
    script: Script,
    /// Counts while Redis is away.
    local: Local,
}

impl Shared {
    pub(super) fn new(quotas: Quotas, redis: RedisServer, local: Local) -> Self {
        Self { quotas, redis, script: Script::new(GCRA), local }
    }
}

#[async_trait]
impl RateLimits for Shared {
    async fn attempt(&self, whose: &Whose) -> Result<(), Duration> {
        let at_once = u64::from(self.quotas.of(whose));
        let mut question = self.script.prepare_invoke();
        question.key(key(whose)).arg(MINUTE_MICROS / at_once).arg(at_once);
        let ask = |mut redis| async move { question.invoke_async::<u64>(&mut redis).await };
        match self.redis.ask(Question::Limit, ask).await {
            Ok(0) => Ok(()),
            Ok(wait) => Err(Duration::from_micros(wait)),
            Err(_) => self.local.check(whose),
        }
    }
}

fn key(whose: &Whose) -> String {
    match whose {
        Whose::Address(address) => format!("picup:limit:address:{address}"),
        Whose::Name(name) => format!("picup:limit:name:{}", hex::encode(name)),
        Whose::Member(member) => format!("picup:limit:member:{member}"),
        Whose::Frame(frame) => format!("picup:limit:frame:{frame}"),
    }
}

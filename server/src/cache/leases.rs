//! Which process has an upload in hand: a lease in Redis, renewed while the work goes on.
//!
//! A lease only keeps processes out of each other's way. That no byte gets out of place is the fence's doing, which is
//! in the database: so without Redis every lease is granted (fails open).

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use redis::Script;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::redis_server::{Question, RedisServer};

/// A process that died keeps nobody waiting longer.
const LASTS: Duration = Duration::from_secs(5);
/// Also how soon a holder hears that it was taken over.
const RENEWS_EVERY: Duration = Duration::from_millis(100);

/// Answers 1 when the lease is ours. ARGV: us, milliseconds, how: `take` when free, `over` from one that can be
/// interrupted, `keep` what is still ours, `insist` on it from now on. A value is `r` or, insisted on, `f` and a holder.
const LEASE: &str = r"
local held = redis.call('GET', KEYS[1])
local ours = not held or string.sub(held, 2) == ARGV[1]
local interruptible = held and string.sub(held, 1, 1) == 'r'
if not ours and not (ARGV[3] == 'over' and interruptible) then return 0 end
local phase = 'r'
if ARGV[3] == 'insist' then phase = 'f' end
redis.call('SET', KEYS[1], phase .. ARGV[1], 'PX', ARGV[2])
return 1
";

const RELEASE: &str = r"
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 2) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
";

/// The leases of one process. Between its own requests it decides by itself.
#[derive(Clone)]
pub struct Leases {
    redis: Option<RedisServer>,
    me: Uuid,
}

/// What one process holds. Ends by itself when it is not renewed.
#[derive(Clone)]
pub struct Lease {
    leases: Leases,
    key: String,
    insists: Arc<AtomicBool>,
}

impl Leases {
    pub fn new(redis: Option<RedisServer>) -> Self {
        Self { redis, me: Uuid::new_v4() }
    }

    /// None while another process has it.
    pub async fn try_take(&self, upload: Uuid) -> Option<Lease> {
        self.lease(upload, "take").await
    }

    /// Takes it from whoever has it. None when they insist.
    pub async fn take_over(&self, upload: Uuid) -> Option<Lease> {
        self.lease(upload, "over").await
    }

    async fn lease(&self, upload: Uuid, how: &str) -> Option<Lease> {
        let key = format!("picup:upload:{upload}");
        let lease = Lease { leases: self.clone(), key, insists: Arc::default() };
        lease.ask(how).await.then_some(lease)
    }
}

impl Lease {
    /// From now on nobody takes it over. False when somebody has.
    pub async fn insist(&self) -> bool {
        self.insists.store(true, Ordering::SeqCst);
        self.ask("insist").await
    }

    /// Renews it for as long as this is polled; cancels `lost` once somebody took it over.
    pub async fn keep(self, lost: CancellationToken) -> Infallible {
        if self.leases.redis.is_none() {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(RENEWS_EVERY).await;
            let how = if self.insists.load(Ordering::SeqCst) { "insist" } else { "keep" };
            if !self.ask(how).await {
                lost.cancel();
                return std::future::pending().await;
            }
        }
    }

    /// To be called before another request of this process can take it.
    pub async fn release(&self) {
        let Some(redis) = &self.leases.redis else { return };
        let script = Script::new(RELEASE);
        let mut question = script.key(&self.key);
        question.arg(self.leases.me.to_string());
        // Not heard: the lease ends by itself.
        let _ = redis
            .ask(Question::Lease, |mut redis| async move { question.invoke_async::<u64>(&mut redis).await })
            .await;
    }

    async fn ask(&self, how: &str) -> bool {
        let Some(redis) = &self.leases.redis else { return true };
        let script = Script::new(LEASE);
        let mut question = script.key(&self.key);
        question.arg(self.leases.me.to_string()).arg(LASTS.as_millis() as u64).arg(how);
        let answer = redis
            .ask(Question::Lease, |mut redis| async move { question.invoke_async::<u64>(&mut redis).await })
            .await;
        answer.is_ok_and(|granted| granted == 1) || answer.is_err()
    }
}

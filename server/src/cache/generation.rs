//! A number that all processes see and each may advance: what was read under an earlier one is read again.
//!
//! Unknown while Redis is away; what is read then has to be read again soon.

use super::redis_server::{Question, RedisServer};

pub struct Generation {
    everywhere: Option<(RedisServer, &'static str)>,
}

impl Generation {
    pub fn new(key: &'static str, redis: Option<RedisServer>) -> Self {
        Self { everywhere: redis.map(|redis| (redis, key)) }
    }

    /// None when nobody can say.
    pub async fn current(&self) -> Option<u64> {
        let (redis, key) = self.everywhere.as_ref()?;
        let question = |mut redis| async move { redis::cmd("GET").arg(*key).query_async(&mut redis).await };
        let known: Option<u64> = redis.ask(Question::Generation, question).await.ok()?;
        Some(known.unwrap_or(0))
    }

    /// To be called after the commit of what changed.
    pub async fn advance(&self) {
        let Some((redis, key)) = &self.everywhere else { return };
        // Unheard, the others find out when what they have grows stale.
        let question =
            |mut redis| async move { redis::cmd("INCR").arg(*key).query_async::<u64>(&mut redis).await };
        let _ = redis.ask(Question::Generation, question).await;
    }
}

//! Answers that many ask for, kept for a moment in this process and, through Redis, in all of them.
//!
//! Invariant: a name holds everything the answer depends on, the number of the family's last change too: an answer is
//! never corrected, only forgotten. Fails open: without Redis each process keeps its own.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;
use redis::RedisResult;

use super::redis_server::{Away, Question, RedisServer};
use crate::{Error, Result};

/// Bytes of answers this process keeps.
const HERE_BYTES: u64 = 16 << 20;
/// A process that said it reads an answer, and died, keeps the others waiting no longer.
const READS_WITHIN: Duration = Duration::from_millis(500);
const LOOKS_EVERY: Duration = Duration::from_millis(10);

/// What is kept, sealed by who brings it.
type Answer = Arc<[u8]>;

pub struct Reads {
    here: Option<Cache<String, Answer>>,
    everywhere: Option<RedisServer>,
    lasts: Duration,
}

impl Reads {
    /// Answers last so long; nothing is kept when that is no time.
    pub fn new(lasts: Duration, redis: Option<RedisServer>) -> Self {
        let here = (!lasts.is_zero()).then(|| {
            let builder = Cache::builder().max_capacity(HERE_BYTES).time_to_live(lasts);
            builder.weigher(|name: &String, answer: &Answer| weight(name.len() + answer.len())).build()
        });
        Self { here, everywhere: redis, lasts }
    }

    /// The answer of this name. `read` is called by one request, of one process, for all that wait.
    ///
    /// Errors: those of `read`.
    pub async fn get(&self, name: &str, read: impl Future<Output = Result<Vec<u8>>>) -> Result<Answer> {
        let Some(here) = &self.here else { return Ok(read.await?.into()) };
        if let Some(answer) = here.get(name).await {
            count("here");
            return Ok(answer);
        }
        let asked = here.try_get_with(name.to_owned(), self.others_or_read(name, read)).await;
        asked.map_err(|error: Arc<Error>| error.shared())
    }

    async fn others_or_read(
        &self,
        name: &str,
        read: impl Future<Output = Result<Vec<u8>>>,
    ) -> Result<Answer> {
        let Some(redis) = &self.everywhere else { return counted(read).await };
        match self.ask_others(redis, name).await {
            Ok(Some(answer)) => {
                count("elsewhere");
                Ok(answer)
            }
            Ok(None) => {
                let answer = counted(read).await?;
                self.tell_others(redis, name, &answer).await;
                Ok(answer)
            }
            Err(Away) => counted(read).await,
        }
    }

    /// None: it is for us to read.
    async fn ask_others(&self, redis: &RedisServer, name: &str) -> Result<Option<Answer>, Away> {
        let began = tokio::time::Instant::now();
        loop {
            if let Some(bytes) = redis.ask(Question::Answer, |mut redis| get(&mut redis, name)).await? {
                return Ok(Some(bytes.into()));
            }
            if redis.ask(Question::Answer, |mut redis| claim(&mut redis, name)).await? {
                // Whoever had claimed it may have told it between our two questions.
                let told = redis.ask(Question::Answer, |mut redis| get(&mut redis, name)).await?;
                return Ok(told.map(Into::into));
            }
            if began.elapsed() > READS_WITHIN {
                return Ok(None);
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }

    async fn tell_others(&self, redis: &RedisServer, name: &str, answer: &Answer) {
        let mut keep = redis::pipe();
        let lasts = u64::try_from(self.lasts.as_millis()).unwrap_or(u64::MAX);
        keep.cmd("SET").arg(name).arg(&answer[..]).arg("PX").arg(lasts).ignore();
        keep.cmd("DEL").arg(claim_of(name)).ignore();
        // Unheard, the others read for themselves.
        let _ = redis
            .ask(Question::Answer, |mut redis| async move { keep.query_async::<()>(&mut redis).await })
            .await;
    }
}

fn get<'a>(
    redis: &mut redis::aio::ConnectionManager,
    name: &'a str,
) -> impl Future<Output = RedisResult<Option<Vec<u8>>>> + use<'a> {
    let mut redis = redis.clone();
    async move { redis::cmd("GET").arg(name).query_async(&mut redis).await }
}

/// True when nobody else reads it.
fn claim(
    redis: &mut redis::aio::ConnectionManager,
    name: &str,
) -> impl Future<Output = RedisResult<bool>> + use<> {
    let (mut redis, claim) = (redis.clone(), claim_of(name));
    let within = u64::try_from(READS_WITHIN.as_millis()).unwrap_or(u64::MAX);
    async move {
        let mut question = redis::cmd("SET");
        question.arg(claim).arg(1).arg("NX").arg("PX").arg(within);
        let set: Option<String> = question.query_async(&mut redis).await?;
        Ok(set.is_some())
    }
}

fn claim_of(name: &str) -> String {
    format!("{name}:read")
}

async fn counted(read: impl Future<Output = Result<Vec<u8>>>) -> Result<Answer> {
    count("read");
    Ok(read.await?.into())
}

fn count(from: &'static str) {
    metrics::counter!("cache_reads_total", "from" => from).increment(1);
}

fn weight(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

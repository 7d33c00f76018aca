//! Where the newest commit of any process is in a primary's log, so that everybody finds their last write on a replica
//! whichever process they ask.
//!
//! Fails closed: when Redis may not know of a commit, the primary is read.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use redis::Script;

use super::redis_server::{Question, RedisServer};

/// After Redis was away some process may still have a commit it could not tell.
const SURE_AFTER: Duration = Duration::from_secs(10);

/// Keeps the later of two GTIDs. A list of several domains, as a server tells its whole log, gives way to any.
const NOTE: &str = r"
local function sequence(gtid) return tonumber(string.match(gtid or '', '^%d+%-%d+%-(%d+)$') or '0') end
local known = redis.call('GET', KEYS[1])
if not known or sequence(ARGV[1]) > sequence(known) then redis.call('SET', KEYS[1], ARGV[1]) end
return 1
";

#[derive(Debug)]
pub struct LastWrite {
    here: Mutex<Option<String>>,
    everywhere: Option<(RedisServer, String)>,
}

/// What a replica must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Newest {
    /// Everything up to this GTID.
    At(String),
    /// This process is the only one, and has written nothing.
    Nothing,
    /// There may be commits nobody here knows of.
    Unknown,
}

impl LastWrite {
    /// `database` names it to the other processes.
    pub fn new(database: &str, redis: Option<RedisServer>) -> Self {
        let key = format!("picup:last-write:{database}");
        Self { here: Mutex::default(), everywhere: redis.map(|redis| (redis, key)) }
    }

    /// To be called after a commit, before it is answered.
    pub async fn note(&self, gtid: String) {
        *self.here.lock().unwrap_or_else(PoisonError::into_inner) = Some(gtid.clone());
        let Some((redis, key)) = &self.everywhere else { return };
        let script = Script::new(NOTE);
        let mut question = script.key(key);
        question.arg(gtid);
        // Unheard, every process reads the primary until Redis has been there for a while.
        let _ = redis
            .ask(
                Question::LastWrite,
                |mut redis| async move { question.invoke_async::<u64>(&mut redis).await },
            )
            .await;
    }

    pub async fn newest(&self) -> Newest {
        let Some((redis, key)) = &self.everywhere else {
            let here = self.here.lock().unwrap_or_else(PoisonError::into_inner).clone();
            return here.map_or(Newest::Nothing, Newest::At);
        };
        if !redis.has_answered_for(SURE_AFTER) {
            return Newest::Unknown;
        }
        let mut question = redis::cmd("GET");
        question.arg(key);
        let known: Result<Option<String>, _> = redis
            .ask(Question::LastWrite, |mut redis| async move { question.query_async(&mut redis).await })
            .await;
        known.ok().flatten().map_or(Newest::Unknown, Newest::At)
    }
}

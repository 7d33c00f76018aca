//! How a process reaches the Redis of a test.

use std::time::Duration;

use picup_server::cache::redis_server::RedisServer;
use picup_testkit::daemons::Redis;

/// Waits for an answer as a server does.
pub(crate) fn usual(redis: &Redis) -> RedisServer {
    RedisServer::open(&redis.url().parse().unwrap()).unwrap()
}

/// Goes without no answer, however long the machine stands still.
pub(crate) fn patient(redis: &Redis) -> RedisServer {
    usual(redis).answering_within(Duration::from_secs(60))
}

//! Kept answers: read once by one process for all, and never behind their family.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use futures::future::join_all;
use picup_server::{
    Error,
    cache::{reads::Reads, redis_server::RedisServer},
};
use picup_testkit::{daemons::Redis, eventually};
use uuid::Uuid;

use crate::servers::{patient, usual};

const LASTS: Duration = Duration::from_secs(60);
/// At most, before others read for themselves.
const A_READER_TAKES: Duration = Duration::from_millis(500);

fn process(redis: RedisServer) -> Reads {
    Reads::new(LASTS, Some(redis))
}

/// Asks for an answer that takes a moment to read; counts the readings.
async fn ask(reads: &Reads, name: &str, count: &AtomicU32) -> Vec<u8> {
    let read = async {
        count.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(50)).await;
        Ok(name.as_bytes().to_vec())
    };
    reads.get(name, read).await.unwrap().to_vec()
}

/// What holds of one process holds of several that share a Redis.
async fn check_reads(processes: &[Reads]) {
    for _ in 0..2 {
        eventually("an answer is read once", || is_read_once(processes)).await;
    }
    let count = AtomicU32::default();
    let failed =
        processes[0].get("picup:read:c", async { Err(Error::internal(anyhow::anyhow!("no"))) }).await;
    assert!(failed.is_err());
    ask(&processes[0], "picup:read:c", &count).await;
    assert_eq!(count.load(Ordering::SeqCst), 1, "a failure is not kept");
}

/// None when the machine stood still for so long that somebody rightly waited for the reader no longer.
async fn is_read_once(processes: &[Reads]) -> Option<()> {
    let (name, count, began) =
        (format!("picup:read:{}", Uuid::now_v7()), AtomicU32::default(), Instant::now());
    let crowd = (0..30).map(|number| ask(&processes[number % processes.len()], &name, &count));
    assert!(join_all(crowd).await.iter().all(|answer| answer == name.as_bytes()));
    let times = count.into_inner();
    assert!(times == 1 || began.elapsed() >= A_READER_TAKES, "read {times} times");
    (times == 1).then_some(())
}

#[tokio::test]
async fn one_request_reads_for_all() {
    check_reads(&[Reads::new(LASTS, None)]).await;
    let redis = Redis::start().await;
    check_reads(&[(); 3].map(|()| process(patient(&redis)))).await;
}

#[tokio::test]
async fn nothing_is_kept_for_no_time() {
    let (reads, count) = (Reads::new(Duration::ZERO, None), AtomicU32::default());
    ask(&reads, "picup:read:a", &count).await;
    ask(&reads, "picup:read:a", &count).await;
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

/// FAILURES 25: slower, never wrong.
#[tokio::test]
async fn failure_25_answers_are_read_while_redis_is_stopped_or_hangs() {
    let mut redis = Redis::start().await;
    let (one, other) = (process(usual(&redis)), process(usual(&redis)));
    let count = Arc::new(AtomicU32::default());
    redis.stop().await;
    for reads in [&one, &other] {
        assert_eq!(ask(reads, "picup:read:a", &count).await, b"picup:read:a");
    }
    assert_eq!(count.load(Ordering::SeqCst), 2, "each for itself");
    redis.start_again().await;
    redis.pause();
    assert_eq!(ask(&one, "picup:read:b", &count).await, b"picup:read:b");
    redis.resume();
}

/// A process that said it reads an answer, and died, is not waited for.
#[tokio::test]
async fn a_reader_that_died_keeps_nobody_waiting() {
    let redis = Redis::start().await;
    let (died, other) = (process(usual(&redis)), process(usual(&redis)));
    let forever = died.get("picup:read:a", std::future::pending());
    tokio::time::timeout(Duration::from_millis(300), forever).await.expect_err("it never answers");
    let count = AtomicU32::default();
    assert_eq!(ask(&other, "picup:read:a", &count).await, b"picup:read:a");
}

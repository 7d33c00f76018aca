//! Limits on attempts: the same rules within a process and over all of them.

use std::{net::IpAddr, time::Duration};

use picup_server::cache::{limits::Limits, redis_server::RedisServer};
use picup_testkit::{daemons::Redis, eventually};

use crate::servers::{patient, usual};

const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

fn through(redis: RedisServer, per_minute: u32) -> Limits {
    Limits::new(per_minute, 1000, Some(redis))
}

/// How many of `tries` are allowed.
async fn allowed(attempts: &Limits, name: u8, tries: u32) -> u32 {
    let mut allowed = 0;
    for _ in 0..tries {
        allowed += u32::from(attempts.for_name(&[name; 32]).await.is_ok());
    }
    allowed
}

/// What every backend does.
async fn check_limits(attempts: &Limits) {
    assert_eq!(allowed(attempts, 1, 3).await, 3, "so many at once");
    let wait = attempts.for_name(&[1; 32]).await.unwrap_err();
    assert!(
        wait > Duration::ZERO && wait <= Duration::from_secs(20),
        "a third of a minute at most: {wait:?}"
    );
    assert_eq!(allowed(attempts, 2, 1).await, 1, "others are not in the way");
    for _ in 0..18 {
        attempts.from_address(ADDRESS).await.expect("an address has room for a household");
    }
    attempts.from_address(ADDRESS).await.unwrap_err();
}

#[tokio::test]
async fn one_process_limits_attempts() {
    check_limits(&Limits::new(3, 1000, None)).await;
}

#[tokio::test]
async fn redis_limits_attempts_by_the_same_rules() {
    let redis = Redis::start().await;
    check_limits(&through(patient(&redis), 3)).await;
}

#[tokio::test]
async fn room_comes_back_with_time() {
    let redis = Redis::start().await;
    // One each tenth of a second.
    for attempts in [through(usual(&redis), 600), Limits::new(600, 1000, None)] {
        while attempts.for_name(&[1; 32]).await.is_ok() {}
        eventually("one more is allowed", || async { attempts.for_name(&[1; 32]).await.ok() }).await;
    }
}

#[tokio::test]
async fn two_processes_share_one_limit() {
    let redis = Redis::start().await;
    let (one, other) = (through(patient(&redis), 3), through(patient(&redis), 3));
    assert_eq!(allowed(&one, 1, 2).await, 2);
    assert_eq!(allowed(&other, 1, 5).await, 1);
    assert_eq!(allowed(&one, 1, 1).await, 0);
}

#[tokio::test]
async fn failure_25_each_process_limits_for_itself_while_redis_is_stopped() {
    let mut redis = Redis::start().await;
    let attempts = through(patient(&redis), 3);
    assert_eq!(allowed(&attempts, 1, 4).await, 3);
    redis.kill9();
    assert_eq!(allowed(&attempts, 1, 10).await, 3, "limited still, by this process");
    redis.start_again().await;
    let shared = through(usual(&redis), 3);
    assert_eq!(allowed(&shared, 2, 3).await, 3);
    eventually("the process counts with the others again", || async {
        attempts.for_name(&[2; 32]).await.is_err().then_some(())
    })
    .await;
}

#[tokio::test]
async fn failure_25_each_process_limits_for_itself_while_redis_hangs() {
    let redis = Redis::start().await;
    let attempts = through(usual(&redis), 3);
    assert_eq!(allowed(&attempts, 1, 1).await, 1);
    redis.pause();
    assert_eq!(allowed(&attempts, 2, 10).await, 3, "limited still, by this process");
    redis.resume();
    let shared = through(usual(&redis), 3);
    assert_eq!(allowed(&shared, 3, 3).await, 3);
    eventually("the process counts with the others again", || async {
        attempts.for_name(&[3; 32]).await.is_err().then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_server_starts_without_its_redis() {
    let mut redis = Redis::start().await;
    redis.stop().await;
    assert_eq!(allowed(&through(usual(&redis), 3), 1, 10).await, 3);
}

//! Events between processes.

use std::{sync::Arc, time::Duration};

use picup_api::{FamilyId, FrameId, change::Event};
use picup_server::cache::{
    fanout::{Fanout, Hint},
    redis_server::RedisServer,
};
use picup_testkit::{daemons::Redis, eventually};
use tokio::sync::broadcast::Receiver;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};
use uuid::Uuid;

use crate::servers::{patient, usual};

/// One server process's fan-out, running.
struct Process {
    fanout: Arc<Fanout>,
    hints: Receiver<Hint>,
    _running: DropGuard,
}

impl Process {
    fn alone() -> Self {
        Self::start(None)
    }

    /// Waits until it hears the others.
    async fn through(redis: RedisServer) -> Self {
        let mut process = Self::start(Some(redis));
        process.misses_some().await;
        process
    }

    fn start(redis: Option<RedisServer>) -> Self {
        let (fanout, stopping) = (Arc::new(Fanout::new(redis)), CancellationToken::new());
        let hints = fanout.subscribe();
        let (running, until) = (fanout.clone(), stopping.clone());
        TaskTracker::new().spawn(async move { running.run(until).await });
        Self { fanout, hints, _running: stopping.drop_guard() }
    }

    fn publish(&self, frame: Uuid) {
        self.fanout.publish(event(frame));
    }

    /// The next event's frame.
    async fn hears(&mut self) -> Uuid {
        loop {
            if let Hint::Event(Event::FrameChanged { frame_id, .. }) = self.hints.recv().await.unwrap() {
                return frame_id.0;
            }
        }
    }

    async fn misses_some(&mut self) {
        while !matches!(self.hints.recv().await.unwrap(), Hint::Missed) {}
    }
}

fn event(frame: Uuid) -> Event {
    Event::FrameChanged { family_id: FamilyId(Uuid::nil()), frame_id: FrameId(frame) }
}

/// What every backend does for the listeners of its own process.
async fn check_own_listeners(process: &mut Process) {
    let ids = [Uuid::now_v7(), Uuid::now_v7()];
    ids.iter().for_each(|id| process.publish(*id));
    assert_eq!([process.hears().await, process.hears().await], ids, "each once, in order");
}

#[tokio::test]
async fn a_process_hears_itself() {
    check_own_listeners(&mut Process::alone()).await;
}

#[tokio::test]
async fn a_process_hears_itself_once_through_redis_too() {
    let redis = Redis::start().await;
    let (mut one, other) = (Process::through(patient(&redis)).await, Process::through(patient(&redis)).await);
    check_own_listeners(&mut one).await;
    // Had its own events come back, they would stand before this one.
    let last = Uuid::now_v7();
    other.publish(last);
    assert_eq!(one.hears().await, last);
}

#[tokio::test]
async fn processes_hear_each_other() {
    let redis = Redis::start().await;
    let (one, mut other) = (Process::through(patient(&redis)).await, Process::through(patient(&redis)).await);
    let ids = [Uuid::now_v7(), Uuid::now_v7()];
    ids.iter().for_each(|id| one.publish(*id));
    assert_eq!([other.hears().await, other.hears().await], ids);
}

#[tokio::test]
async fn failure_25_own_listeners_hear_while_redis_is_stopped_and_all_are_told_of_the_gap() {
    let mut redis = Redis::start().await;
    let (mut one, mut other) = (Process::through(usual(&redis)).await, Process::through(usual(&redis)).await);
    redis.kill9();
    check_own_listeners(&mut one).await;
    redis.start_again().await;
    other.misses_some().await;
    hear_each_other_again(&one, &mut other).await;
}

#[tokio::test]
async fn failure_25_own_listeners_hear_while_redis_hangs_and_others_are_told_of_the_gap() {
    let redis = Redis::start().await;
    let (mut one, mut other) = (Process::through(usual(&redis)).await, Process::through(usual(&redis)).await);
    redis.pause();
    check_own_listeners(&mut one).await;
    // Longer than a publisher waits for an answer.
    tokio::time::sleep(Duration::from_millis(600)).await;
    redis.resume();
    other.misses_some().await;
    hear_each_other_again(&one, &mut other).await;
}

/// Publishes until one arrives: the first ones may be part of the gap.
async fn hear_each_other_again(one: &Process, other: &mut Process) {
    let mut hints = other.fanout.subscribe();
    eventually("an event arrives", || {
        one.publish(Uuid::now_v7());
        let heard = std::iter::from_fn(|| hints.try_recv().ok()).any(|hint| matches!(hint, Hint::Event(_)));
        async move { heard.then_some(()) }
    })
    .await;
}

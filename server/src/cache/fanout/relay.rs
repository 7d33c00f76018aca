//! Carries events between processes over one Redis channel.
//!
//! Redis keeps nothing for those who are not listening, so both ends own up to gaps: a process that could not publish
//! says so to all when it can again, and one whose subscription was cut tells its own listeners when it is back.

use std::time::Duration;

use futures::StreamExt;
use picup_api::change::Event;
use redis::RedisResult;
use serde::{Deserialize, Serialize};
use tokio::sync::{
    Mutex, broadcast,
    mpsc::{self, Receiver, Sender},
};
use uuid::Uuid;

use super::Hint;
use crate::cache::redis_server::{Question, RedisServer};

const CHANNEL: &str = "picup:events";
/// Events that wait for Redis; more are a gap.
const QUEUE: usize = 1024;
const TRIES_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// A subscription that is silent is asked this often whether it is still there, and has as long to answer.
const ASKS_EVERY: Duration = Duration::from_secs(5);

pub(super) struct Relay {
    /// Tells our own events from others'.
    me: Uuid,
    redis: RedisServer,
    queue: Sender<Event>,
    waiting: Mutex<Outgoing>,
}

struct Outgoing {
    events: Receiver<Event>,
    /// An event did not get out.
    has_gap: bool,
}

#[derive(Serialize, Deserialize)]
struct Message {
    from: Uuid,
    /// None: there were some that could not be told.
    event: Option<Event>,
}

impl Relay {
    pub(super) fn new(redis: RedisServer) -> Self {
        let (queue, events) = mpsc::channel(QUEUE);
        Self { me: Uuid::new_v4(), redis, queue, waiting: Mutex::new(Outgoing { events, has_gap: false }) }
    }

    /// A full queue means that Redis is away: the publisher has a gap to tell already.
    pub(super) fn queue(&self, event: Event) {
        let _ = self.queue.try_send(event);
    }

    pub(super) async fn run(&self, local: &broadcast::Sender<Hint>) {
        tokio::join!(self.publish_all(), self.listen_always(local));
    }

    async fn publish_all(&self) {
        let mut outgoing = self.waiting.lock().await;
        loop {
            if outgoing.has_gap {
                // What is queued is part of the gap.
                while outgoing.events.try_recv().is_ok() {}
                outgoing.has_gap = !self.publish(None).await;
                if outgoing.has_gap {
                    tokio::time::sleep(TRIES_AGAIN_AFTER).await;
                }
            } else if let Some(event) = outgoing.events.recv().await {
                outgoing.has_gap = !self.publish(Some(event)).await;
            }
        }
    }

    /// Whether it got out.
    async fn publish(&self, event: Option<Event>) -> bool {
        let Ok(text) = serde_json::to_string(&Message { from: self.me, event }) else { return false };
        let publish = |mut redis| async move {
            redis::cmd("PUBLISH").arg(CHANNEL).arg(text).query_async::<u64>(&mut redis).await
        };
        self.redis.ask(Question::Publish, publish).await.is_ok()
    }

    async fn listen_always(&self, local: &broadcast::Sender<Hint>) {
        loop {
            if let Err(error) = self.listen(local).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "no events from other processes");
            }
            tokio::time::sleep(TRIES_AGAIN_AFTER).await;
        }
    }

    /// Until the subscription breaks.
    async fn listen(&self, local: &broadcast::Sender<Hint>) -> RedisResult<()> {
        let (mut sink, mut messages) = self.redis.client().get_async_pubsub().await?.split();
        sink.subscribe(CHANNEL).await?;
        // Also the first time: a listener may have been here before the subscription was.
        let _ = local.send(Hint::Missed);
        loop {
            match tokio::time::timeout(ASKS_EVERY, messages.next()).await {
                Ok(Some(message)) => self.take(&message.get_payload::<String>()?, local),
                Ok(None) => return Ok(()),
                Err(_) => is_there(&mut sink).await?,
            }
        }
    }

    fn take(&self, text: &str, local: &broadcast::Sender<Hint>) {
        match serde_json::from_str::<Message>(text) {
            Ok(message) if message.from == self.me => {}
            Ok(Message { event: Some(event), .. }) => drop(local.send(Hint::Event(event))),
            Ok(Message { event: None, .. }) => drop(local.send(Hint::Missed)),
            // A newer server's: something happened.
            Err(_) => drop(local.send(Hint::Missed)),
        }
    }
}

async fn is_there(sink: &mut redis::aio::PubSubSink) -> RedisResult<()> {
    let answer = tokio::time::timeout(ASKS_EVERY, sink.ping::<redis::Value>()).await;
    answer.map_err(std::io::Error::from)?.map(drop)
}

//! Events from commits to everyone who listens, in this process and, through Redis, in the others.
//!
//! Events are hints. A listener that falls behind, or whose process may have missed some, is told so and reads the
//! change feed again. This process's own listeners never depend on Redis.

mod relay;

use picup_api::change::Event;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::redis_server::RedisServer;
use relay::Relay;

/// Events a slow listener may be behind before it has to read the feed.
const BACKLOG: usize = 1024;

#[derive(Clone, Debug)]
pub enum Hint {
    Event(Event),
    /// Something may have happened that nobody could tell.
    Missed,
}

pub struct Fanout {
    local: broadcast::Sender<Hint>,
    others: Option<Relay>,
}

impl Default for Fanout {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Fanout {
    /// Shared with the other processes through `redis` when there is one.
    pub fn new(redis: Option<RedisServer>) -> Self {
        Self { local: broadcast::channel(BACKLOG).0, others: redis.map(Relay::new) }
    }

    /// Called after a commit. Nobody listening is fine.
    pub fn publish(&self, event: Event) {
        if let Some(others) = &self.others {
            others.queue(event.clone());
        }
        let _ = self.local.send(Hint::Event(event));
    }

    /// Every family's events from now on; the caller keeps those it may see.
    pub fn subscribe(&self) -> broadcast::Receiver<Hint> {
        self.local.subscribe()
    }

    /// How many listen in this process.
    pub fn listeners(&self) -> usize {
        self.local.receiver_count()
    }

    /// Carries events to and from the other processes until `stopping`. Returns at once when there are none.
    pub async fn run(&self, stopping: CancellationToken) {
        if let Some(others) = &self.others {
            stopping.run_until_cancelled(others.run(&self.local)).await;
        }
    }
}

//! Events from commits to everyone who listens, within this process.
//!
//! A listener that falls behind is told so and reads the change feed again: events are hints.

use picup_api::change::Event;
use tokio::sync::broadcast;

/// Events a slow listener may be behind before it has to read the feed.
const BACKLOG: usize = 1024;

pub struct Fanout(broadcast::Sender<Event>);

impl Default for Fanout {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Fanout {
    /// Called after a commit. Nobody listening is fine.
    pub fn publish(&self, event: Event) {
        let _ = self.0.send(event);
    }

    /// Every family's events from now on; the caller keeps those it may see.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}

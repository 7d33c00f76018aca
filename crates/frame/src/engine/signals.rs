//! What the engine's tasks tell each other: "look again". Nothing is carried, so nothing can be lost.

use std::sync::{Mutex, PoisonError};

use picup_api::screen::PauseReason;
use tokio::sync::Notify;

use crate::inbox::InboxState;

#[derive(Default)]
pub(crate) struct Signals {
    /// Something the screen is told of may have changed.
    pub status: Notify,
    /// The spool has something to send.
    pub arrived: Notify,
    /// The server has news, or a file is missing.
    pub sync: Notify,
    /// Another photo is on, or the time it stays has changed.
    pub slides: Notify,
    /// The children should hear how the frame is doing, and the frame what they want.
    pub heartbeat: Notify,
    pub restart: Notify,
    /// Something changed that the home is told of and the screen is not.
    pub home: Notify,
    inboxes: Mutex<Vec<InboxState>>,
}

impl Signals {
    pub(crate) fn set_inbox(&self, place: usize, state: InboxState) {
        let mut inboxes = self.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        if inboxes.len() <= place {
            inboxes.resize(place + 1, InboxState::default());
        }
        if inboxes[place] != state {
            inboxes[place] = state;
            self.status.notify_one();
        }
    }

    /// Files that wait in all folders, and why they do.
    pub(crate) fn inboxes(&self) -> (u32, Option<PauseReason>) {
        let inboxes = self.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        (inboxes.iter().map(|it| it.waiting).sum(), inboxes.iter().find_map(|it| it.paused))
    }
}

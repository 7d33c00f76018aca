//! What a message says: which row may be taken.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{jobs::Outbox, store::jobs::JobRow};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    pub database: Outbox,
    pub id: Uuid,
    /// For a person who looks into the queue.
    pub kind: String,
    /// As of its publishing. A row that was taken since has more: the message is of the past.
    pub attempts: u32,
}

impl Message {
    pub(super) fn of(outbox: Outbox, row: &JobRow) -> Self {
        Self { database: outbox, id: row.id, kind: row.kind.clone(), attempts: row.attempts }
    }

    /// Whether the row is as it was when the message was sent.
    pub(super) fn is_about(&self, row: &JobRow) -> bool {
        row.id == self.id && row.attempts == self.attempts && row.state == "waiting"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_of_the_last_and_the_next_release_read_it() {
        let id = Uuid::nil();
        let text =
            format!(r#"{{"database":"library","id":"{id}","kind":"render","attempts":2,"news":true}}"#);
        let message: Message = serde_json::from_str(&text).unwrap();
        let meant = Message { database: Outbox::Library, id, kind: "render".into(), attempts: 2 };
        assert_eq!(message, meant);
    }
}

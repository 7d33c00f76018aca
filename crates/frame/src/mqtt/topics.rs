//! The names under which a frame is found, told of and spoken to.

use picup_api::FrameId;

pub(super) struct Topics {
    pub id: String,
    /// Where Home Assistant reads what the frame is.
    pub discovery: String,
    /// `online` or `offline`.
    pub availability: String,
    /// One JSON object with everything that changes.
    pub state: String,
    /// Caption and date of what is on.
    pub showing: String,
    /// The bytes of the picture that is on.
    pub picture: String,
    commands: String,
}

impl Topics {
    pub(super) fn new(frame: FrameId, discovery: &str) -> Self {
        let id = format!("picup_{}", frame.0.simple());
        let own = format!("picup/{}", frame.0.simple());
        Self {
            discovery: format!("{discovery}/device/{id}/config"),
            availability: format!("{own}/availability"),
            state: format!("{own}/state"),
            showing: format!("{own}/showing"),
            picture: format!("{own}/picture"),
            commands: format!("{own}/set"),
            id,
        }
    }

    /// Where a command of this name is sent to.
    pub(super) fn command(&self, name: &str) -> String {
        format!("{}/{name}", self.commands)
    }

    pub(super) fn all_commands(&self) -> String {
        self.command("+")
    }

    /// The name of the command that was sent to `topic`.
    pub(super) fn command_at<'a>(&self, topic: &'a str) -> Option<&'a str> {
        topic.strip_prefix(&self.commands)?.strip_prefix('/')
    }

    /// Everything the broker keeps of this frame.
    pub(super) fn kept(&self) -> [&str; 5] {
        [&self.discovery, &self.state, &self.showing, &self.picture, &self.availability]
    }
}

//! Who holds a session, on what, and for how long.

use std::time::Duration;

use picup_api::{FrameId, MemberId, account::ClientKind};
use uuid::Uuid;

/// Longest name a browser or program may give itself; the rest is cut off.
const MAX_USER_AGENT_CHARS: usize = 200;

/// Whom a session is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Member(MemberId),
    Frame(FrameId),
}

impl Holder {
    pub fn id(self) -> Uuid {
        match self {
            Self::Member(id) => id.0,
            Self::Frame(id) => id.0,
        }
    }
}

/// What is kept with a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub holder: Holder,
    /// Where its refresh token goes.
    pub client: ClientKind,
    /// As the browser or program named itself.
    pub user_agent: String,
}

impl Device {
    pub fn new(holder: Holder, client: ClientKind, user_agent: &str) -> Self {
        let plain = user_agent.chars().filter(|c| !c.is_control());
        Self { holder, client, user_agent: plain.take(MAX_USER_AGENT_CHARS).collect() }
    }

    pub fn is_frame(&self) -> bool {
        matches!(self.holder, Holder::Frame(_))
    }

    /// A frame stays paired until it is removed, however long it is in a drawer: nobody in front of it can sign in.
    pub fn idle(&self, member_days: u32) -> Duration {
        const TEN_YEARS_IN_DAYS: u64 = 3653;
        let days = if self.is_frame() { TEN_YEARS_IN_DAYS } else { u64::from(member_days) };
        Duration::from_secs(days * 86_400)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_in_a_drawer_stays_paired() {
        let member = Device::new(Holder::Member(MemberId(Uuid::nil())), ClientKind::Web, "");
        let frame = Device::new(Holder::Frame(FrameId(Uuid::nil())), ClientKind::App, "");
        assert_eq!(member.idle(90), Duration::from_secs(90 * 86_400));
        assert!(frame.idle(90) > Duration::from_secs(9 * 365 * 86_400));
    }

    #[test]
    fn a_long_or_strange_user_agent_is_cut_and_cleaned() {
        let device = Device::new(Holder::Member(MemberId(Uuid::nil())), ClientKind::Web, &"é\n".repeat(1000));
        assert_eq!(device.user_agent, "é".repeat(200));
    }
}

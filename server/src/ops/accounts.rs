//! Members, sessions, families, invites, frames.

pub mod authentication;
pub mod birthdays;
pub mod families;
pub mod frame_pictures;
pub mod frame_self;
pub mod frames;
pub mod installer;
pub mod invites;
pub mod keys;
pub mod me;
pub mod members;
pub mod pairing;
pub mod people;
pub mod removal;
pub mod sessions;

use picup_api::{ErrorCode, FrameId, MemberId};

use crate::{
    Result,
    domain::access::{Actor, Caller},
};

/// Members and frames a family can have: lists stay one page.
pub const MAX_PER_FAMILY: usize = 200;

/// Errors: `Forbidden` for a frame.
pub fn member_of(caller: &Caller) -> Result<MemberId> {
    match caller.actor {
        Actor::Member(member) => Ok(member),
        Actor::Frame(_) => Err(ErrorCode::Forbidden.into()),
    }
}

/// Errors: `Forbidden` for a member.
pub fn frame_of(caller: &Caller) -> Result<FrameId> {
    match caller.actor {
        Actor::Frame(frame) => Ok(frame),
        Actor::Member(_) => Err(ErrorCode::Forbidden.into()),
    }
}

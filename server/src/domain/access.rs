//! Who asks, and what their role lets them do.
//!
//! Another family's things are not found rather than forbidden, so that ids tell nothing.

use std::collections::BTreeMap;

use picup_api::{ErrorCode, FamilyId, FrameId, MemberId, SessionId, account::Role};

/// The verified sender of a request.
#[derive(Clone, Debug)]
pub struct Caller {
    pub actor: Actor,
    pub session: SessionId,
    pub families: BTreeMap<FamilyId, Role>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Member(MemberId),
    Frame(FrameId),
}

/// What can be done in a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Read,
    Heart,
    Upload,
    Comment,
    /// Hides a photo from the frames, or asks the children to take it away.
    SetAside,
    /// Albums, captions, dates, names.
    Edit,
    Trash,
    /// Members, invites, frames, the family itself.
    Manage,
}

impl Caller {
    /// Errors: `NotFound` outside the family, `Forbidden` when the role does not allow it.
    pub fn allow(&self, family: FamilyId, act: Act) -> Result<(), ErrorCode> {
        let role = self.families.get(&family).ok_or(ErrorCode::NotFound)?;
        if may(*role, act) { Ok(()) } else { Err(ErrorCode::Forbidden) }
    }
}

fn may(role: Role, act: Act) -> bool {
    match role {
        Role::Owner => true,
        Role::Editor => act != Act::Manage,
        Role::Viewer => matches!(act, Act::Read | Act::Heart | Act::Comment),
        Role::Frame => matches!(act, Act::Read | Act::Heart | Act::Upload | Act::SetAside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_reads_uploads_hearts_and_sets_aside_and_nothing_else() {
        let members = [Act::Comment, Act::Edit, Act::Trash, Act::Manage];
        let frames = [Act::Read, Act::Heart, Act::Upload, Act::SetAside];
        assert!(frames.into_iter().all(|act| may(Role::Frame, act)));
        assert!(!members.into_iter().any(|act| may(Role::Frame, act)));
    }

    #[test]
    fn another_familys_things_are_not_found() {
        let caller = Caller {
            actor: Actor::Member(MemberId(uuid::Uuid::from_u128(1))),
            session: SessionId(uuid::Uuid::from_u128(2)),
            families: BTreeMap::from([(FamilyId(uuid::Uuid::from_u128(3)), Role::Viewer)]),
        };
        assert_eq!(caller.allow(FamilyId(uuid::Uuid::from_u128(4)), Act::Read), Err(ErrorCode::NotFound));
        assert_eq!(caller.allow(FamilyId(uuid::Uuid::from_u128(3)), Act::Edit), Err(ErrorCode::Forbidden));
    }
}

//! What access tokens still in circulation claim wrongly, and what they are worth after the correction.
//!
//! Tokens live for minutes and are verified without a database; this small set is what makes a removal take effect
//! at once. It only ever takes away: what was gained shows in the next token.

use std::collections::{BTreeMap, HashMap, HashSet};

use picup_api::{ErrorCode, FamilyId, FrameId, MemberId, SessionId, account::Role};
use uuid::Uuid;

use super::access::{Actor, Caller};

/// One correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    Session(Uuid),
    /// The role that counts now; `None`: no longer a member.
    Membership {
        member: MemberId,
        family: FamilyId,
        role: Option<Role>,
    },
}

/// Every correction in force.
#[derive(Debug, Default)]
pub struct RevocationSet {
    sessions: HashSet<Uuid>,
    roles: HashMap<(MemberId, FamilyId), Option<Role>>,
}

impl FromIterator<Revocation> for RevocationSet {
    fn from_iter<T: IntoIterator<Item = Revocation>>(revocations: T) -> Self {
        let mut set = Self::default();
        for revocation in revocations {
            match revocation {
                Revocation::Session(id) => {
                    set.sessions.insert(id);
                }
                Revocation::Membership { member, family, role } => {
                    set.roles.insert((member, family), role);
                }
            }
        }
        set
    }
}

impl RevocationSet {
    /// Who a verified token speaks for now.
    ///
    /// Errors: `SessionRevoked`, for a frame `FrameRevoked`.
    pub fn caller(
        &self,
        subject: Uuid,
        session: Uuid,
        mut families: BTreeMap<FamilyId, Role>,
    ) -> Result<Caller, ErrorCode> {
        let is_frame = families.values().any(|role| *role == Role::Frame);
        if self.sessions.contains(&session) {
            return Err(if is_frame { ErrorCode::FrameRevoked } else { ErrorCode::SessionRevoked });
        }
        let actor = if is_frame { Actor::Frame(FrameId(subject)) } else { Actor::Member(MemberId(subject)) };
        if let Actor::Member(member) = actor {
            families = families
                .into_iter()
                .filter_map(|(family, role)| self.correct(member, family, role))
                .collect();
        }
        Ok(Caller { actor, session: SessionId(session), families })
    }

    fn correct(&self, member: MemberId, family: FamilyId, claimed: Role) -> Option<(FamilyId, Role)> {
        let role = self.roles.get(&(member, family)).copied().unwrap_or(Some(claimed));
        role.map(|role| (family, role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBER: MemberId = MemberId(Uuid::from_u128(1));
    const FAMILY: FamilyId = FamilyId(Uuid::from_u128(2));
    const SESSION: Uuid = Uuid::from_u128(3);

    fn caller(revocations: &[Revocation], role: Role) -> Result<Caller, ErrorCode> {
        let set: RevocationSet = revocations.iter().copied().collect();
        set.caller(MEMBER.0, SESSION, BTreeMap::from([(FAMILY, role)]))
    }

    #[test]
    fn a_removed_member_loses_the_family_and_nothing_else() {
        let removed = Revocation::Membership { member: MEMBER, family: FAMILY, role: None };
        assert!(caller(&[removed], Role::Owner).unwrap().families.is_empty());
        let elsewhere = Revocation::Membership { member: MEMBER, family: FamilyId(Uuid::nil()), role: None };
        assert_eq!(caller(&[elsewhere], Role::Owner).unwrap().families[&FAMILY], Role::Owner);
    }

    #[test]
    fn a_changed_role_counts_at_once() {
        let lowered = Revocation::Membership { member: MEMBER, family: FAMILY, role: Some(Role::Viewer) };
        assert_eq!(caller(&[lowered], Role::Owner).unwrap().families[&FAMILY], Role::Viewer);
    }

    #[test]
    fn a_membership_gained_waits_for_the_next_token() {
        let gained =
            Revocation::Membership { member: MEMBER, family: FamilyId(Uuid::nil()), role: Some(Role::Owner) };
        assert_eq!(
            caller(&[gained], Role::Viewer).unwrap().families,
            BTreeMap::from([(FAMILY, Role::Viewer)])
        );
    }

    #[test]
    fn a_revoked_session_is_told_apart_from_a_revoked_frame() {
        let revoked = [Revocation::Session(SESSION)];
        assert_eq!(caller(&revoked, Role::Owner).unwrap_err(), ErrorCode::SessionRevoked);
        assert_eq!(caller(&revoked, Role::Frame).unwrap_err(), ErrorCode::FrameRevoked);
    }
}

//! Who belongs to a family, and as what.

use picup_api::{
    ErrorCode, FamilyId, MemberId, Timestamp,
    account::{Membership, MembershipPatch, Role},
};

use super::{member_of, people, removal};
use crate::{
    App, Error, Result,
    domain::access::{Act, Caller},
    store::{
        Connection, StoreError,
        accounts::{
            members,
            memberships::{self, MembershipRow},
        },
    },
};

/// In the order of joining. Not for frames: a living room does not need addresses.
pub async fn list(app: &App, caller: &Caller, family: FamilyId) -> Result<Vec<Membership>> {
    caller.allow(family, Act::Read)?;
    member_of(caller)?;
    let mut reader = app.accounts.fresh().await?;
    let mut found = Vec::new();
    for row in memberships::of_family(&mut reader, family).await? {
        found.extend(open(app, &mut reader, &row).await?);
    }
    Ok(found)
}

/// `None` for a member removed meanwhile.
async fn open(app: &App, connection: &mut Connection, row: &MembershipRow) -> Result<Option<Membership>> {
    let Some(member) = members::find(connection, MemberId(row.member_id)).await? else { return Ok(None) };
    let member = people::open_member(app, &member)?;
    Ok(Some(Membership {
        member_id: member.id,
        display_name: member.display_name,
        email: member.email,
        role: row.role()?,
        joined_at: Timestamp::from_millis(row.joined_at),
    }))
}

/// Errors: `ValidationFailed`, `LastOwner`.
pub async fn change_role(
    app: &App,
    caller: &Caller,
    family: FamilyId,
    member: MemberId,
    patch: MembershipPatch,
) -> Result<Membership> {
    caller.allow(family, Act::Manage)?;
    let role = human(patch.role)?;
    let now = app.now();
    let mut tx = app.accounts.begin_in_turn().await?;
    memberships::find(&mut tx, family, member).await?.ok_or(ErrorCode::NotFound)?;
    if role != Role::Owner && is_last_owner(&memberships::of_family(&mut tx, family).await?, member)? {
        return Err(ErrorCode::LastOwner.into());
    }
    memberships::set_role(&mut tx, family, member, role).await?;
    removal::correct_role(app, &mut tx, family, member, Some(role), now).await?;
    let row = memberships::find(&mut tx, family, member).await?.ok_or(ErrorCode::NotFound)?;
    let membership = open(app, &mut tx, &row).await?.ok_or(ErrorCode::NotFound)?;
    tx.commit().await?;
    app.auth.revocations.changed().await;
    Ok(membership)
}

/// An owner removes anyone; everyone may leave.
///
/// Errors: `LastOwner`.
pub async fn remove(app: &App, caller: &Caller, family: FamilyId, member: MemberId) -> Result<()> {
    caller.allow(family, Act::Read)?;
    if member_of(caller)? != member {
        caller.allow(family, Act::Manage)?;
    }
    let mut tx = app.accounts.begin_in_turn().await?;
    memberships::find(&mut tx, family, member).await?.ok_or(ErrorCode::NotFound)?;
    if is_last_owner(&memberships::of_family(&mut tx, family).await?, member)? {
        return Err(ErrorCode::LastOwner.into());
    }
    removal::leave(app, &mut tx, family, member, app.now()).await?;
    tx.commit().await?;
    app.auth.revocations.changed().await;
    Ok(())
}

/// A person is never a frame. Errors: `ValidationFailed`.
pub(super) fn human(role: Role) -> Result<Role> {
    match role {
        Role::Frame => Err(Error::new(ErrorCode::ValidationFailed).with_field("role", "invalid")),
        Role::Owner | Role::Editor | Role::Viewer => Ok(role),
    }
}

/// Whether the family would have no owner without this member.
pub(super) fn is_last_owner(everyone: &[MembershipRow], member: MemberId) -> Result<bool, StoreError> {
    let mut owners = Vec::new();
    for row in everyone {
        if row.role()? == Role::Owner {
            owners.push(row.member_id);
        }
    }
    Ok(owners == [member.0])
}

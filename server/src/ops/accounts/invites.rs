//! Invites: a code that makes whoever has it a member, once.

use aws_lc_rs::{digest, rand};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use picup_api::{
    ErrorCode, FamilyId, Timestamp,
    account::{FamilyOfMember, Invite, NewInvite},
};

use super::{member_of, members::human, people, removal};
use crate::{
    App, Error, Result,
    domain::access::{Act, Caller},
    store::accounts::{families, invites, memberships},
};

/// 128 random bits: nobody guesses one, and it fits into a message.
const CODE_BYTES: usize = 16;

/// Errors: `ValidationFailed`.
pub async fn create(app: &App, caller: &Caller, family: FamilyId, body: NewInvite) -> Result<Invite> {
    caller.allow(family, Act::Manage)?;
    let role = human(body.role)?;
    let mut random = [0; CODE_BYTES];
    rand::fill(&mut random).map_err(Error::internal)?;
    let code = BASE64.encode(random);
    let now = app.now();
    let expires_at = now + i64::from(app.config.auth.invite_days) * 86_400_000;
    let invite = invites::NewInvite {
        code_hash: sha256(&code),
        family,
        role,
        created_by: member_of(caller)?,
        expires_at,
    };
    let mut tx = app.accounts.begin_in_turn().await?;
    invites::insert(&mut tx, &invite, now).await?;
    tx.commit().await?;
    let url = format!("{}/invite/{code}", app.config.http.public_url.as_str().trim_end_matches('/'));
    Ok(Invite { code, url, expires_at: Timestamp::from_millis(expires_at) })
}

/// The family shows in the caller's next access token.
///
/// Errors: `InviteInvalid` for an unknown or used code, `InviteExpired`, `AlreadyMember`.
pub async fn accept(app: &App, caller: &Caller, code: &str) -> Result<FamilyOfMember> {
    let member = member_of(caller)?;
    let hash = sha256(code);
    let now = app.now();
    let mut tx = app.accounts.begin_in_turn().await?;
    let invite = invites::find(&mut tx, &hash).await?.ok_or(ErrorCode::InviteInvalid)?;
    let family = FamilyId(invite.family_id);
    if memberships::find(&mut tx, family, member).await?.is_some() {
        return Err(ErrorCode::AlreadyMember.into());
    }
    if invite.accepted_by.is_some() {
        return Err(ErrorCode::InviteInvalid.into());
    }
    if now >= invite.expires_at {
        return Err(ErrorCode::InviteExpired.into());
    }
    if memberships::of_family(&mut tx, family).await?.len() >= super::MAX_PER_FAMILY {
        return Err(Error::new(ErrorCode::ValidationFailed).with_field("code", "too_many"));
    }
    let role = invite.role()?;
    memberships::insert(&mut tx, family, member, role, now).await?;
    // Whoever was removed a moment ago and invited again must not be taken for removed.
    removal::correct_role(app, &mut tx, family, member, Some(role), now).await?;
    invites::mark_accepted(&mut tx, &hash, member).await?;
    let row = families::find(&mut tx, family).await?.ok_or(ErrorCode::InviteInvalid)?;
    tx.commit().await?;
    app.auth.revocations.changed().await;
    Ok(FamilyOfMember { id: family, name: people::family_name(app, &row)?, role })
}

pub(super) fn sha256(text: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    hash
}

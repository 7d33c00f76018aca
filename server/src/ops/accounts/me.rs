//! A member's own account.

use picup_api::{
    ErrorCode, FamilyId, MemberId, SessionId, Timestamp,
    account::{AccountDeletion, Me, MePatch, Member, PasswordChange, Session},
};
use picup_auth::Verdict;

use super::{member_of, members::is_last_owner, people, removal, sessions::limit_name};
use crate::{
    App, Error, Result,
    domain::{access::Caller, faults::Faults, job::AccountsJob, password, session::Holder, text::PersonName},
    store::accounts::{AccountsTx, members, memberships, sessions},
};

pub async fn read(app: &App, caller: &Caller) -> Result<Me> {
    let id = member_of(caller)?;
    let mut reader = app.accounts.fresh().await?;
    let row = members::find(&mut reader, id).await?.ok_or(ErrorCode::SessionRevoked)?;
    let families = people::families_of(app, &mut reader, id).await?;
    Ok(Me { member: people::open_member(app, &row)?, families })
}

/// Errors: `ValidationFailed`.
pub async fn update(app: &App, caller: &Caller, patch: MePatch) -> Result<Member> {
    let id = member_of(caller)?;
    let mut faults = Faults::default();
    let name = patch.display_name.map(|name| faults.take("display_name", PersonName::parse(&name)));
    let name = match name {
        Some(None) => return Err(Error::invalid(faults.into_fields())),
        Some(name) => name,
        None => None,
    };
    let mut tx = app.accounts.begin().await?;
    let row = members::find(&mut tx, id).await?.ok_or(ErrorCode::SessionRevoked)?;
    if let Some(name) = name {
        let key = app.seal.unwrap(&row.wrapped_key)?;
        let sealed = key.seal(&people::display_name_context(id.0), name.as_str())?;
        members::set_display_name(&mut tx, id, &sealed).await?;
    }
    if let Some(locale) = patch.locale {
        members::set_locale(&mut tx, id, locale).await?;
    }
    let row = members::find(&mut tx, id).await?.ok_or(ErrorCode::SessionRevoked)?;
    tx.commit().await?;
    people::open_member(app, &row)
}

/// Ends every other session.
///
/// Errors: `ValidationFailed`, `PasswordWrong`, `RateLimited`.
pub async fn change_password(app: &App, caller: &Caller, change: PasswordChange) -> Result<()> {
    let id = member_of(caller)?;
    let mut faults = Faults::default();
    faults.require(!change.current_password.is_empty(), "current_password", "required");
    let new = faults.take("new_password", password::parse_new(change.new_password));
    let faulty = faults.into_fields();
    let (true, Some(new)) = (faulty.is_empty(), new) else { return Err(Error::invalid(faulty)) };
    confirm_password(app, id, change.current_password).await?;
    let hash = app.auth.hash_password(new).await?;
    let now = app.now();
    let mut tx = app.accounts.begin().await?;
    members::set_password(&mut tx, id, &hash).await?;
    removal::end_sessions(app, &mut tx, Holder::Member(id), Some(caller.session.0), now).await?;
    tx.commit().await?;
    app.auth.revocations.changed().await;
    Ok(())
}

/// Removes the account; families of which the member is the only one go with it.
///
/// Errors: `PasswordWrong`, `RateLimited`; `LastOwner` when others would be left without an owner.
pub async fn delete(app: &App, caller: &Caller, body: AccountDeletion) -> Result<()> {
    let id = member_of(caller)?;
    confirm_password(app, id, body.password).await?;
    let mut tx = app.accounts.begin_in_turn().await?;
    remove(app, &mut tx, id).await?;
    tx.commit().await?;
    app.auth.revocations.changed().await;
    Ok(())
}

async fn remove(app: &App, tx: &mut AccountsTx, id: MemberId) -> Result<()> {
    let now = app.now();
    for membership in memberships::of_member(tx, id).await? {
        let family = FamilyId(membership.family_id);
        let everyone = memberships::of_family(tx, family).await?;
        if everyone.len() == 1 {
            removal::remove_family(app, tx, family, now).await?;
        } else if is_last_owner(&everyone, id)? {
            return Err(ErrorCode::LastOwner.into());
        } else {
            removal::leave(app, tx, family, id, now).await?;
        }
    }
    removal::end_sessions(app, tx, Holder::Member(id), None, now).await?;
    members::remove(tx, id).await?;
    Ok(tx.enqueue(&AccountsJob::MemberDeleted { member: id }, now).await?)
}

/// Someone else at an open browser must not be able to guess.
async fn confirm_password(app: &App, id: MemberId, password: String) -> Result<()> {
    limit_name(app, &app.seal.blind_index(&format!("password of {id}"))).await?;
    let row = members::find(&mut *app.accounts.fresh().await?, id).await?.ok_or(ErrorCode::SessionRevoked)?;
    match app.auth.check_password(password.into(), Some(row.password_hash)).await? {
        Verdict::Wrong => Err(ErrorCode::PasswordWrong.into()),
        Verdict::Right | Verdict::RightButOutdated => Ok(()),
    }
}

/// Sessions that are open, newest first.
pub async fn list_sessions(app: &App, caller: &Caller) -> Result<Vec<Session>> {
    let id = member_of(caller)?;
    let mut reader = app.accounts.fresh().await?;
    let open = sessions::open_of_holder(&mut reader, Holder::Member(id), app.now()).await?;
    let shown = open.into_iter().map(|session| Session {
        id: SessionId(session.id),
        client: session.details.client,
        user_agent: session.details.user_agent,
        created_at: Timestamp::from_millis(session.created_at.0),
        last_used_at: Timestamp::from_millis(session.last_used_at.0),
        current: session.id == caller.session.0,
    });
    Ok(shown.collect())
}

/// Errors: `NotFound` for a session that is not the caller's.
pub async fn revoke_session(app: &App, caller: &Caller, session: SessionId) -> Result<()> {
    let id = member_of(caller)?;
    let mut tx = app.accounts.begin().await?;
    let mine =
        sessions::find(&mut tx, session.0).await?.filter(|found| found.details.holder == Holder::Member(id));
    if mine.is_none_or(|session| session.revoked_at.is_some()) {
        return Err(ErrorCode::NotFound.into());
    }
    removal::end_session(app, &mut tx, session.0, app.now()).await?;
    tx.commit().await?;
    app.auth.revocations.changed().await;
    Ok(())
}

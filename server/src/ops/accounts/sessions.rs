//! Sign-up, sign-in, refresh, sign-out.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use picup_api::{
    ErrorCode, FamilyId, FrameId, MemberId,
    account::{ClientKind, Member, Role, SignedIn, Signin, Signup},
    frame::FrameToken,
};
use picup_auth::{NewSession, Outcome, RefreshToken, Session, UnixMillis, Verdict};
use uuid::Uuid;

use super::{keys, people, removal};
use crate::{
    App, Error, Result,
    domain::{
        access::Caller,
        client_address,
        email::Email,
        faults::Faults,
        job::AccountsJob,
        password,
        session::{Device, Holder},
        text::{FamilyName, PersonName},
    },
    store::{
        StoreErrorKind,
        accounts::{AccountsTx, frames, members, memberships},
    },
};

/// Where an attempt comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    pub address: IpAddr,
    /// As the browser or program names itself.
    pub user_agent: String,
}

/// A member's answer. A browser gets the refresh token as a cookie instead.
#[derive(Debug)]
pub struct Granted {
    pub answer: SignedIn,
    pub refresh_token: RefreshToken,
    pub client: ClientKind,
}

/// What a refresh answers, by holder.
#[derive(Debug)]
pub enum Refreshed {
    Member(Box<Granted>),
    Frame(FrameToken),
}

/// Makes a member with a first family, signed in.
///
/// Errors: `RateLimited`, `ValidationFailed`, `EmailTaken`.
pub async fn sign_up(app: &App, origin: &Origin, body: Signup) -> Result<Granted> {
    limit_address(app, origin.address).await?;
    let mut faults = Faults::default();
    let email = faults.take("email", Email::parse(&body.email));
    let password = faults.take("password", password::parse_new(body.password));
    let display_name = faults.take("display_name", PersonName::parse(&body.display_name));
    let family_name = faults.take("family_name", FamilyName::parse(&body.family_name));
    let (Some(email), Some(password), Some(display_name), Some(family_name)) =
        (email, password, display_name, family_name)
    else {
        return Err(Error::invalid(faults.into_fields()));
    };
    let hash = app.auth.hash_password(password).await?;
    let now = app.now();
    let mut tx = app.accounts.begin_in_turn().await?;
    let member = insert_member(app, &mut tx, &email, &display_name, body.locale, hash, now).await?;
    found_family(app, &mut tx, member, &family_name, now).await?;
    let granted = open(app, &mut tx, member, body.client, origin, now).await?;
    tx.commit().await?;
    Ok(granted)
}

/// Errors: `EmailTaken`.
pub(super) async fn insert_member(
    app: &App,
    tx: &mut AccountsTx,
    email: &Email,
    display_name: &PersonName,
    locale: picup_api::account::Locale,
    password_hash: String,
    now: i64,
) -> Result<MemberId> {
    let member = people::seal_member(app, email, display_name, locale, password_hash)?;
    match members::insert(tx, &member, now).await {
        Ok(()) => Ok(member.id),
        Err(error) if error.kind == StoreErrorKind::Duplicate => Err(ErrorCode::EmailTaken.into()),
        Err(error) => Err(error.into()),
    }
}

/// Makes a family with its first owner, and tells the library.
pub(super) async fn found_family(
    app: &App,
    tx: &mut AccountsTx,
    owner: MemberId,
    name: &FamilyName,
    now: i64,
) -> Result<FamilyId> {
    let family = people::insert_family(app, tx, name, now).await?;
    memberships::insert(tx, family, owner, Role::Owner, now).await?;
    tx.enqueue(&AccountsJob::FamilyCreated { family }, now).await?;
    Ok(family)
}

/// Errors: `RateLimited`, `CredentialsWrong`; an e-mail nobody has takes as long as a wrong password.
pub async fn sign_in(app: &App, origin: &Origin, body: Signin) -> Result<Granted> {
    limit_address(app, origin.address).await?;
    let index = Email::parse(&body.email).ok().map(|email| people::email_index(app, &email));
    let row = match &index {
        Some(index) => {
            limit_name(app, index).await?;
            members::find_by_email(&mut *app.accounts.fresh().await?, index).await?
        }
        None => None,
    };
    let stored = row.as_ref().map(|row| row.password_hash.clone());
    let verdict = app.auth.check_password(body.password.clone().into(), stored).await?;
    let row = row.ok_or(ErrorCode::CredentialsWrong)?;
    let fresh_hash = match verdict {
        Verdict::Wrong => return Err(ErrorCode::CredentialsWrong.into()),
        Verdict::Right => None,
        Verdict::RightButOutdated => Some(app.auth.hash_password(body.password.into()).await?),
    };
    let now = app.now();
    let member = MemberId(row.id);
    let mut tx = app.accounts.begin().await?;
    if let Some(hash) = fresh_hash {
        members::set_password(&mut tx, member, &hash).await?;
    }
    removal::sweep(&mut tx, now).await?;
    let granted = open(app, &mut tx, member, body.client, origin, now).await?;
    tx.commit().await?;
    Ok(granted)
}

/// Exchanges a refresh token.
///
/// Errors: `RefreshTokenInvalid`, `RefreshTokenReplayed`, `SessionRevoked`, `FrameRevoked`.
pub async fn refresh(app: &App, token: &str) -> Result<Refreshed> {
    let now = app.now();
    let mut tx = app.accounts.begin().await?;
    let outcome = picup_auth::refresh(&mut tx, token, &app.auth.policy, UnixMillis(now)).await?;
    match outcome {
        Outcome::Renewed(renewed) => {
            let answer = renew(app, &mut tx, &renewed.session, renewed.refresh_token, now).await?;
            tx.commit().await?;
            Ok(answer)
        }
        Outcome::Replayed(session) => {
            removal::end_session(app, &mut tx, session.id, now).await?;
            tx.commit().await?;
            app.auth.revocations.changed().await;
            tracing::warn!(session = %session.id, "a used refresh token came again: session revoked");
            Err(ErrorCode::RefreshTokenReplayed.into())
        }
        Outcome::Ended(session) => Err(end_code(&session).into()),
        Outcome::Unknown => Err(ErrorCode::RefreshTokenInvalid.into()),
        Outcome::TryAgain => Err(Error::new(ErrorCode::Unavailable).with_retry_after(Duration::from_secs(1))),
    }
}

fn end_code(session: &Session<Device>) -> ErrorCode {
    match (session.revoked_at, session.details.holder) {
        (None, _) => ErrorCode::RefreshTokenInvalid,
        (Some(_), Holder::Member(_)) => ErrorCode::SessionRevoked,
        (Some(_), Holder::Frame(_)) => ErrorCode::FrameRevoked,
    }
}

/// Ends the caller's own session.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<()> {
    let mut tx = app.accounts.begin().await?;
    removal::end_session(app, &mut tx, caller.session.0, app.now()).await?;
    tx.commit().await?;
    app.auth.revocations.changed().await;
    Ok(())
}

/// Opens a session for a member in the caller's transaction.
async fn open(
    app: &App,
    tx: &mut AccountsTx,
    member: MemberId,
    client: ClientKind,
    origin: &Origin,
    now: i64,
) -> Result<Granted> {
    let device = Device::new(Holder::Member(member), client, &origin.user_agent);
    let (session, refresh_token) = open_session(app, tx, device, now).await?;
    grant(app, tx, member, &session, refresh_token, now).await
}

pub(super) async fn open_session(
    app: &App,
    tx: &mut AccountsTx,
    device: Device,
    now: i64,
) -> Result<(Session<Device>, RefreshToken)> {
    let new = NewSession { id: Uuid::now_v7(), subject: device.holder.id().to_string(), details: device };
    let opened = picup_auth::open(tx, new, &app.auth.policy, UnixMillis(now)).await?;
    let opened = opened.ok_or_else(|| Error::internal(anyhow::anyhow!("no randomness")))?;
    Ok((opened.session, opened.refresh_token))
}

async fn renew(
    app: &App,
    tx: &mut AccountsTx,
    session: &Session<Device>,
    refresh_token: RefreshToken,
    now: i64,
) -> Result<Refreshed> {
    match session.details.holder {
        Holder::Member(member) => {
            let granted = grant(app, tx, member, session, refresh_token, now).await?;
            Ok(Refreshed::Member(Box::new(granted)))
        }
        Holder::Frame(frame) => {
            grant_frame(app, tx, frame, session, &refresh_token, now).await.map(Refreshed::Frame)
        }
    }
}

async fn grant(
    app: &App,
    tx: &mut AccountsTx,
    member: MemberId,
    session: &Session<Device>,
    refresh_token: RefreshToken,
    now: i64,
) -> Result<Granted> {
    keys::notice_rotation(app, keys::NOTICED_WITHIN).await?;
    let row = members::find(tx, member).await?.ok_or(ErrorCode::SessionRevoked)?;
    let mut families = BTreeMap::new();
    for membership in memberships::of_member(tx, member).await? {
        families.insert(FamilyId(membership.family_id), membership.role()?);
    }
    let issued = app.auth.issue(member.0, session.id, families, now)?;
    let member: Member = people::open_member(app, &row)?;
    let client = session.details.client;
    let in_body = (client == ClientKind::App).then(|| refresh_token.expose());
    let answer = SignedIn {
        member,
        access_token: issued.token,
        expires_in: issued.expires_in,
        refresh_token: in_body,
    };
    Ok(Granted { answer, refresh_token, client })
}

/// A frame's answer to pairing and to a refresh.
pub(super) async fn grant_frame(
    app: &App,
    tx: &mut AccountsTx,
    frame: FrameId,
    session: &Session<Device>,
    refresh_token: &RefreshToken,
    now: i64,
) -> Result<FrameToken> {
    keys::notice_rotation(app, keys::NOTICED_WITHIN).await?;
    let row = frames::find(tx, frame).await?.ok_or(ErrorCode::FrameRevoked)?;
    let family = FamilyId(row.family_id);
    let issued = app.auth.issue(frame.0, session.id, BTreeMap::from([(family, Role::Frame)]), now)?;
    Ok(FrameToken {
        access_token: issued.token,
        token_type: "Bearer".to_owned(),
        expires_in: issued.expires_in,
        refresh_token: refresh_token.expose(),
        frame_id: frame,
        family_id: family,
    })
}

/// Errors: `RateLimited`.
pub(super) async fn limit_address(app: &App, address: IpAddr) -> Result<()> {
    app.auth.limits.from_address(client_address::household(address)).await.map_err(limited)
}

/// Errors: `RateLimited`.
pub(super) async fn limit_name(app: &App, name: &[u8; 32]) -> Result<()> {
    app.auth.limits.for_name(name).await.map_err(limited)
}

pub(super) fn limited(wait: Duration) -> Error {
    Error::new(ErrorCode::RateLimited).with_retry_after(wait)
}

//! Pairing a frame: RFC 8628, the device authorization grant.

use std::net::IpAddr;

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use picup_api::{
    ErrorCode, FamilyId, FrameId, MemberId,
    account::{ClientKind, Locale},
    change::Event,
    frame::{
        DEVICE_CODE_GRANT, Frame, FrameSettings, FrameToken, FrameTokenRequest, NewPairing, Pairing,
        PairingApproval,
    },
};
use uuid::Uuid;

use super::{
    frames::{hardware_name_context, name_context, open_frame},
    invites::sha256,
    member_of, removal, sessions,
};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        faults::Faults,
        pairing::{INTERVAL_SECONDS, LIFE_MS, Patience, UserCode, judge_poll},
        session::{Device, Holder},
        text::FrameName,
    },
    store::{
        Connection, StoreErrorKind,
        accounts::{
            AccountsTx, families,
            frames::{self, NewFrame},
            members,
            pairings::{self, PairingRow},
        },
    },
};

/// A device asks for codes.
///
/// Errors: `ValidationFailed`, `RateLimited`.
pub async fn start(app: &App, address: IpAddr, body: NewPairing) -> Result<Pairing> {
    sessions::limit_address(app, address).await?;
    let mut faults = Faults::default();
    let hardware = faults.take("hardware_name", FrameName::parse(&body.hardware_name));
    let hardware = hardware.ok_or_else(|| Error::invalid(faults.into_fields()))?;
    let mut secret = [0; 32];
    rand::fill(&mut secret).map_err(Error::internal)?;
    let device_code = BASE64.encode(secret);
    let now = app.now();
    let mut tx = app.accounts.begin().await?;
    removal::sweep(&mut tx, now).await?;
    let user_code = insert(&mut tx, &device_code, &hardware, now).await?;
    tx.commit().await?;
    let uri = format!("{}/pair", app.config.http.public_url.as_str().trim_end_matches('/'));
    Ok(Pairing {
        device_code,
        verification_uri_complete: format!("{uri}?code={user_code}"),
        verification_uri: uri,
        user_code: user_code.to_string(),
        expires_in: LIFE_MS.unsigned_abs() / 1000,
        interval: INTERVAL_SECONDS.unsigned_abs(),
    })
}

/// Draws user codes until one is free.
async fn insert(tx: &mut AccountsTx, device_code: &str, hardware: &FrameName, now: i64) -> Result<UserCode> {
    const DRAWS: usize = 8;
    for _ in 0..DRAWS {
        let mut random = [0; 32];
        rand::fill(&mut random).map_err(Error::internal)?;
        let Some(user_code) = UserCode::from_random(&random) else { continue };
        let pairing = pairings::NewPairing {
            device_code_hash: sha256(device_code),
            user_code: user_code.clone(),
            hardware_name: hardware.as_str().to_owned(),
            expires_at: now + LIFE_MS,
            interval_seconds: INTERVAL_SECONDS,
        };
        match pairings::insert(tx, &pairing, now).await {
            Ok(()) => return Ok(user_code),
            Err(error) if error.kind == StoreErrorKind::Duplicate => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(ErrorCode::Unavailable.into())
}

/// A device asks whether it was approved.
///
/// Errors: `GrantTypeUnsupported`, `PairingInvalid`, `PairingExpired`, `PairingPending`, `PairingTooFast`.
pub async fn poll(app: &App, user_agent: &str, body: &FrameTokenRequest) -> Result<FrameToken> {
    if body.grant_type != DEVICE_CODE_GRANT {
        return Err(ErrorCode::GrantTypeUnsupported.into());
    }
    let hash = sha256(&body.device_code);
    let now = app.now();
    // Made-up and expired codes never take the write lock: anybody can send them, as often as they like.
    known(&mut *app.accounts.fresh().await?, &hash, now).await?;
    let mut tx = app.accounts.begin_in_turn().await?;
    let pairing = known(&mut tx, &hash, now).await?;
    let Some(frame) = pairing.frame_id.map(FrameId) else {
        let refusal = refuse_to_wait(&mut tx, &pairing, &hash, now).await?;
        tx.commit().await?;
        return Err(refusal.into());
    };
    let token = hand_over(app, &mut tx, frame, user_agent, now).await?;
    pairings::remove(&mut tx, &hash).await?;
    tx.commit().await?;
    Ok(token)
}

async fn known(connection: &mut Connection, hash: &[u8; 32], now: i64) -> Result<PairingRow> {
    let pairing = pairings::find(connection, hash).await?.ok_or(ErrorCode::PairingInvalid)?;
    if now >= pairing.expires_at {
        return Err(ErrorCode::PairingExpired.into());
    }
    Ok(pairing)
}

async fn refuse_to_wait(
    tx: &mut AccountsTx,
    pairing: &PairingRow,
    hash: &[u8; 32],
    now: i64,
) -> Result<ErrorCode> {
    let (interval, refusal) = match judge_poll(pairing.polled_at, pairing.interval_seconds, now) {
        Patience::Wait => (pairing.interval_seconds, ErrorCode::PairingPending),
        Patience::SlowDown { interval_seconds } => (interval_seconds, ErrorCode::PairingTooFast),
    };
    pairings::record_poll(tx, hash, interval, now).await?;
    Ok(refusal)
}

async fn hand_over(
    app: &App,
    tx: &mut AccountsTx,
    frame: FrameId,
    user_agent: &str,
    now: i64,
) -> Result<FrameToken> {
    let device = Device::new(Holder::Frame(frame), ClientKind::App, user_agent);
    let (session, refresh_token) = sessions::open_session(app, tx, device, now).await?;
    frames::set_session(tx, frame, session.id).await?;
    sessions::grant_frame(app, tx, frame, &session, &refresh_token, now).await
}

/// A member lets the device with this code into the family.
///
/// Errors: `ValidationFailed`, `UserCodeUnknown`, `RateLimited`.
pub async fn approve(app: &App, caller: &Caller, family: FamilyId, body: &PairingApproval) -> Result<Frame> {
    caller.allow(family, Act::Manage)?;
    let member = member_of(caller)?;
    sessions::limit_name(app, &app.seal.blind_index(&format!("codes of {member}"))).await?;
    let mut reader = app.accounts.fresh().await?;
    let row = members::find(&mut reader, member).await?.ok_or(ErrorCode::SessionRevoked)?;
    drop(reader);
    approve_in(app, family, body, row.locale()?).await
}

/// The same without a caller, for the installer at the shell.
pub(super) async fn approve_in(
    app: &App,
    family: FamilyId,
    body: &PairingApproval,
    locale: Locale,
) -> Result<Frame> {
    let mut faults = Faults::default();
    faults.require(!body.user_code.trim().is_empty(), "user_code", "required");
    let name = faults.take("name", FrameName::parse(&body.name));
    let faulty = faults.into_fields();
    let (true, Some(name)) = (faulty.is_empty(), name) else { return Err(Error::invalid(faulty)) };
    let code = UserCode::parse(&body.user_code).ok_or(ErrorCode::UserCodeUnknown)?;
    let now = app.now();
    let mut tx = app.accounts.begin_in_turn().await?;
    let pairing = pairings::find_waiting(&mut tx, &code, now).await?.ok_or(ErrorCode::UserCodeUnknown)?;
    if frames::of_family(&mut tx, family).await?.len() >= super::MAX_PER_FAMILY {
        return Err(Error::new(ErrorCode::ValidationFailed).with_field("name", "too_many"));
    }
    let frame = seal_frame(app, &mut tx, family, &name, &pairing.hardware_name, locale).await?;
    frames::insert(&mut tx, &frame, now).await?;
    pairings::approve(&mut tx, &pairing.device_code_hash, family, frame.id).await?;
    let shown = open_frame(app, &mut tx, frame.id, now).await?;
    tx.announce(Event::FrameChanged { family_id: family, frame_id: frame.id });
    tx.commit().await?;
    Ok(shown)
}

async fn seal_frame(
    app: &App,
    tx: &mut AccountsTx,
    family: FamilyId,
    name: &FrameName,
    hardware_name: &str,
    locale: Locale,
) -> Result<NewFrame> {
    let row = families::find(tx, family).await?.ok_or(ErrorCode::NotFound)?;
    let key = app.seal.unwrap(&row.wrapped_key)?;
    let id = Uuid::now_v7();
    let settings = FrameSettings::first(locale);
    Ok(NewFrame {
        id: FrameId(id),
        family,
        name: key.seal(&name_context(id), name.as_str())?,
        hardware_name: key.seal(&hardware_name_context(id), hardware_name)?,
        settings: serde_json::to_string(&settings).map_err(Error::internal)?,
    })
}

/// The locale the installer's frames speak: that of the family's first member.
pub(super) async fn locale_of(app: &App, members: &[MemberId]) -> Result<Locale> {
    let mut reader = app.accounts.fresh().await?;
    for member in members {
        if let Some(row) = members::find(&mut reader, *member).await? {
            return Ok(row.locale()?);
        }
    }
    Ok(Locale::Ko)
}

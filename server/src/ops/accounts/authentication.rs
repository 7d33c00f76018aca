//! Who sends a request: the access token, corrected by what was revoked since it was issued.

use std::time::Duration;

use picup_api::ErrorCode;
use picup_auth::{Claims, TokenError, TokenErrorKind, UnixMillis};
use uuid::Uuid;

use super::keys;
use crate::{
    App, Error, Result,
    auth::Access,
    domain::{
        access::{Actor, Caller},
        revocation::RevocationSet,
    },
    store::accounts::revocations,
};

/// A token with an unknown key makes us look for a rotation, but not more often than this.
const UNKNOWN_KEY_LOOK: Duration = Duration::from_secs(1);

/// The caller a token speaks for.
///
/// Errors: `Unauthenticated`, `TokenExpired`, `SessionRevoked`, `FrameRevoked`, `RateLimited`; those of the database.
pub async fn authenticate(app: &App, token: &str) -> Result<Caller> {
    let claims = verify(app, token).await?;
    let subject = Uuid::parse_str(&claims.sub).map_err(|_| ErrorCode::Unauthenticated)?;
    let revoked = app.auth.revocations.current(read_revocations(app)).await?;
    let caller = revoked.caller(subject, claims.sid, claims.extra.fam)?;
    app.auth.limits.of_caller(caller.actor).await.map_err(super::sessions::limited)?;
    Ok(caller)
}

/// The caller as of now, for a stream that outlives its first answer: the session may have been revoked, the role
/// changed.
///
/// Errors: `SessionRevoked`, `FrameRevoked`; those of the database.
pub async fn recheck(app: &App, caller: &Caller) -> Result<Caller> {
    let subject = match caller.actor {
        Actor::Member(member) => member.0,
        Actor::Frame(frame) => frame.0,
    };
    let revoked = app.auth.revocations.current(read_revocations(app)).await?;
    Ok(revoked.caller(subject, caller.session.0, caller.families.clone())?)
}

async fn verify(app: &App, token: &str) -> Result<Claims<Access>> {
    let now = UnixMillis(app.now());
    match app.auth.tokens.verify(token, now) {
        Err(error) if error.kind() == TokenErrorKind::UnknownKey => {
            keys::notice_rotation(app, UNKNOWN_KEY_LOOK).await?;
            app.auth.tokens.verify(token, now).map_err(refusal)
        }
        verified => verified.map_err(refusal),
    }
}

/// The error a client is told.
pub fn refusal(error: TokenError) -> Error {
    match error.kind() {
        TokenErrorKind::Expired => ErrorCode::TokenExpired.into(),
        _ => Error::new(ErrorCode::Unauthenticated).with_source(error),
    }
}

async fn read_revocations(app: &App) -> Result<RevocationSet> {
    let rows = revocations::current(&mut *app.accounts.fresh().await?, app.now()).await?;
    Ok(rows.into_iter().collect())
}

//! Sessions: opened at sign-in, renewed by rotating refresh tokens, ended by revocation, replay or time.
//!
//! The steps are here; where sessions live is [`SessionStore`]. Its methods take `&mut self` so that a database
//! transaction can be the store, and the steps of one call be one transaction.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use uuid::Uuid;

use crate::{RefreshToken, Salt, TokenHash, UnixMillis};

/// How long a used refresh token still answers: two tabs that refresh at once, or an answer lost on the way.
pub const REFRESH_GRACE: Duration = Duration::from_secs(10);

/// How many rotations may lie within one grace period before a token counts as replayed.
const MAX_SUCCESSORS: usize = 32;

/// How long sessions last, and how strictly a lost answer is taken.
pub struct Policy<D> {
    idle: Box<dyn Fn(&D) -> Duration + Send + Sync>,
    patient: fn(&D) -> bool,
}

impl<D> Policy<D> {
    /// A session ends after `idle` without use. Strict: a used token is a replay when [`REFRESH_GRACE`] is over.
    pub fn new(idle: impl Fn(&D) -> Duration + Send + Sync + 'static) -> Self {
        Self { idle: Box::new(idle), patient: |_| false }
    }

    /// Sessions of these devices forgive a used token until its successor has been used: for devices nobody can
    /// sign in again, whose answer may be lost to a power cut. A copy of the token is then found out one rotation
    /// later.
    #[must_use]
    pub fn patient_with(self, patient: fn(&D) -> bool) -> Self {
        Self { patient, ..self }
    }
}

impl<D> fmt::Debug for Policy<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Policy")
    }
}

/// One sign-in of one subject on one device. `D` is whatever the application keeps with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session<D> {
    /// The `sid` of its access tokens.
    pub id: Uuid,
    /// The `sub` of its access tokens.
    pub subject: String,
    /// The application's own, such as the device's name.
    pub details: D,
    /// When it was opened.
    pub created_at: UnixMillis,
    /// When it was last renewed.
    pub last_used_at: UnixMillis,
    /// When it ends unless it is renewed before.
    pub expires_at: UnixMillis,
    /// When it was ended before its time.
    pub revoked_at: Option<UnixMillis>,
}

impl<D> Session<D> {
    /// Whether it still counts.
    pub fn is_open(&self, now: UnixMillis) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// What [`open`] needs to know.
#[derive(Clone, Debug)]
pub struct NewSession<D> {
    /// Unique; a UUIDv7 keeps an index compact.
    pub id: Uuid,
    /// Whom it is about.
    pub subject: String,
    /// Kept with it.
    pub details: D,
}

/// A refresh token as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<D> {
    /// The session it belongs to, open or not.
    pub session: Session<D>,
    /// Absent for the session's current token.
    pub used: Option<Use>,
}

/// When and how a token was exchanged for its successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// When.
    pub at: UnixMillis,
    /// Gives the successor to whoever holds the token.
    pub salt: Salt,
}

/// One exchange of the current token for the next.
#[derive(Clone, Copy, Debug)]
pub struct Rotation {
    /// Whose.
    pub session: Uuid,
    /// The token used.
    pub from: TokenHash,
    /// Its successor: current from now on.
    pub to: TokenHash,
    /// Kept with `from`.
    pub salt: Salt,
    /// Becomes `last_used_at`.
    pub at: UnixMillis,
    /// Becomes `expires_at`.
    pub expires_at: UnixMillis,
}

/// Where sessions live. [`crate::conformance::check_session_store`] says whether yours keeps its promises.
#[async_trait]
pub trait SessionStore: Send {
    /// Kept with each session.
    type Details: Clone + Send + Sync + 'static;
    /// What can go wrong with the storage itself.
    type Error: Send;

    /// Adds a session and its first token.
    async fn insert(&mut self, session: &Session<Self::Details>, token: TokenHash)
    -> Result<(), Self::Error>;

    /// The token and its session. Used tokens are found for at least a day after their use, better as long
    /// as their session is kept: a replay is only known by them.
    async fn find(&mut self, token: TokenHash) -> Result<Option<Found<Self::Details>>, Self::Error>;

    /// Carries out the rotation if `from` is still the current token of a session not revoked, and says whether
    /// it did. Atomic: of two calls with the same `from` one succeeds.
    async fn rotate(&mut self, rotation: Rotation) -> Result<bool, Self::Error>;

    /// Ends a session and says whether it was open until now. Takes effect on the next [`SessionStore::find`].
    async fn revoke(&mut self, session: Uuid, at: UnixMillis) -> Result<bool, Self::Error>;
}

/// A session just opened.
#[derive(Clone, Debug)]
pub struct Opened<D> {
    /// The session.
    pub session: Session<D>,
    /// For the client.
    pub refresh_token: RefreshToken,
}

/// A session that goes on.
#[derive(Clone, Debug)]
pub struct Renewed<D> {
    /// The session.
    pub session: Session<D>,
    /// Replaces the one that was sent.
    pub refresh_token: RefreshToken,
}

/// What came of a refresh.
#[derive(Clone, Debug)]
pub enum Outcome<D> {
    /// Go on with these.
    Renewed(Box<Renewed<D>>),
    /// A used token came again after its grace: someone else has a copy. The session has been revoked: a caller
    /// whose store is a transaction must commit it.
    Replayed(Box<Session<D>>),
    /// The session expired or was revoked before.
    Ended(Box<Session<D>>),
    /// Not a token of ours, or of a session no longer kept.
    Unknown,
    /// No randomness to make a token from, or a store that keeps losing races; try again.
    TryAgain,
}

/// Opens a session. `None` when there is no randomness.
///
/// # Errors
/// Those of the store.
pub async fn open<S: SessionStore>(
    store: &mut S,
    new: NewSession<S::Details>,
    policy: &Policy<S::Details>,
    now: UnixMillis,
) -> Result<Option<Opened<S::Details>>, S::Error> {
    let Some(refresh_token) = RefreshToken::generate() else { return Ok(None) };
    let session = Session {
        id: new.id,
        subject: new.subject,
        created_at: now,
        last_used_at: now,
        expires_at: now.after((policy.idle)(&new.details)),
        details: new.details,
        revoked_at: None,
    };
    store.insert(&session, refresh_token.hash()).await?;
    Ok(Some(Opened { session, refresh_token }))
}

/// Exchanges a refresh token for its successor, and revokes the session when a used one comes again too late.
///
/// # Errors
/// Those of the store.
pub async fn refresh<S: SessionStore>(
    store: &mut S,
    token: &str,
    policy: &Policy<S::Details>,
    now: UnixMillis,
) -> Result<Outcome<S::Details>, S::Error> {
    let Some(mut token) = RefreshToken::parse(token) else { return Ok(Outcome::Unknown) };
    let mut in_grace = false;
    for _ in 0..MAX_SUCCESSORS {
        let Some(found) = store.find(token.hash()).await? else { return Ok(Outcome::Unknown) };
        if !found.session.is_open(now) {
            return Ok(Outcome::Ended(Box::new(found.session)));
        }
        let Some(used) = found.used else {
            if in_grace {
                return Ok(renewed(found.session, token));
            }
            if let Some(outcome) = rotate(store, &found.session, &token, policy, now).await? {
                return Ok(outcome);
            }
            // Another tab was faster: look again, and find the token used a moment ago.
            continue;
        };
        // In the grace its holder is led along the chain to the current token, and rotates no further.
        let next = token.successor(&used.salt);
        let patient = (policy.patient)(&found.session.details);
        if now.since(used.at) > REFRESH_GRACE && !(patient && is_unused(store, &next).await?) {
            return replayed(store, found.session, now).await;
        }
        token = next;
        in_grace = true;
    }
    Ok(Outcome::TryAgain)
}

async fn is_unused<S: SessionStore>(store: &mut S, token: &RefreshToken) -> Result<bool, S::Error> {
    Ok(store.find(token.hash()).await?.is_some_and(|found| found.used.is_none()))
}

async fn rotate<S: SessionStore>(
    store: &mut S,
    session: &Session<S::Details>,
    token: &RefreshToken,
    policy: &Policy<S::Details>,
    now: UnixMillis,
) -> Result<Option<Outcome<S::Details>>, S::Error> {
    let Some(salt) = Salt::generate() else { return Ok(Some(Outcome::TryAgain)) };
    let next = token.successor(&salt);
    let expires_at = now.after((policy.idle)(&session.details));
    let rotation =
        Rotation { session: session.id, from: token.hash(), to: next.hash(), salt, at: now, expires_at };
    if !store.rotate(rotation).await? {
        return Ok(None);
    }
    Ok(Some(renewed(Session { last_used_at: now, expires_at, ..session.clone() }, next)))
}

async fn replayed<S: SessionStore>(
    store: &mut S,
    session: Session<S::Details>,
    now: UnixMillis,
) -> Result<Outcome<S::Details>, S::Error> {
    store.revoke(session.id, now).await?;
    Ok(Outcome::Replayed(Box::new(Session { revoked_at: Some(now), ..session })))
}

fn renewed<D>(session: Session<D>, refresh_token: RefreshToken) -> Outcome<D> {
    Outcome::Renewed(Box::new(Renewed { session, refresh_token }))
}

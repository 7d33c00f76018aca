//! Sign-in for Picup: the parts of `picup-auth` with our claims, periods and limits.
//!
//! State only, no database: operations bring the keys and the revocations.

mod revocations;

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use picup_api::{ErrorCode, FamilyId, account::Role};
use picup_auth::{
    AccessTokens, IssuedToken, KeyRing, PasswordErrorKind, Passwords, Policy, UnixMillis, Verdict,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Error, Result,
    cache::{limits::Limits, redis_server::RedisServer},
    config::Config,
    domain::session::Device,
};

pub use revocations::Revocations;

/// Names us in every token.
const ISSUER: &str = "picup";
/// Sign-ins that may wait for a hash; more are told to come back.
const WAITING: usize = 64;

/// What our access tokens say beside the registered claims.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Access {
    /// The holder's families, and what it may do there.
    pub fam: BTreeMap<FamilyId, Role>,
}

/// Everything sign-in needs that is not in a database.
pub struct Auth {
    pub tokens: AccessTokens,
    pub passwords: Passwords,
    pub policy: Policy<Device>,
    pub revocations: Revocations,
    /// On attempts to sign in, and on requests.
    pub limits: Limits,
    ring_read_at: Mutex<Instant>,
}

impl Auth {
    /// Hashes one password, which takes a moment.
    pub fn new(
        config: &Config,
        ring: KeyRing,
        limits: Limits,
        redis: Option<RedisServer>,
    ) -> anyhow::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let refresh_days = config.auth.refresh_days;
        let policy = Policy::new(move |device: &Device| device.idle(refresh_days));
        let life = Duration::from_secs(u64::from(config.auth.access_minutes) * 60);
        Ok(Self {
            tokens: AccessTokens::new(ISSUER, life, ring),
            passwords: Passwords::new(cores.clamp(1, 4), WAITING)?,
            // A power cut may swallow the answer to a frame's refresh, and nobody in front of it can sign in.
            policy: policy.patient_with(Device::is_frame),
            revocations: Revocations::new(redis),
            limits,
            ring_read_at: Mutex::new(Instant::now()),
        })
    }

    /// An access token for `subject`.
    pub fn issue(
        &self,
        subject: Uuid,
        session: Uuid,
        families: BTreeMap<FamilyId, Role>,
        now: i64,
    ) -> Result<IssuedToken> {
        let access = Access { fam: families };
        self.tokens.issue(&subject.to_string(), session, access, UnixMillis(now)).map_err(Error::internal)
    }

    /// Until when a token issued now could be presented.
    pub fn last_token_ends_at(&self, now: i64) -> i64 {
        UnixMillis(now).after(self.tokens.life() + Duration::from_secs(60)).0
    }

    /// Whether the keys were read from the database longer than `age` ago. Says so to one caller only.
    pub fn ring_is_older_than(&self, age: Duration) -> bool {
        let mut read_at = self.ring_read_at.lock().unwrap_or_else(PoisonError::into_inner);
        let old = read_at.elapsed() > age;
        if old {
            *read_at = Instant::now();
        }
        old
    }

    /// A hash to store.
    pub async fn hash_password(&self, password: SecretString) -> Result<String> {
        self.passwords.hash(password).await.map_err(refusal)
    }

    /// Takes the same time whether `stored` is there or not.
    pub async fn check_password(&self, password: SecretString, stored: Option<String>) -> Result<Verdict> {
        self.passwords.verify(password, stored).await.map_err(refusal)
    }
}

fn refusal(error: picup_auth::PasswordError) -> Error {
    match error.kind() {
        PasswordErrorKind::Busy => {
            Error::new(ErrorCode::Unavailable).with_retry_after(Duration::from_secs(2))
        }
        PasswordErrorKind::Invalid | PasswordErrorKind::Stopped => Error::internal(error),
    }
}

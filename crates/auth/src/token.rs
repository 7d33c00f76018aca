//! Access tokens: short-lived EdDSA JWTs, verified without a database.
//!
//! Only Ed25519 keys of the ring are ever tried, chosen by `kid`; nothing in a token's header chooses an
//! algorithm or brings a key.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jsonwebtoken::{Algorithm, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{KeyRing, UnixMillis};

/// Longest token looked at; a longer one is no token of ours.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// What an access token says. `extra` is the application's and sits beside the registered claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims<C> {
    /// Who issued it.
    pub iss: String,
    /// Whom it is about.
    pub sub: String,
    /// The session it belongs to: what a revocation names.
    pub sid: Uuid,
    /// Issued at, seconds since 1970.
    pub iat: u64,
    /// Expires at, seconds since 1970.
    pub exp: u64,
    /// The application's own claims.
    #[serde(flatten)]
    pub extra: C,
}

/// A token just issued.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The compact JWT.
    pub token: String,
    /// Seconds it is valid for.
    pub expires_in: u64,
}

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenErrorKind {
    /// The request carries none.
    Missing,
    /// It cannot be read, or a claim is missing or of another shape.
    Malformed,
    /// Another algorithm, a signature that does not fit, or another issuer.
    Forged,
    /// Its `kid` names no key of the ring.
    UnknownKey,
    /// It was ours, and its time is over.
    Expired,
    /// It could not be signed.
    Unsigned,
}

/// An access token that cannot be used, or could not be made.
#[derive(Debug, thiserror::Error)]
#[error("access token refused: {kind:?}")]
pub struct TokenError {
    kind: TokenErrorKind,
    #[source]
    source: Option<jsonwebtoken::errors::Error>,
}

impl TokenError {
    /// What callers match on.
    pub fn kind(&self) -> TokenErrorKind {
        self.kind
    }
}

impl From<TokenErrorKind> for TokenError {
    fn from(kind: TokenErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl From<jsonwebtoken::errors::Error> for TokenError {
    fn from(source: jsonwebtoken::errors::Error) -> Self {
        let kind = match source.kind() {
            ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm | ErrorKind::InvalidIssuer => {
                TokenErrorKind::Forged
            }
            _ => TokenErrorKind::Malformed,
        };
        Self { kind, source: Some(source) }
    }
}

/// Issues and verifies access tokens with a key ring that can be exchanged while requests run. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AccessTokens {
    issuer: Arc<str>,
    life: Duration,
    ring: Arc<RwLock<Arc<KeyRing>>>,
}

impl AccessTokens {
    /// `issuer` names this service in every token; `life` is how long each is valid.
    pub fn new(issuer: &str, life: Duration, ring: KeyRing) -> Self {
        Self { issuer: issuer.into(), life, ring: Arc::new(RwLock::new(Arc::new(ring))) }
    }

    /// How long a token is valid.
    pub fn life(&self) -> Duration {
        self.life
    }

    /// The keys in use.
    pub fn ring(&self) -> Arc<KeyRing> {
        // A panic while the lock was held cannot leave an `Arc` half exchanged.
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Exchanges the keys, after a rotation.
    pub fn use_ring(&self, ring: KeyRing) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }

    /// Signs a token about `subject` in `session`.
    ///
    /// # Errors
    /// [`TokenErrorKind::Unsigned`] when `extra` cannot be written as a JSON object.
    pub fn issue<C: Serialize>(
        &self,
        subject: &str,
        session: Uuid,
        extra: C,
        now: UnixMillis,
    ) -> Result<IssuedToken, TokenError> {
        let ring = self.ring();
        let header = Header { kid: Some(ring.signing().id.clone()), ..Header::new(Algorithm::EdDSA) };
        let expires_in = self.life.as_secs();
        let claims = Claims {
            iss: self.issuer.to_string(),
            sub: subject.to_owned(),
            sid: session,
            iat: now.seconds(),
            exp: now.seconds() + expires_in,
            extra,
        };
        let token = jsonwebtoken::encode(&header, &claims, &ring.signing().key)
            .map_err(|source| TokenError { kind: TokenErrorKind::Unsigned, source: Some(source) })?;
        Ok(IssuedToken { token, expires_in })
    }

    /// The claims of a token that is ours and not expired. Says nothing about revocation: ask your store.
    ///
    /// # Errors
    /// Any [`TokenErrorKind`] but `Missing` and `Unsigned`.
    pub fn verify<C: DeserializeOwned>(&self, token: &str, now: UnixMillis) -> Result<Claims<C>, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenErrorKind::Malformed.into());
        }
        let header = jsonwebtoken::decode_header(token)?;
        if header.alg != Algorithm::EdDSA {
            return Err(TokenErrorKind::Forged.into());
        }
        let ring = self.ring();
        let key =
            header.kid.as_deref().and_then(|id| ring.verifying(id, now)).ok_or(TokenErrorKind::UnknownKey)?;
        let claims: Claims<C> = jsonwebtoken::decode(token, &key.key, &self.validation())?.claims;
        if now.seconds() >= claims.exp {
            return Err(TokenErrorKind::Expired.into());
        }
        Ok(claims)
    }

    /// Time is checked by `verify` against its own argument; the library would read the wall clock.
    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        validation
    }
}

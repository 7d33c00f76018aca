//! The key ring: one key signs, older ones still verify until the last token they signed has expired.
//!
//! Invariant: a retired key's private half is gone; the ring keeps its public half only.

use std::{fmt, time::Duration};

use aws_lc_rs::{
    rand::{self, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::UnixMillis;

/// A key as it is kept between starts. `private` is a secret: encrypt it at rest.
#[derive(Clone)]
pub struct StoredKey {
    /// The `kid` of the tokens it signs.
    pub id: String,
    /// The 32 bytes of the Ed25519 public key.
    pub public: Vec<u8>,
    /// PKCS#8 v2; absent once the key is retired.
    pub private: Option<Zeroizing<Vec<u8>>>,
    /// When it was made.
    pub created_at: UnixMillis,
    /// After this its tokens are refused; absent while it signs.
    pub expires_at: Option<UnixMillis>,
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredKey")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl StoredKey {
    /// A fresh signing key with a random id.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn generate(now: UnixMillis) -> Result<Self, KeyError> {
        let private =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| KeyError::NoRandomness)?;
        let pair = Ed25519KeyPair::from_pkcs8(private.as_ref()).map_err(|_| KeyError::Unreadable)?;
        let mut id = [0; 9];
        rand::fill(&mut id).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self {
            id: URL_SAFE_NO_PAD.encode(id),
            public: pair.public_key().as_ref().to_vec(),
            private: Some(Zeroizing::new(private.as_ref().to_vec())),
            created_at: now,
            expires_at: None,
        })
    }

    /// The same key when it no longer signs: public half only, trusted until `expires_at`.
    #[must_use]
    pub fn retired(&self, expires_at: UnixMillis) -> Self {
        Self { private: None, expires_at: Some(expires_at), ..self.clone() }
    }
}

/// What is wrong with a key or a set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The operating system has no randomness.
    #[error("no randomness")]
    NoRandomness,
    /// Not a PKCS#8 Ed25519 key, or its halves do not belong together.
    #[error("a stored key cannot be read")]
    Unreadable,
    /// There is not exactly one key with a private half.
    #[error("a key ring needs exactly one signing key")]
    NotOneSigningKey,
}

/// One signing key and the keys whose tokens are still valid.
#[derive(Clone)]
pub struct KeyRing {
    signing: SigningKey,
    verifying: Vec<VerifyingKey>,
    stored: Vec<StoredKey>,
}

#[derive(Clone)]
pub(crate) struct SigningKey {
    pub(crate) id: String,
    pub(crate) key: jsonwebtoken::EncodingKey,
}

#[derive(Clone)]
pub(crate) struct VerifyingKey {
    id: String,
    expires_at: Option<UnixMillis>,
    pub(crate) key: jsonwebtoken::DecodingKey,
}

impl KeyRing {
    /// A ring of one fresh key.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn generate(now: UnixMillis) -> Result<Self, KeyError> {
        Self::from_stored(vec![StoredKey::generate(now)?])
    }

    /// The ring kept as `keys`.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] or [`KeyError::NotOneSigningKey`].
    pub fn from_stored(keys: Vec<StoredKey>) -> Result<Self, KeyError> {
        let mut signing = keys.iter().filter(|key| key.private.is_some());
        let (Some(key), None) = (signing.next(), signing.next()) else {
            return Err(KeyError::NotOneSigningKey);
        };
        let signing = signing_key(key)?;
        let verifying = keys.iter().map(verifying_key).collect::<Result<_, _>>()?;
        Ok(Self { signing, verifying, stored: keys })
    }

    /// The ring after a rotation: a fresh key signs, the old one verifies for another `token_life`, and keys
    /// whose time is over are dropped.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn rotated(&self, now: UnixMillis, token_life: Duration) -> Result<Self, KeyError> {
        let still_trusted = |key: &StoredKey| key.expires_at.is_none_or(|end| now <= end);
        let retire = |key: &StoredKey| match key.expires_at {
            None => key.retired(now.after(token_life)),
            Some(_) => key.clone(),
        };
        let kept = self.stored.iter().filter(|key| still_trusted(key)).map(retire);
        Self::from_stored(std::iter::once(StoredKey::generate(now)?).chain(kept).collect())
    }

    /// The keys as they are to be kept, the signing key first after a rotation.
    pub fn stored(&self) -> &[StoredKey] {
        &self.stored
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037), for services that verify without this crate.
    pub fn jwks(&self, now: UnixMillis) -> Value {
        let trusted = self.stored.iter().filter(|key| key.expires_at.is_none_or(|end| now <= end));
        json!({ "keys": trusted.map(|key| json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": key.id,
            "x": URL_SAFE_NO_PAD.encode(&key.public),
        })).collect::<Vec<_>>() })
    }

    pub(crate) fn signing(&self) -> &SigningKey {
        &self.signing
    }

    pub(crate) fn verifying(&self, id: &str, now: UnixMillis) -> Option<&VerifyingKey> {
        self.verifying.iter().find(|key| key.id == id && key.expires_at.is_none_or(|end| now <= end))
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").field("keys", &self.stored).finish()
    }
}

fn signing_key(stored: &StoredKey) -> Result<SigningKey, KeyError> {
    let private = stored.private.as_ref().ok_or(KeyError::NotOneSigningKey)?;
    let pair = Ed25519KeyPair::from_pkcs8(private).map_err(|_| KeyError::Unreadable)?;
    if pair.public_key().as_ref() != stored.public {
        return Err(KeyError::Unreadable);
    }
    Ok(SigningKey { id: stored.id.clone(), key: jsonwebtoken::EncodingKey::from_ed_der(private) })
}

fn verifying_key(stored: &StoredKey) -> Result<VerifyingKey, KeyError> {
    let key = jsonwebtoken::DecodingKey::from_ed_components(&URL_SAFE_NO_PAD.encode(&stored.public))
        .map_err(|_| KeyError::Unreadable)?;
    Ok(VerifyingKey { id: stored.id.clone(), expires_at: stored.expires_at, key })
}

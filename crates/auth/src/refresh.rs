//! Refresh tokens: 256 random bits, known to the client only; a store sees their SHA-256.
//!
//! A token's successor is HMAC-SHA-256 of a random salt under the token itself. The salt is stored, the token is
//! not, so only someone who holds the old token can be given the same successor again. That is what lets two
//! tabs that refresh at once both end with the one current token.

use std::fmt;

use aws_lc_rs::{digest, hmac, rand};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroize;

/// An opaque secret of 256 bits. Written as 43 characters of base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken([u8; 32]);

/// SHA-256 of a refresh token: what a store keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash(pub [u8; 32]);

/// What turns a used token into its successor; worthless without that token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

impl RefreshToken {
    /// A fresh token. `None` when the operating system has no randomness.
    pub fn generate() -> Option<Self> {
        random().map(Self)
    }

    /// Reads the text a client sent. `None` when it was never a token.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The text to send to the client, and to no one else.
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the store keeps and finds it by.
    pub fn hash(&self) -> TokenHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &self.0).as_ref());
        TokenHash(hash)
    }

    /// The token that replaces this one. The same salt gives the same successor.
    #[must_use]
    pub fn successor(&self, salt: &Salt) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mut successor = [0; 32];
        successor.copy_from_slice(hmac::sign(&key, &salt.0).as_ref());
        Self(successor)
    }
}

impl Salt {
    /// A fresh salt. `None` when the operating system has no randomness.
    pub fn generate() -> Option<Self> {
        random().map(Self)
    }
}

fn random() -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).ok()?;
    Some(bytes)
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

impl Drop for RefreshToken {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

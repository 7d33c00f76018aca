//! Sign-in as a library: EdDSA access tokens, rotating refresh tokens, password hashing, axum extractors.
//!
//! Deliberately absent: a database (where sessions live is the trait [`SessionStore`]), a user model (a session
//! has a subject and whatever details you give it), routes, and the clock (every decision takes `now`).
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod clock;
pub mod conformance;
mod extract;
mod keys;
mod memory;
mod password;
mod refresh;
mod session;
mod token;

pub use clock::UnixMillis;
pub use extract::{BearerRejection, Verified, bearer_token};
pub use keys::{KeyError, KeyRing, StoredKey};
pub use memory::MemorySessions;
pub use password::{PasswordError, PasswordErrorKind, Passwords, Verdict};
pub use refresh::{RefreshToken, Salt, TokenHash};
pub use session::{
    Found, NewSession, Opened, Outcome, Policy, REFRESH_GRACE, Renewed, Rotation, Session, SessionStore, Use,
    open, refresh,
};
pub use token::{AccessTokens, Claims, IssuedToken, TokenError, TokenErrorKind};

//! Passwords: Argon2id on a bounded pool, and the same work for a name nobody has.
//!
//! Each hash costs megabytes and tens of milliseconds, so the number at work is the memory limit, and the number
//! waiting is bounded as well: past it callers are told to come back.

use std::{fmt, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    params: Params,
    at_work: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    /// The hash of a password nobody knows: what an unknown name is checked against.
    decoy: Arc<str>,
}

/// What came of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does not match, or there is nothing to match.
    Wrong,
    /// It matches.
    Right,
    /// It matches a hash made with other parameters: hash it again and store that.
    RightButOutdated,
}

/// What callers match on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordErrorKind {
    /// Too many are waiting; try again in a second.
    Busy,
    /// A stored hash that cannot be read, or parameters that are out of range.
    Invalid,
    /// The process is stopping.
    Stopped,
}

/// A password that could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
#[error("password not processed: {kind:?}")]
pub struct PasswordError {
    kind: PasswordErrorKind,
    #[source]
    source: Option<argon2::password_hash::Error>,
}

impl PasswordError {
    /// What callers match on.
    pub fn kind(&self) -> PasswordErrorKind {
        self.kind
    }
}

impl From<PasswordErrorKind> for PasswordError {
    fn from(kind: PasswordErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl From<argon2::password_hash::Error> for PasswordError {
    fn from(source: argon2::password_hash::Error) -> Self {
        Self { kind: PasswordErrorKind::Invalid, source: Some(source) }
    }
}

impl Passwords {
    /// OWASP's parameters for Argon2id (19 MiB, 2 passes, 1 lane); `at_once` at work, `waiting` more in line.
    /// Hashes once, so call it at start and keep it.
    ///
    /// # Errors
    /// [`PasswordErrorKind::Invalid`] when the system has no randomness.
    pub fn new(at_once: usize, waiting: usize) -> Result<Self, PasswordError> {
        Self::with_params(Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, at_once, waiting)
    }

    /// The same with a memory cost in KiB and a number of passes of your own.
    ///
    /// # Errors
    /// [`PasswordErrorKind::Invalid`] when they are out of Argon2's range.
    pub fn with_params(kib: u32, passes: u32, at_once: usize, waiting: usize) -> Result<Self, PasswordError> {
        let params = Params::new(kib, passes, 1, None).map_err(|_| PasswordErrorKind::Invalid)?;
        let mut unknown = [0; 32];
        aws_lc_rs::rand::fill(&mut unknown).map_err(|_| PasswordErrorKind::Invalid)?;
        Ok(Self {
            decoy: hash(&params, &unknown)?.into(),
            params,
            at_work: Arc::new(Semaphore::new(at_once.max(1))),
            admitted: Arc::new(Semaphore::new(at_once.max(1) + waiting)),
        })
    }

    /// A PHC string with a fresh salt.
    ///
    /// # Errors
    /// [`PasswordErrorKind::Busy`] or [`PasswordErrorKind::Stopped`].
    pub async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        let params = self.params.clone();
        self.run(move || hash(&params, password.expose_secret().as_bytes())).await
    }

    /// Compares with the stored PHC string. `None` (nobody has this name) takes as long and is `Wrong`.
    ///
    /// # Errors
    /// Any [`PasswordErrorKind`].
    pub async fn verify(
        &self,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        let params = self.params.clone();
        let verdict = self.run(move || verify(&params, password.expose_secret().as_bytes(), &stored)).await?;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let place = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| PasswordErrorKind::Busy)?;
        let turn = Arc::clone(&self.at_work).acquire_owned().await.map_err(|_| PasswordErrorKind::Stopped)?;
        let task = tokio::task::spawn_blocking(move || {
            // Held by the work, not the caller: a caller who hangs up does not make room for one more.
            let _held = (place, turn);
            work()
        });
        task.await.map_err(|_| PasswordErrorKind::Stopped)?
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").field("params", &self.params).finish_non_exhaustive()
    }
}

fn hash(params: &Params, password: &[u8]) -> Result<String, PasswordError> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    Ok(argon2.hash_password(password)?.to_string())
}

fn verify(params: &Params, password: &[u8], stored: &str) -> Result<Verdict, PasswordError> {
    let parsed = PasswordHash::new(stored).map_err(argon2::password_hash::Error::from)?;
    match Argon2::default().verify_password(password, &parsed) {
        Ok(()) if is_outdated(params, &parsed) => Ok(Verdict::RightButOutdated),
        Ok(()) => Ok(Verdict::Right),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(error) => Err(error.into()),
    }
}

fn is_outdated(wanted: &Params, stored: &PasswordHash) -> bool {
    Params::try_from(stored).map_or(true, |used| {
        (used.m_cost(), used.t_cost(), used.p_cost()) != (wanted.m_cost(), wanted.t_cost(), wanted.p_cost())
    })
}

//! Sessions in memory: for tests, and for services that may forget everyone at a restart.
//!
//! Clones share the same sessions.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use uuid::Uuid;

use crate::{Found, Rotation, Session, SessionStore, TokenHash, UnixMillis, Use};

/// A [`SessionStore`] in memory.
#[derive(Clone, Debug)]
pub struct MemorySessions<D>(Arc<Mutex<Kept<D>>>);

#[derive(Debug)]
struct Kept<D> {
    sessions: HashMap<Uuid, Session<D>>,
    tokens: HashMap<TokenHash, (Uuid, Option<Use>)>,
}

impl<D> MemorySessions<D> {
    /// No sessions yet.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Kept { sessions: HashMap::new(), tokens: HashMap::new() })))
    }

    /// Whether a session exists and still counts: what to ask for every request.
    pub fn is_open(&self, session: Uuid, now: UnixMillis) -> bool {
        self.kept().sessions.get(&session).is_some_and(|session| session.is_open(now))
    }

    /// Forgets sessions whose time is over, and their tokens.
    pub fn forget_expired(&self, now: UnixMillis) {
        let mut kept = self.kept();
        let Kept { sessions, tokens } = &mut *kept;
        sessions.retain(|_, session| now < session.expires_at);
        tokens.retain(|_, (session, _)| sessions.contains_key(session));
    }

    fn kept(&self) -> MutexGuard<'_, Kept<D>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D> Default for MemorySessions<D> {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl<D: Clone + Send + Sync + 'static> SessionStore for MemorySessions<D> {
    type Details = D;
    type Error = Infallible;

    async fn insert(&mut self, session: &Session<D>, token: TokenHash) -> Result<(), Infallible> {
        let mut kept = self.kept();
        kept.sessions.insert(session.id, session.clone());
        kept.tokens.insert(token, (session.id, None));
        Ok(())
    }

    async fn find(&mut self, token: TokenHash) -> Result<Option<Found<D>>, Infallible> {
        let kept = self.kept();
        let Some((id, used)) = kept.tokens.get(&token) else { return Ok(None) };
        Ok(kept.sessions.get(id).map(|session| Found { session: session.clone(), used: *used }))
    }

    async fn rotate(&mut self, rotation: Rotation) -> Result<bool, Infallible> {
        let mut kept = self.kept();
        let Kept { sessions, tokens } = &mut *kept;
        let Some(session) = sessions.get_mut(&rotation.session) else { return Ok(false) };
        match tokens.get_mut(&rotation.from) {
            Some((id, used @ None)) if *id == session.id && session.revoked_at.is_none() => {
                *used = Some(Use { at: rotation.at, salt: rotation.salt });
            }
            _ => return Ok(false),
        }
        tokens.insert(rotation.to, (session.id, None));
        session.last_used_at = rotation.at;
        session.expires_at = rotation.expires_at;
        Ok(true)
    }

    async fn revoke(&mut self, session: Uuid, at: UnixMillis) -> Result<bool, Infallible> {
        let mut kept = self.kept();
        let Some(session) = kept.sessions.get_mut(&session) else { return Ok(false) };
        let was_open = session.revoked_at.is_none();
        session.revoked_at.get_or_insert(at);
        Ok(was_open)
    }
}

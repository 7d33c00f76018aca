//! Keeps an access token fresh for every call of a client.
//!
//! Invariant: one refresh at a time. A rotated refresh token is saved before its access token is used, and a
//! caller that goes away in the middle leaves the refresh to the next one: the answer is never dropped.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use tokio::sync::{Mutex, MutexGuard};

use crate::{ClientError, Credential, ErrorKind, Result, TokenStore};

#[derive(Clone)]
pub(crate) struct AccessToken {
    text: String,
    /// When it is renewed: before it ends, so that a request under way does not outlive it.
    renew_at: Instant,
}

/// What a refresh, a sign-in or a pairing brings.
#[derive(Clone)]
pub(crate) struct Granted {
    pub(crate) credential: Credential,
    pub(crate) access: AccessToken,
}

/// Asks the server for a new grant in exchange for a refresh token.
pub(crate) type Exchange = BoxFuture<'static, Result<Granted>>;
type Renewal = Shared<Exchange>;

pub(crate) struct Session {
    store: Arc<dyn TokenStore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    loaded: bool,
    credential: Option<Credential>,
    access: Option<AccessToken>,
    renewal: Option<Renewal>,
    /// The store failed to take the credential, such as on a full disk; tried again at the next call.
    unsaved: bool,
}

impl AccessToken {
    /// `asked_at`: when the request was sent, so that the answer's travel time does not count.
    pub(crate) fn new(text: String, asked_at: Instant, expires_in: u64) -> Self {
        let life = Duration::from_secs(expires_in);
        let margin = (life / 5).min(Duration::from_secs(60));
        Self { text, renew_at: asked_at + (life - margin) }
    }

    fn is_usable(&self, rejected: Option<&str>) -> bool {
        Instant::now() < self.renew_at && rejected != Some(self.text.as_str())
    }
}

impl Session {
    pub(crate) fn new(store: Arc<dyn TokenStore>) -> Self {
        Self { store, state: Mutex::default() }
    }

    pub(crate) async fn credential(&self) -> Result<Option<Credential>> {
        Ok(self.loaded().await?.credential.clone())
    }

    /// A token to use now. `rejected`: one the server has just refused. `exchange` starts a refresh.
    pub(crate) async fn access(
        &self,
        rejected: Option<&str>,
        exchange: impl FnOnce(Credential) -> Exchange,
    ) -> Result<String> {
        let renewal = {
            let mut state = self.loaded().await?;
            self.save_again(&mut state).await;
            if let Some(access) = state.access.as_ref().filter(|access| access.is_usable(rejected)) {
                return Ok(access.text.clone());
            }
            let credential = state.credential.clone().ok_or_else(nobody)?;
            state.renewal.get_or_insert_with(|| exchange(credential).shared()).clone()
        };
        let outcome = renewal.clone().await;
        let mut state = self.state.lock().await;
        if state.renewal.as_ref().is_some_and(|current| current.ptr_eq(&renewal)) {
            state.renewal = None;
            if let Ok(granted) = &outcome {
                self.take(&mut state, granted.clone()).await;
            }
        }
        drop(state);
        outcome.map(|granted| granted.access.text)
    }

    /// Takes over a new sign-in.
    pub(crate) async fn begin(&self, granted: Granted) -> Result<()> {
        let mut state = self.state.lock().await;
        *state = State { loaded: true, ..State::default() };
        self.store.save(&granted.credential).await.map_err(ClientError::disk)?;
        state.credential = Some(granted.credential);
        state.access = Some(granted.access);
        Ok(())
    }

    /// Forgets the credential, here and in the store.
    pub(crate) async fn end(&self) -> Result<()> {
        let mut state = self.state.lock().await;
        *state = State { loaded: true, ..State::default() };
        self.store.clear().await.map_err(ClientError::disk)
    }

    /// The next call brings a new access token: memberships have changed.
    pub(crate) async fn expire(&self) {
        self.state.lock().await.access = None;
    }

    async fn loaded(&self) -> Result<MutexGuard<'_, State>> {
        let mut state = self.state.lock().await;
        if !state.loaded {
            state.credential = self.store.load().await.map_err(ClientError::disk)?;
            state.loaded = true;
        }
        Ok(state)
    }

    /// A store that fails must not stop the frame: the credential in memory still works, and is saved later.
    async fn take(&self, state: &mut State, granted: Granted) {
        if state.credential.as_ref() != Some(&granted.credential) {
            state.unsaved = true;
        }
        state.credential = Some(granted.credential);
        state.access = Some(granted.access);
        self.save_again(state).await;
    }

    async fn save_again(&self, state: &mut State) {
        let Some(credential) = state.credential.as_ref().filter(|_| state.unsaved) else { return };
        match self.store.save(credential).await {
            Ok(()) => state.unsaved = false,
            Err(error) => tracing::error!(%error, "the credential cannot be saved; tried again later"),
        }
    }
}

pub(crate) fn nobody() -> ClientError {
    ClientError::new(ErrorKind::SignedOut, "nobody is signed in")
}

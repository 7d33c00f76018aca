//! Sends one call: with a fresh token, within a time, and again where that is harmless.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::FutureExt;
use picup_api::{ErrorCode, account::Refresh};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Client, ClientError, Credential, ErrorKind, Result, RetryPolicy, answer,
    retry::luck,
    session::{AccessToken, Exchange, Granted},
};

/// A request that can be built any number of times.
pub(crate) struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<(&'static str, Bytes)>,
    authorised: bool,
    repeatable: bool,
}

impl Call {
    /// GET, PUT and DELETE mean the same however often they arrive.
    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        let repeatable = method != Method::POST && method != Method::PATCH;
        Self { method, path: path.into(), query: Vec::new(), body: None, authorised: true, repeatable }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    pub(crate) fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    /// Patches set fields to values: repeating one changes nothing.
    pub(crate) fn patch(path: impl Into<String>) -> Self {
        Self::new(Method::PATCH, path).repeatable()
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    pub(crate) fn query(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    pub(crate) fn json(mut self, body: &impl Serialize) -> Result<Self> {
        let json = serde_json::to_vec(body).map_err(ClientError::unreadable)?;
        self.body = Some(("application/json", json.into()));
        Ok(self)
    }

    /// A body that is no JSON. The server tells from the bytes what it is.
    pub(crate) fn bytes(self, bytes: impl Into<Bytes>) -> Self {
        Self { body: Some(("application/octet-stream", bytes.into())), ..self }
    }

    /// Needs no sign-in.
    pub(crate) fn public(self) -> Self {
        Self { authorised: false, ..self }
    }

    /// A POST that does no harm when it arrives twice.
    pub(crate) fn repeatable(self) -> Self {
        Self { repeatable: true, ..self }
    }
}

/// The shared part of `SignedIn` and `FrameToken`.
#[derive(Deserialize)]
struct Refreshed {
    access_token: String,
    expires_in: u64,
    refresh_token: String,
}

impl Client {
    pub(crate) async fn fetch<T: DeserializeOwned>(&self, call: Call) -> Result<T> {
        let answer_within = self.inner.timeouts.answer;
        let step = || async { within(answer_within, answer::json(self.send_once(&call).await?)).await };
        retried(self.policy_for(&call), step).await
    }

    /// The body of an answer that is no JSON, if it is no longer than `max_bytes`. Errors: `CaptivePortal` for one of
    /// another type than `start` begins.
    pub(crate) async fn fetch_bytes(&self, call: Call, start: &str, max_bytes: usize) -> Result<Vec<u8>> {
        let answer_within = self.inner.timeouts.answer;
        let step = || async {
            let response = self.send_once(&call).await?;
            if !answer::media_type(&response).starts_with(start) {
                return Err(answer::portal(response.status()));
            }
            within(answer_within, answer::read(response, max_bytes)).await
        };
        retried(self.policy_for(&call), step).await
    }

    /// For answers whose body says nothing.
    pub(crate) async fn perform(&self, call: Call) -> Result<()> {
        retried(self.policy_for(&call), || self.send_once(&call)).await.map(drop)
    }

    fn policy_for(&self, call: &Call) -> RetryPolicy {
        if call.repeatable { self.inner.retry } else { RetryPolicy::none() }
    }

    async fn send_once(&self, call: &Call) -> Result<Response> {
        let url = self.url(&call.path)?;
        let build = || {
            let request = self.inner.http.request(call.method.clone(), url.clone()).query(&call.query);
            match &call.body {
                Some((kind, body)) => request.header("content-type", *kind).body(body.clone()),
                None => request,
            }
        };
        match call.authorised {
            true => self.authorised(build).await,
            false => self.head_of(build()).await,
        }
    }

    /// Sends with the access token. A token the server no longer takes is renewed once: the clocks of the two
    /// may disagree.
    pub(crate) async fn authorised(&self, build: impl Fn() -> RequestBuilder) -> Result<Response> {
        let token = self.access_token().await?;
        let outcome = self.head_of(build().bearer_auth(&token)).await;
        match &outcome {
            Err(error) if is_stale_token(error) => {
                let renewed = self.inner.session.access(Some(&token), |held| self.exchange(held)).await?;
                self.head_of(build().bearer_auth(renewed)).await
            }
            _ => outcome,
        }
    }

    /// The head of the answer, in time.
    pub(crate) async fn head_of(&self, request: RequestBuilder) -> Result<Response> {
        let sent = async { request.send().await.map_err(ClientError::network) };
        answer::accept(within(self.inner.timeouts.answer, sent).await?).await
    }

    /// A token valid for a while yet, renewed when needed.
    pub async fn access_token(&self) -> Result<String> {
        self.inner.session.access(None, |held| self.exchange(held)).await
    }

    /// Always on the server this client was made for: neither a token nor a signature is given to another, and
    /// a server that does not know its own public name can still be reached.
    pub(crate) fn url(&self, address: &str) -> Result<Url> {
        let base = &self.inner.base_url;
        let target = base.join(address).map_err(ClientError::unreadable)?;
        let mut url = base.clone();
        url.set_path(target.path());
        url.set_query(target.query());
        Ok(url)
    }

    /// Trades a refresh token for a new one and an access token. A lost answer is asked for again at once, within
    /// the server's grace.
    fn exchange(&self, held: Credential) -> Exchange {
        let http = self.inner.http.clone();
        let url = self.url("/v1/auth/refresh");
        let (policy, answer_within) = (self.inner.retry, self.inner.timeouts.answer);
        async move {
            let url = url?;
            let body = Refresh { refresh_token: Some(held.refresh_token.clone()) };
            let step = || async {
                let asked_at = Instant::now();
                let refreshed = refresh(http.post(url.clone()).json(&body), answer_within).await?;
                Ok(refreshed.into_grant(&held, asked_at))
            };
            retried(policy, step).await
        }
        .boxed()
    }
}

/// Tries a step again as long as that can help.
async fn retried<T, F: Future<Output = Result<T>>>(policy: RetryPolicy, step: impl Fn() -> F) -> Result<T> {
    let mut failures = 0;
    loop {
        let error = match step().await {
            Ok(outcome) => return Ok(outcome),
            Err(error) => error,
        };
        failures += 1;
        match policy.wait(failures, &error, luck()) {
            Some(wait) if error.is_transient() => tokio::time::sleep(wait).await,
            _ => return Err(error),
        }
    }
}

async fn refresh(request: RequestBuilder, answer_within: Duration) -> Result<Refreshed> {
    within(answer_within, async {
        let response = request.send().await.map_err(ClientError::network)?;
        answer::json(answer::accept(response).await?).await
    })
    .await
}

impl Refreshed {
    fn into_grant(self, held: &Credential, asked_at: Instant) -> Granted {
        Granted {
            credential: Credential { refresh_token: self.refresh_token, holder: held.holder },
            access: AccessToken::new(self.access_token, asked_at, self.expires_in),
        }
    }
}

pub(crate) fn is_stale_token(error: &ClientError) -> bool {
    let stale = matches!(error.code(), Some(ErrorCode::TokenExpired | ErrorCode::Unauthenticated));
    // The answer to a HEAD has no body to tell a code in.
    stale || (error.status() == Some(401) && error.code().is_none())
}

/// Limits a step; running out of time is the network's fault.
pub(crate) async fn within<T>(limit: Duration, step: impl Future<Output = Result<T>>) -> Result<T> {
    match tokio::time::timeout(limit, step).await {
        Ok(outcome) => outcome,
        Err(_) => Err(ClientError::new(ErrorKind::Offline, "the server did not answer in time")),
    }
}

//! The typed HTTP client: sign-in, refresh, resumable upload, change feed.
//!
//! Holds no picture in memory: bytes stream between file and socket. Spawns no task: dropping a future is how a
//! call is cancelled, and it is safe at any moment. Nothing is logged that names a person, a photo or a token.

mod answer;
mod calls;
mod error;
mod feed;
mod media;
mod retry;
mod session;
mod tokens;
mod transport;
mod upload;

use std::{sync::Arc, time::Duration};

pub use calls::{accounts::NewAccount, frames::PairingPoll, page::PageQuery, photos::PhotoFilter};
pub use error::{ClientError, ErrorKind, Result};
pub use feed::FeedItem;
pub use media::{DownloadOptions, Downloaded};
pub use reqwest::Url;
pub use retry::RetryPolicy;
pub use tokens::{Credential, Holder, MemoryTokens, TokenStore};
pub use upload::{
    UploadFile, UploadProgress, Uploaded,
    memory::{MemoryUploads, UploadMemory, UploadState},
};

use session::Session;

/// How long to wait for what. All of them are monotonic; none bounds a whole transfer.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    pub connect: Duration,
    /// From the request's last byte to the head of the answer.
    pub answer: Duration,
    /// Without a byte moved in either direction of a transfer.
    pub stall: Duration,
    /// Of the event stream; the server speaks every 15 s.
    pub feed_silence: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            stall: Duration::from_secs(30),
            feed_silence: Duration::from_secs(45),
        }
    }
}

/// One server, and one credential for it. Cheap to clone; clones share the session.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    base_url: Url,
    http: reqwest::Client,
    session: Session,
    retry: RetryPolicy,
    timeouts: Timeouts,
    chunk_bytes: Option<u64>,
}

pub struct ClientBuilder {
    base_url: Url,
    tokens: Arc<dyn TokenStore>,
    user_agent: String,
    retry: RetryPolicy,
    timeouts: Timeouts,
    chunk_bytes: Option<u64>,
}

impl Client {
    pub fn new(base_url: Url, tokens: Arc<dyn TokenStore>) -> Result<Self> {
        Self::builder(base_url).tokens(tokens).build()
    }

    pub fn builder(base_url: Url) -> ClientBuilder {
        ClientBuilder {
            base_url,
            tokens: Arc::new(MemoryTokens::default()),
            user_agent: concat!("picup-client/", env!("CARGO_PKG_VERSION")).into(),
            retry: RetryPolicy::default(),
            timeouts: Timeouts::default(),
            chunk_bytes: None,
        }
    }

    pub fn base_url(&self) -> &Url {
        &self.inner.base_url
    }
}

impl ClientBuilder {
    pub fn tokens(self, tokens: Arc<dyn TokenStore>) -> Self {
        Self { tokens, ..self }
    }

    /// How the program names itself; members see it in their list of sessions.
    pub fn user_agent(self, user_agent: &str) -> Self {
        Self { user_agent: user_agent.into(), ..self }
    }

    pub fn retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// The most bytes of one upload request, for proxies that limit bodies. Without it a file is one request.
    pub fn chunk_bytes(self, chunk_bytes: u64) -> Self {
        Self { chunk_bytes: Some(chunk_bytes.max(1)), ..self }
    }

    pub fn build(self) -> Result<Client> {
        // Fails only when a provider is installed already, which is what is wanted.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .connect_timeout(self.timeouts.connect)
            .tcp_keepalive(Duration::from_secs(30))
            .pool_idle_timeout(Duration::from_secs(30))
            // Picup never redirects; a captive portal does.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(ClientError::network)?;
        let session = Session::new(self.tokens);
        let Self { base_url, retry, timeouts, chunk_bytes, .. } = self;
        Ok(Client { inner: Arc::new(Inner { base_url, http, session, retry, timeouts, chunk_bytes }) })
    }
}

//! The frame's engine: owns every task and all state, and answers the screen's commands.
//!
//! The kiosk window and the loopback bridge are two faces of `run` and `events`. Invariant: no task outlives
//! `shutdown`, and none of them needs the network before a cached photo is shown.

mod commands;
mod core;
mod heartbeat;
mod home;
mod pairing;
mod picture;
mod remote;
mod rest;
mod session;
mod signals;
mod slides;
mod status;
mod wishes;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use picup_api::{
    CommentId, PhotoId,
    screen::{ScreenCommand, ScreenEvent},
};
use picup_client::{Client, RetryPolicy};
use picup_imaging::MediaType;
use tokio::{net::TcpListener, sync::broadcast};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::warn;

use crate::{
    Options, PanelSize, bridge,
    cache::{Cache, Heard},
    clock, credential,
    error::Result,
    fit::{Fitted, fit},
    inbox::Inbox,
    ledger::Ledger,
    mqtt, voice,
};

pub(crate) use self::core::{Core, signed_out};
pub(crate) use heartbeat::how_it_is;
pub(crate) use signals::Signals;

/// Cheap to clone; every clone is the same engine.
#[derive(Clone)]
pub struct Engine {
    core: Arc<Core>,
    tasks: TaskTracker,
    stop: CancellationToken,
    bridge: SocketAddr,
    /// Held so that two engines never share a data directory.
    _lock: Arc<std::fs::File>,
}

/// A picture of the cache: whole and decodable, and of the rendition next to the panel's size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedPicture {
    pub path: PathBuf,
    pub media_type: String,
}

/// Where the window plays videos and voices from: `{base}/video/{id}?token={token}`, `{base}/voice/{id}?token={token}`.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Videos {
    pub base: String,
    pub token: String,
}

impl Engine {
    /// Shows what is cached at once; everything that needs the network follows by itself.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&options.data_dir).context("make the data directory")?;
        let lock = lock(&options.data_dir).await?;
        let cache = Cache::open(&options.data_dir).await.context("open the cache")?;
        let ledger = Ledger::open(&options.data_dir).await.context("open the ledger")?;
        let listener = TcpListener::bind(options.bridge).await.context("listen on the bridge's address")?;
        let bridge = listener.local_addr()?;
        let client = Client::builder(options.server.clone())
            .tokens(credential::open(&options.data_dir))
            .user_agent(concat!("picup-frame/", env!("CARGO_PKG_VERSION")))
            // The engine has its own rhythm of trying again; the client bridges the short gaps.
            .retry(RetryPolicy { attempts: 2, ..RetryPolicy::default() })
            .build()?;
        let core = Core::open(options, client, cache, ledger, video_token()?).await?;
        let engine = Self {
            core: Arc::new(core),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            bridge,
            _lock: Arc::new(lock),
        };
        engine.core.begin_show().await?;
        engine.spawn_all(listener);
        Ok(engine)
    }

    fn spawn_all(&self, listener: TcpListener) {
        self.spawn(session::run(self.core.clone()));
        self.spawn(slides::run(self.core.clone()));
        self.spawn(status::run(self.core.clone()));
        self.spawn(rest::run(self.core.clone()));
        self.spawn(voice::run(self.core.clone()));
        self.spawn(mqtt::run(self.core.clone()));
        for place in 0..self.core.options.inbox.len() {
            let (ledger, signals) = (self.core.ledger.clone(), self.core.signals.clone());
            let inbox = Inbox::new(&self.core.options, place, ledger, signals);
            self.spawn(inbox.run());
        }
        let (served, stop) = (self.clone(), self.stop.clone());
        self.tasks.spawn(async move { bridge::serve(listener, served, stop).await });
        self.tasks.close();
    }

    /// A task may be dropped at any await: what it does to the disk is done in whole steps on blocking threads.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            stop.run_until_cancelled(Box::pin(work)).await;
        });
    }

    /// Carries out a command of the screen; the answer's shape is told at each `ScreenCommand`.
    pub async fn run(&self, command: ScreenCommand) -> Result<serde_json::Value> {
        commands::run(&self.core, command).await
    }

    /// What the screen is told from now on. A receiver that lagged behind asks `Status` and `Current` again.
    pub fn events(&self) -> broadcast::Receiver<ScreenEvent> {
        self.core.events.subscribe()
    }

    /// The cached picture of a photo; a video's is its poster.
    pub async fn picture(&self, photo: PhotoId) -> Option<CachedPicture> {
        self.core.cache.picture(photo).await.ok().flatten()
    }

    /// A picture of the cache with its media type, no larger than `panel`. `None` also for one that the disk has spoilt:
    /// a screen that says it could not show a photo has it fetched anew.
    pub async fn picture_within(&self, photo: PhotoId, panel: PanelSize) -> Option<(String, Vec<u8>)> {
        let CachedPicture { path, media_type } = self.picture(photo).await?;
        let read = move || std::fs::read(path).map(|bytes| (fit(&bytes, panel), bytes));
        match tokio::task::spawn_blocking(read).await.ok()? {
            Ok((Fitted::AsItIs, bytes)) => Some((media_type, bytes)),
            Ok((Fitted::Made(made), _)) => Some((MediaType::Jpeg.mime().to_owned(), made)),
            Ok((Fitted::Torn, _)) => {
                warn!(%photo, "a cached picture is spoilt");
                None
            }
            Err(error) => {
                warn!(%photo, %error, "a cached picture cannot be read");
                None
            }
        }
    }

    pub(crate) async fn video(&self, photo: PhotoId) -> Option<CachedPicture> {
        self.core.cache.video(photo).await.ok().flatten()
    }

    pub(crate) async fn voice(&self, comment: CommentId) -> Option<Heard> {
        self.core.cache.voice(comment).await.ok().flatten()
    }

    /// Where the bridge listens: the screen, and the videos of the window.
    pub fn bridge(&self) -> SocketAddr {
        self.bridge
    }

    pub fn videos(&self) -> Videos {
        Videos { base: format!("http://{}", self.bridge), token: self.core.video_token.clone() }
    }

    /// By the machine's own time zone; `None` while the clock has not been set.
    pub fn local_time(&self) -> Option<jiff::civil::DateTime> {
        clock::now().map(|now| now.datetime())
    }

    /// For the supervisor.
    pub(crate) async fn health(&self) -> bridge::health::Answer {
        let stage = self.core.stage.lock().await;
        bridge::health::Answer {
            showing: stage.show.current().is_some(),
            painted: stage.painted.is_some(),
            asleep: self.core.conditions().asleep,
        }
    }

    pub(crate) async fn is_paused(&self) -> bool {
        self.core.is_paused().await
    }

    pub(crate) fn web_dir(&self) -> Option<PathBuf> {
        self.core.options.web_dir.clone()
    }

    /// Resolves when a child asked for a restart: shut down, then start the program anew.
    pub async fn restart_wanted(&self) {
        self.core.signals.restart.notified().await;
    }

    /// Ends every task, and returns when the last has ended. Safe to call twice.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

fn video_token() -> anyhow::Result<String> {
    let mut token = [0; 24];
    aws_lc_rs::rand::fill(&mut token).context("no randomness")?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(token))
}

async fn lock(data_dir: &Path) -> anyhow::Result<std::fs::File> {
    let file = std::fs::File::create(data_dir.join("lock"))?;
    // A frame that was just told to stop may still be ending.
    for _ in 0..50 {
        if file.try_lock().is_ok() {
            return Ok(file);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("another frame uses this data directory")
}

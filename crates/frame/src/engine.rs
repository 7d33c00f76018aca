//! The frame's engine: owns every task and all state, and answers the screen's commands.
//!
//! The kiosk window and the loopback bridge are two faces of `run` and `events`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use picup_api::{
    PhotoId,
    screen::{ScreenCommand, ScreenEvent},
};
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::{EngineError, Options, error::Result};

/// Cheap to clone; every clone is the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    bridge: SocketAddr,
    events: broadcast::Sender<ScreenEvent>,
    restart: Notify,
    stop: CancellationToken,
}

/// A picture of the cache: whole, decodable, and no larger than the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedPicture {
    pub path: PathBuf,
    pub media_type: String,
}

impl Engine {
    /// Shows what is cached at once; everything that needs the network follows by itself.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let (events, _) = broadcast::channel(256);
        let inner =
            Inner { bridge: options.bridge, events, restart: Notify::new(), stop: CancellationToken::new() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Carries out a command of the screen; the answer's shape is told at each `ScreenCommand`.
    pub async fn run(&self, command: ScreenCommand) -> Result<serde_json::Value> {
        let _ = command;
        Err(EngineError::not_found("the engine is being built"))
    }

    /// What the screen is told from now on. A receiver that lagged behind asks `Status` and `Current` again.
    pub fn events(&self) -> broadcast::Receiver<ScreenEvent> {
        self.inner.events.subscribe()
    }

    /// The cached picture of a photo; a video's is its poster.
    pub async fn picture(&self, photo: PhotoId) -> Option<CachedPicture> {
        let _ = photo;
        None
    }

    /// Where the bridge listens: the screen, and the videos of the window.
    pub fn bridge(&self) -> SocketAddr {
        self.inner.bridge
    }

    /// Resolves when a child asked for a restart: shut down, then start the program anew.
    pub async fn restart_wanted(&self) {
        self.inner.restart.notified().await;
    }

    /// Ends every task, and returns when the last has ended. Safe to call twice.
    pub async fn shutdown(&self) {
        self.inner.stop.cancel();
    }
}

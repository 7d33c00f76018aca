//! What every task of the engine shares.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use picup_api::{
    FamilyId, FrameId,
    account::Locale,
    frame::FrameSettings,
    screen::{PairingPrompt, PauseReason, ScreenEvent},
};
use picup_client::{Client, ClientError, ErrorKind};
use tokio::sync::broadcast;
use tracing::{info, warn};

use super::{Signals, picture::Pictures, rest::Rest, slides::Stage, status::Import};
use crate::{Options, cache::Cache, ledger::Ledger, voice::Voice};

/// Events a screen may lag behind before it has to ask for the state again.
const EVENTS: usize = 256;
const FULL_HD: (u32, u32) = (1920, 1080);

pub(crate) struct Core {
    pub options: Options,
    pub client: Client,
    pub cache: Cache,
    pub ledger: Ledger,
    pub signals: Arc<Signals>,
    pub events: broadcast::Sender<ScreenEvent>,
    pub video_token: String,
    pub(super) pictures: Pictures,
    pub(super) stage: tokio::sync::Mutex<Stage>,
    /// One command from afar at a time: the family's server and the home's broker both send them.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Held while a wish, or what the server says of photos, is written down.
    pub(super) wishing: tokio::sync::Mutex<()>,
    pub(super) rest: Rest,
    pub(crate) voice: Voice,
    conditions: Mutex<Conditions>,
}

/// How things stand. Never held over an await.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    /// `None` until the credential was looked for.
    pub frame: Option<Option<(FrameId, FamilyId)>>,
    pub prompt: Option<PairingPrompt>,
    pub online: bool,
    pub settings: FrameSettings,
    pub panel: (u32, u32),
    pub photos_wanted: u32,
    pub downloads_paused: Option<PauseReason>,
    pub uploads_paused: Option<PauseReason>,
    pub import: Import,
    pub asleep: bool,
    /// Percent of light the picture has at this hour; 100 where the panel's own light follows it.
    pub brightness: u8,
    /// Percent, whatever the hour: chosen in the home, until the children choose again.
    pub brightness_here: Option<u8>,
    /// How the panel is switched, where something was found.
    pub panel_switch: Option<String>,
}

impl Core {
    pub(super) async fn open(
        options: Options,
        client: Client,
        cache: Cache,
        ledger: Ledger,
        video_token: String,
    ) -> anyhow::Result<Self> {
        let facts = cache.facts().await?;
        let settings = facts.settings.unwrap_or_else(first_settings);
        let conditions = Conditions {
            frame: None,
            prompt: None,
            online: false,
            brightness: settings.brightness,
            brightness_here: None,
            settings,
            panel: facts.panel.unwrap_or(FULL_HD),
            photos_wanted: 0,
            downloads_paused: None,
            uploads_paused: None,
            import: Import::default(),
            asleep: false,
            panel_switch: None,
        };
        Ok(Self {
            options,
            client,
            cache,
            ledger,
            signals: Arc::default(),
            events: broadcast::channel(EVENTS).0,
            video_token,
            pictures: Pictures::default(),
            stage: Default::default(),
            turn: Default::default(),
            wishing: Default::default(),
            rest: Rest::default(),
            voice: Voice::default(),
            conditions: Mutex::new(conditions),
        })
    }

    pub(crate) fn conditions(&self) -> Conditions {
        self.locked().clone()
    }

    pub(crate) fn locale(&self) -> Locale {
        self.locked().settings.locale
    }

    /// Reads, or changes what no screen is told of.
    pub(super) fn look<T>(&self, look: impl FnOnce(&mut Conditions) -> T) -> T {
        look(&mut self.locked())
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Conditions) -> T) -> T {
        let changed = change(&mut self.locked());
        self.signals.status.notify_one();
        changed
    }

    fn locked(&self) -> MutexGuard<'_, Conditions> {
        self.conditions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tell(&self, event: ScreenEvent) {
        // Without a listener there is nobody to tell.
        let _ = self.events.send(event);
    }

    /// The server answered.
    pub(crate) fn went_well(&self) {
        let was_online = self.change(|it| std::mem::replace(&mut it.online, true));
        if !was_online {
            info!("the server is there");
        }
    }

    /// Something failed that is tried again.
    pub(crate) fn went_wrong(&self, what: &'static str, error: &anyhow::Error) {
        let away = error.downcast_ref::<ClientError>().is_some_and(|error| {
            matches!(error.kind(), ErrorKind::Offline | ErrorKind::CaptivePortal | ErrorKind::Unavailable)
        });
        let was_online = self.change(|it| {
            let online = it.online && !away;
            std::mem::replace(&mut it.online, online)
        });
        if was_online || !away {
            warn!(error = format!("{error:#}"), "{what}");
        }
    }
}

/// The server's word that this frame is no part of its family any more.
pub(crate) fn signed_out(error: &anyhow::Error) -> Option<ClientError> {
    error.downcast_ref::<ClientError>().filter(|error| error.kind() == ErrorKind::SignedOut).cloned()
}

/// Until the children have chosen.
pub(super) fn first_settings() -> FrameSettings {
    let korean = std::env::var("LANG").is_ok_and(|lang| lang.starts_with("ko"));
    let locale = if korean { Locale::Ko } else { Locale::En };
    FrameSettings::first(locale)
}

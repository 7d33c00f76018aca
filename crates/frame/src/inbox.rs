//! Takes what people put into a folder: each file once, whole, without ever writing to the folder.
//!
//! Events are hints, a periodic listing is the truth. One task per folder; it never ends because of what it finds.

mod listing;
pub(crate) mod names;
pub(crate) mod settle;
pub(crate) mod spool;
mod watch;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use picup_api::{photo::PhotoSource, screen::PauseReason};
use rand::Rng;
use tokio::{sync::mpsc, time::Instant};
use tracing::{info, warn};

use crate::{
    InboxFolder, Options, database,
    engine::Signals,
    ledger::{Ledger, SourceFile, Spooled},
};
use settle::Settling;
use spool::Outcome;
use watch::{Hint, Watch};

/// A look at the files that are settling.
const LOOK: Duration = Duration::from_secs(1);
/// From a new folder's event until what comes into it is heard, at most.
const UNHEARD: Duration = Duration::from_secs(1);
const SHORTEST_LOOK: Duration = Duration::from_millis(100);
const LISTING: Duration = Duration::from_secs(300);
/// Network file systems send no events, so there the listing is all there is.
const LISTING_WITHOUT_EVENTS: Duration = Duration::from_secs(10);

/// What the screen is told of one folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InboxState {
    pub waiting: u32,
    pub paused: Option<PauseReason>,
}

pub(crate) struct Inbox {
    folder: PathBuf,
    source: PhotoSource,
    ledger: Ledger,
    /// Bytes that stay free on the spool's disk.
    reserve: u64,
    signals: Arc<Signals>,
    /// This folder's place among the inboxes.
    place: usize,
    settling: Settling,
    /// And when they came: looked into once more when they are surely listened to.
    new_folders: HashMap<PathBuf, Duration>,
    look: Duration,
    started: Instant,
    state: InboxState,
}

impl Inbox {
    /// The folder at `place` among the options' inboxes.
    pub(crate) fn new(options: &Options, place: usize, ledger: Ledger, signals: Arc<Signals>) -> Self {
        let InboxFolder { path: folder, source } = options.inbox[place].clone();
        Self {
            folder,
            source,
            ledger,
            reserve: options.reserve_bytes,
            signals,
            place,
            settling: Settling::after(options.settle_seconds),
            new_folders: HashMap::new(),
            look: options.settle_seconds.clamp(SHORTEST_LOOK, LOOK),
            started: Instant::now(),
            state: InboxState::default(),
        }
    }

    /// Runs until it is dropped.
    pub(crate) async fn run(mut self) {
        if let Err(error) = tokio::fs::create_dir_all(&self.folder).await {
            warn!(%error, "an inbox cannot be made; it is waited for");
        }
        let (hints, mut heard) = mpsc::channel(4096);
        let mut watch = Watch::new(self.folder.clone(), hints);
        let mut next_listing = Instant::now();
        let mut look = tokio::time::interval(self.look);
        loop {
            tokio::select! {
                hint = heard.recv() => match hint {
                    Some(Hint::Touched(path)) if path == self.folder => watch.forget(),
                    Some(Hint::Touched(path)) => self.touched(path).await,
                    Some(Hint::Lost) | None => {
                        // A new folder's event may be among the lost ones: then it is not listened to.
                        watch.forget();
                        next_listing = Instant::now();
                    }
                },
                _ = look.tick() => {
                    self.look_again().await;
                    self.take_settled().await;
                }
            }
            if watch.renew() || watch.has_missed() {
                next_listing = Instant::now();
            }
            if Instant::now() >= next_listing {
                self.list().await;
                next_listing = Instant::now() + if watch.hears() { LISTING } else { LISTING_WITHOUT_EVENTS };
            }
            self.tell();
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    async fn touched(&mut self, path: PathBuf) {
        let inside = path.strip_prefix(&self.folder).unwrap_or(Path::new("")).iter();
        if inside.clone().next().is_none() || inside.clone().any(names::is_ignored) {
            return;
        }
        let now = self.now();
        match spool::stamp_of(&path) {
            Some(stamp) => {
                self.settling.observe(path.clone(), stamp, now);
                self.settling.touch(&path, now);
            }
            // A folder that was moved in brings its files without an event for each.
            None if is_folder(&path) => {
                self.new_folders.insert(path.clone(), now);
                self.look_into(path).await;
            }
            None => self.settling.forget(&path),
        }
    }

    /// A folder is listened to a moment after its own event; what came into it meanwhile was not heard.
    async fn look_again(&mut self) {
        let now = self.now();
        let ripe = self.new_folders.extract_if(|_, came| *came + UNHEARD <= now);
        for folder in ripe.map(|(folder, _)| folder).collect::<Vec<_>>() {
            self.look_into(folder).await;
        }
    }

    async fn list(&mut self) {
        self.look_into(self.folder.clone()).await;
    }

    async fn look_into(&mut self, folder: PathBuf) {
        let found = tokio::task::spawn_blocking(move || listing::files_of(&folder)).await.unwrap_or_default();
        let now = self.now();
        for file in found {
            match self.ledger.knows(file.clone()).await {
                Ok(false) => self.settling.observe(file.path, file.stamp, now),
                Ok(true) => {}
                Err(error) => warn!(error = format!("{error:#}"), "the ledger cannot be read"),
            }
        }
    }

    /// Takes every file that is quiet. Stops at the first that finds no room: it waits, and so do the others.
    async fn take_settled(&mut self) {
        self.state.paused = None;
        for path in self.settling.paths() {
            let now = self.now();
            let Some(stamp) = spool::stamp_of(&path) else {
                self.settling.forget(&path);
                continue;
            };
            self.settling.observe(path.clone(), stamp, now);
            if !self.settling.is_settled(&path, stamp, now) {
                continue;
            }
            if let Err(error) = self.take(SourceFile { path, stamp }).await {
                warn!(error = format!("{error:#}"), "an arrival cannot be recorded; it waits");
                return;
            }
            self.tell();
            if self.state.paused.is_some() {
                return;
            }
        }
    }

    async fn take(&mut self, file: SourceFile) -> anyhow::Result<()> {
        if self.ledger.knows(file.clone()).await? {
            self.settling.forget(&file.path);
            return Ok(());
        }
        match self.copy(&file).await? {
            Outcome::Copied(copied) => self.record(file, copied).await?,
            Outcome::NotAPicture => self.refuse(file, "not_a_picture").await?,
            Outcome::Unreadable(error) => {
                warn!(%error, "an arrival cannot be read");
                self.refuse(file, "unreadable").await?;
            }
            Outcome::Changed => self.settling.touch(&file.path, self.now()),
            Outcome::Vanished => self.settling.forget(&file.path),
            Outcome::DiskFull => self.state.paused = Some(PauseReason::DiskFull),
        }
        Ok(())
    }

    async fn copy(&self, file: &SourceFile) -> anyhow::Result<Outcome> {
        let (file, spool, reserve) = (file.clone(), self.ledger.spool().to_owned(), self.reserve);
        let unique = rand::rng().next_u64();
        let copying =
            tokio::task::spawn_blocking(move || spool::copy(&file.path, file.stamp, &spool, unique, reserve));
        Ok(copying.await?)
    }

    async fn record(&mut self, file: SourceFile, copied: spool::Copied) -> anyhow::Result<()> {
        let path = file.path.clone();
        let copy = self.ledger.spool().join(&copied.spool_name);
        let spooled = Spooled {
            filename: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            from: file,
            source: self.source,
            media_type: copied.media_type.mime().to_owned(),
            sha256: copied.sha256,
            spool_name: copied.spool_name.clone(),
        };
        match self.ledger.record(spooled).await {
            Ok(true) => info!(media_type = copied.media_type.mime(), "a file arrived"),
            Ok(false) => tokio::fs::remove_file(copy).await?,
            Err(error) => {
                // The file is copied anew at the next look: copies nobody knows would fill the disk.
                tokio::fs::remove_file(copy).await?;
                return self.wait_for_room(error);
            }
        }
        self.settling.forget(&path);
        self.signals.arrived.notify_one();
        self.signals.status.notify_one();
        Ok(())
    }

    /// A ledger that finds no room is a full disk like any other; every other error is passed on.
    fn wait_for_room(&mut self, error: anyhow::Error) -> anyhow::Result<()> {
        if !database::is_full(&error) {
            return Err(error);
        }
        self.state.paused = Some(PauseReason::DiskFull);
        Ok(())
    }

    async fn refuse(&mut self, file: SourceFile, reason: &'static str) -> anyhow::Result<()> {
        let path = file.path.clone();
        if let Err(error) = self.ledger.refuse(file, reason).await {
            return self.wait_for_room(error);
        }
        self.settling.forget(&path);
        self.signals.status.notify_one();
        Ok(())
    }

    fn tell(&mut self) {
        self.state.waiting = self.settling.waiting();
        self.signals.set_inbox(self.place, self.state);
    }
}

/// A link to a folder is none: it may lead anywhere.
fn is_folder(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn inbox_in(directory: &Path) -> Inbox {
        Inbox {
            folder: directory.join("inbox"),
            source: PhotoSource::Camera,
            ledger: Ledger::open(directory).await.unwrap(),
            reserve: 0,
            signals: Arc::default(),
            place: 0,
            settling: Settling::after(Duration::from_secs(5)),
            new_folders: HashMap::new(),
            look: LOOK,
            started: Instant::now(),
            state: InboxState::default(),
        }
    }

    #[tokio::test]
    async fn what_came_into_a_new_folder_before_it_was_listened_to_is_found() {
        let directory = tempfile::tempdir().unwrap();
        let mut inbox = inbox_in(directory.path()).await;
        let folder = inbox.folder.join("new");
        std::fs::create_dir_all(&folder).unwrap();
        inbox.touched(folder.clone()).await;
        std::fs::write(folder.join("a.jpg"), b"no event tells of it").unwrap();
        inbox.look_again().await;
        assert_eq!(inbox.settling.waiting(), 0, "it may not be listened to yet");
        tokio::time::sleep(UNHEARD).await;
        inbox.look_again().await;
        assert_eq!(inbox.settling.waiting(), 1);
        assert!(inbox.new_folders.is_empty());
    }
}

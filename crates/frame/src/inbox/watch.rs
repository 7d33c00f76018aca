//! Hears of changes in a folder, and starts to listen anew when the folder was deleted and made again.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use notify::{
    Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};
use tokio::{sync::mpsc, time::Instant};
use tracing::{debug, warn};

/// Between attempts to listen to a folder that is not there.
const RENEW: Duration = Duration::from_secs(2);

pub(super) enum Hint {
    Touched(PathBuf),
    /// Some events were lost: only a listing tells.
    Lost,
}

pub(super) struct Watch {
    folder: PathBuf,
    hints: mpsc::Sender<Hint>,
    /// The watcher, and the device and inode it listens to.
    ears: Option<(RecommendedWatcher, (u64, u64))>,
    next_look: Instant,
}

impl Watch {
    pub(super) fn new(folder: PathBuf, hints: mpsc::Sender<Hint>) -> Self {
        Self { folder, hints, ears: None, next_look: Instant::now() }
    }

    /// Whether events can be relied upon here.
    pub(super) fn hears(&self) -> bool {
        self.ears.is_some() && !sends_no_events(&self.folder)
    }

    /// Listens to the folder that has the name now. True when it began to: then it has to be listed.
    pub(super) fn renew(&mut self) -> bool {
        if Instant::now() < self.next_look {
            return false;
        }
        self.next_look = Instant::now() + RENEW;
        let there = identity(&self.folder);
        if self.ears.as_ref().map(|(_, heard)| *heard) == there {
            return false;
        }
        self.ears = there.and_then(|there| Some((self.listen()?, there)));
        self.ears.is_some()
    }

    fn listen(&self) -> Option<RecommendedWatcher> {
        let hints = self.hints.clone();
        let heard = move |event: notify::Result<Event>| {
            for hint in hints_of(event) {
                if hints.try_send(hint).is_err() {
                    // The next listing finds what did not fit.
                    debug!("more events than can be looked at");
                }
            }
        };
        // What a link leads to is not in this folder.
        let config = Config::default().with_follow_symlinks(false);
        let listening = RecommendedWatcher::new(heard, config).and_then(|mut watcher| {
            watcher.watch(&self.folder, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        listening.inspect_err(|error| warn!(%error, "an inbox cannot be watched; it is listed instead")).ok()
    }
}

fn hints_of(event: notify::Result<Event>) -> Vec<Hint> {
    match event {
        Err(error) => {
            debug!(%error, "events were lost");
            vec![Hint::Lost]
        }
        Ok(event) if event.need_rescan() => vec![Hint::Lost],
        // Reading is no change; our own copying reads.
        Ok(Event { kind: EventKind::Access(kind), .. }) if kind != AccessKind::Close(AccessMode::Write) => {
            vec![]
        }
        Ok(event) => event.paths.into_iter().map(Hint::Touched).collect(),
    }
}

fn identity(folder: &Path) -> Option<(u64, u64)> {
    let meta = fs::metadata(folder).ok().filter(fs::Metadata::is_dir)?;
    Some((meta.dev(), meta.ino()))
}

/// NFS, SMB and FUSE file systems change without this machine hearing of it.
fn sends_no_events(folder: &Path) -> bool {
    const SILENT: [i64; 5] = [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546];
    rustix::fs::statfs(folder).is_ok_and(|disk| SILENT.contains(&disk.f_type))
}

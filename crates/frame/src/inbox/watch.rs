//! Hears of changes in a folder, and starts to listen anew when the folder was deleted and made again, or when a disk
//! was mounted somewhere in it.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
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

impl Hint {
    /// By the name the frame knows the folder by.
    fn inside(self, itself: &Path, folder: &Path) -> Self {
        match self {
            Self::Touched(path) => {
                Self::Touched(path.strip_prefix(itself).map_or(path.clone(), |it| folder.join(it)))
            }
            Self::Lost => Self::Lost,
        }
    }
}

pub(super) struct Watch {
    folder: PathBuf,
    hints: mpsc::Sender<Hint>,
    /// The watcher, and the device and inode it listens to.
    ears: Option<(RecommendedWatcher, (u64, u64))>,
    /// Disks mounted below the folder; nothing tells of a mount but a look.
    mounted: Vec<PathBuf>,
    noted: Arc<Noted>,
    next_look: Instant,
}

/// What the watcher's thread found out.
#[derive(Default)]
struct Noted {
    /// Hints that did not fit.
    missed: AtomicBool,
    /// A folder could not be listened to, for the system allows no more watches.
    deaf: AtomicBool,
}

impl Watch {
    pub(super) fn new(folder: PathBuf, hints: mpsc::Sender<Hint>) -> Self {
        let noted = Arc::default();
        Self { folder, hints, ears: None, mounted: Vec::new(), noted, next_look: Instant::now() }
    }

    /// Whether events can be relied upon here.
    pub(super) fn hears(&self) -> bool {
        let is_deaf = self.noted.deaf.load(Ordering::Relaxed) || sends_no_events(&self.folder);
        self.ears.is_some() && !is_deaf && !self.mounted.iter().any(|disk| sends_no_events(disk))
    }

    /// Whether there were events since the last look that nobody can be told of any more.
    pub(super) fn has_missed(&self) -> bool {
        self.noted.missed.swap(false, Ordering::Relaxed)
    }

    /// Something became of the folder itself: one made again in its place may have its very inode.
    pub(super) fn forget(&mut self) {
        self.ears = None;
    }

    /// Listens to the folder that has the name now, with what is mounted in it. True when it began to: then it has to
    /// be listed.
    pub(super) fn renew(&mut self) -> bool {
        if Instant::now() < self.next_look {
            return false;
        }
        self.next_look = Instant::now() + RENEW;
        let there = identity(&self.folder);
        let mounted = mounted_below(&self.folder);
        if self.ears.as_ref().map(|(_, heard)| *heard) == there && self.mounted == mounted {
            return false;
        }
        self.mounted = mounted;
        self.noted.deaf.store(false, Ordering::Relaxed);
        self.ears = there.and_then(|there| Some((self.listen()?, there)));
        self.ears.is_some()
    }

    fn listen(&self) -> Option<RecommendedWatcher> {
        let (hints, noted) = (self.hints.clone(), self.noted.clone());
        // Events name the folder itself. What is asked for may be a link to it.
        let (folder, itself) = (self.folder.clone(), self.folder.canonicalize().ok()?);
        let watched = itself.clone();
        let heard = move |event: notify::Result<Event>| {
            if event.as_ref().is_err_and(is_out_of_watches) {
                warn!("no more folders can be watched; they are listed instead");
                noted.deaf.store(true, Ordering::Relaxed);
            }
            for hint in hints_of(event).into_iter().map(|hint| hint.inside(&itself, &folder)) {
                if hints.try_send(hint).is_err() {
                    noted.missed.store(true, Ordering::Relaxed);
                }
            }
        };
        // What a link leads to is not in this folder.
        let config = Config::default().with_follow_symlinks(false);
        let listening = RecommendedWatcher::new(heard, config).and_then(|mut watcher| {
            watcher.watch(&watched, RecursiveMode::Recursive)?;
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

fn is_out_of_watches(error: &notify::Error) -> bool {
    matches!(error.kind, notify::ErrorKind::MaxFilesWatch)
}

/// From the kernel's table (proc(5), `mountinfo`): the fifth field is the place, with spaces as `\040`.
fn mounted_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(folder) = folder.canonicalize() else { return Vec::new() };
    let table = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let places = table.lines().filter_map(|line| line.split(' ').nth(4));
    let places = places.map(|place| PathBuf::from(place.replace("\\040", " ").replace("\\134", "\\")));
    places.filter(|place| *place != folder && place.starts_with(&folder)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_link_to_a_folder_hears_what_comes_into_it() {
        let directory = tempfile::tempdir().unwrap();
        let (folder, link) = (directory.path().join("pictures"), directory.path().join("inbox"));
        fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        let (hints, mut heard) = mpsc::channel(64);
        let mut watch = Watch::new(link.clone(), hints);
        assert!(watch.renew() && watch.hears());
        fs::write(folder.join("a.jpg"), b"x").unwrap();
        let hint = tokio::time::timeout(Duration::from_secs(60), heard.recv()).await.unwrap();
        assert!(matches!(hint, Some(Hint::Touched(path)) if path == link.join("a.jpg")));
    }
}

//! A mounted file system that passes everything through to a directory and misbehaves on command, as a network share
//! does. Needs `/dev/fuse`.

mod passthrough;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Condvar, Mutex},
    time::{Duration, Instant},
};

use fuser::{BackgroundSession, Config, Errno, MountOption};
use tempfile::TempDir;

use passthrough::Passthrough;

const LETS_GO_WITHIN: Duration = Duration::from_secs(30);

/// How the mount misbehaves from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountFault {
    None,
    /// No call returns until the fault is another one.
    Hang,
    /// ESTALE: the server has another file system there by now.
    Stale,
    /// EIO.
    BrokenDevice,
    /// ENOSPC, from whatever needs room.
    Full,
}

/// Unmounted and swept away when dropped.
pub struct FaultyMount {
    directory: TempDir,
    gate: Arc<Gate>,
    session: Option<BackgroundSession>,
}

/// Where every call on the mount stands first.
#[derive(Default)]
struct Gate {
    fault: Mutex<Option<MountFault>>,
    changed: Condvar,
}

impl Gate {
    fn set(&self, fault: MountFault) {
        *self.fault.lock().unwrap() = Some(fault);
        self.changed.notify_all();
    }

    fn pass(&self, needs_room: bool) -> Result<(), Errno> {
        let mut fault = self.fault.lock().unwrap();
        loop {
            match *fault {
                Some(MountFault::Hang) => fault = self.changed.wait(fault).unwrap(),
                Some(MountFault::Stale) => return Err(Errno::ESTALE),
                Some(MountFault::BrokenDevice) => return Err(Errno::EIO),
                Some(MountFault::Full) if needs_room => return Err(Errno::ENOSPC),
                _ => return Ok(()),
            }
        }
    }
}

impl FaultyMount {
    /// Panics where mounting is not allowed: a test of a share needs one.
    pub fn start() -> Self {
        let directory = tempfile::Builder::new().prefix("picup-mount-").tempdir().unwrap();
        for name in ["behind", "mount"] {
            std::fs::create_dir(directory.path().join(name)).unwrap();
        }
        let mut mount = Self { directory, gate: Arc::default(), session: None };
        mount.mount();
        mount
    }

    /// Where it is mounted.
    pub fn path(&self) -> PathBuf {
        self.directory.path().join("mount")
    }

    /// The directory behind it, which always works.
    pub fn behind(&self) -> PathBuf {
        self.directory.path().join("behind")
    }

    pub fn set(&self, fault: MountFault) {
        self.gate.set(fault);
    }

    /// What is left is the empty mount point.
    pub fn unmount(&mut self) {
        self.set(MountFault::None);
        let session = self.session.take().expect("it is mounted");
        let asked = Instant::now();
        // Who was kept waiting by a fault may have a file open for a moment longer.
        while !unmounted(&self.path()) {
            assert!(asked.elapsed() < LETS_GO_WITHIN, "the share is busy");
            std::thread::sleep(Duration::from_millis(50));
        }
        session.join().unwrap();
    }

    pub fn mount(&mut self) {
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("picup-test".into())];
        let passthrough = Passthrough::new(&self.behind(), Arc::clone(&self.gate));
        let mounted = fuser::spawn_mount(passthrough, self.path(), &config);
        self.session = Some(mounted.expect("a test of a share can mount one: /dev/fuse, and fusermount3"));
    }
}

impl Drop for FaultyMount {
    fn drop(&mut self) {
        if self.session.is_some() {
            self.unmount();
        }
    }
}

fn unmounted(path: &Path) -> bool {
    let ended = Command::new("fusermount3").args(["-u", "-q"]).arg(path).status();
    ended.expect("fuse3 is installed").success()
}

fn root(behind: &Path) -> PathBuf {
    behind.canonicalize().unwrap()
}

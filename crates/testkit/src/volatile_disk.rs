//! A disk whose power can be cut: ext4 on a block device that keeps what was flushed and loses, at random, what was
//! not, as drives with a write cache do.
//!
//! The device is the only file of a file system of our own, looped. Needs root, `/dev/fuse` and a loop device.

mod platter;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use fuser::{BackgroundSession, Config, MountOption};
use tempfile::TempDir;

use platter::{DISK, OneFile, Platter};

/// Unmounted and swept away when dropped.
pub struct VolatileDisk {
    directory: TempDir,
    mounted_at: PathBuf,
    platter: Arc<Platter>,
    session: Option<BackgroundSession>,
}

impl VolatileDisk {
    /// An empty disk of `bytes`, mounted at the directory `mount_point`.
    ///
    /// # Panics
    /// Where mounting is not allowed: a test of power cuts needs it.
    pub fn mounted_at(mount_point: &Path, bytes: usize) -> Self {
        let directory = tempfile::Builder::new().prefix("picup-disk-").tempdir().unwrap();
        let platter = Arc::new(Platter::blank(bytes));
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("picup-disk".into())];
        let session = fuser::spawn_mount(OneFile::new(Arc::clone(&platter)), directory.path(), &config);
        let session = Some(session.expect("a test of power cuts can mount: /dev/fuse, and fusermount3"));
        let disk = Self { directory, mounted_at: mount_point.to_owned(), platter, session };
        let device = disk.device();
        run(&["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", text(&device)]);
        disk.mount();
        disk
    }

    /// Everything written so far is flushed, as it would be after a minute.
    pub fn settle(&self) {
        run(&["sync", "--file-system", text(&self.mounted_at)]);
    }

    /// From this instant nothing is written any more, and `seed` decides what of the unflushed is lost. Whoever has
    /// files open there must have ended.
    ///
    /// Returns how many writes are lost: by the disk, and by the kernel, which had not written them yet. Unmounting
    /// costs a few also where everything was flushed.
    pub fn cut_power(&self, seed: u64) -> usize {
        self.platter.cut_power(seed);
        run(&["umount", text(&self.mounted_at)]);
        self.platter.lost()
    }

    /// The file system finds itself as the cut has left it.
    pub fn power_on(&self) {
        self.platter.power_on();
        self.mount();
    }

    fn mount(&self) {
        run(&["mount", "-o", "loop,noatime", text(&self.device()), text(&self.mounted_at)]);
    }

    fn device(&self) -> PathBuf {
        self.directory.path().join(DISK)
    }
}

impl Drop for VolatileDisk {
    fn drop(&mut self) {
        // It may be cut off already; and a test that failed may have left a program running on it, whose open files
        // would make a wait for the last of them endless.
        let _ = Command::new("umount").args(["-q", "--lazy"]).arg(&self.mounted_at).status();
        let _ = Command::new("fusermount3").arg("-uz").arg(self.directory.path()).status();
        std::mem::forget(self.session.take());
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary directory has a name of letters")
}

fn run(words: &[&str]) {
    let status = Command::new(words[0]).args(&words[1..]).status();
    let status = status.unwrap_or_else(|error| panic!("{}: {error}", words[0]));
    assert!(status.success(), "a test of power cuts runs as root: {words:?}: {status}");
}

//! A disk that is soon full.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Two megabytes, mounted in memory; unmounted when dropped.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None, and a word why, where mounting is not allowed: it takes root.
    pub(crate) fn mount(at: &Path) -> Option<Self> {
        let done =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"]).arg(at).output().ok()?;
        if !done.status.success() {
            eprintln!("skipped: a small disk cannot be mounted: {}", String::from_utf8_lossy(&done.stderr));
            return None;
        }
        Some(Self(at.to_owned()))
    }

    pub(crate) fn resize(&self, size: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,size={size}")]).arg(&self.0).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

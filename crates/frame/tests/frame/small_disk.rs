//! A frame whose data directory is a disk of its own, small enough to fill.

use std::{fs, io::Write, path::PathBuf};

use crate::harness::TestFrame;

/// In a mount namespace of the frame's own: it is gone with the process, and works for somebody who is not root.
pub(crate) fn put_on_small_disk(frame: &mut TestFrame, size: &str) {
    let data_dir = frame.data_dir();
    fs::create_dir_all(&data_dir).unwrap();
    let script = r#"mount -t tmpfs -o size="$1" picup-test "$2" && shift 2 && exec "$@""#;
    let words = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", size];
    frame.launch_by(&[&words[..], &[data_dir.to_str().unwrap()]].concat());
}

/// The data directory as the frame sees it.
pub(crate) fn seen_by(frame: &TestFrame) -> PathBuf {
    let root = PathBuf::from(format!("/proc/{}/root", frame.pid().as_raw_nonzero()));
    root.join(frame.data_dir().strip_prefix("/").unwrap())
}

/// A file that takes all room but `left` bytes.
pub(crate) struct Filler(PathBuf);

impl Filler {
    pub(crate) fn on_disk_of(frame: &TestFrame, left: u64) -> Self {
        let path = seen_by(frame).join("filler");
        let mut file = fs::File::create(&path).unwrap();
        while file.write_all(&[0x5A; 4096]).is_ok() {}
        // A last piece may have been written in part.
        let full = file.metadata().unwrap().len();
        file.set_len(full.saturating_sub(left)).unwrap();
        Self(path)
    }

    pub(crate) fn remove(self) {
        fs::remove_file(self.0).unwrap();
    }
}

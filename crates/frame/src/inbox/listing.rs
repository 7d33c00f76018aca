//! Every file below a folder that could be an arrival. No link is followed, nothing but regular files is named.

use std::path::Path;

use walkdir::WalkDir;

use super::{names, spool};
use crate::ledger::SourceFile;

/// Deeper trees than this are no album of anybody's.
const DEPTH: usize = 32;

pub(super) fn files_of(folder: &Path) -> Vec<SourceFile> {
    WalkDir::new(folder)
        .max_depth(DEPTH)
        .follow_links(false)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !names::is_ignored(entry.file_name()))
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let stamp = spool::stamp_of(entry.path())?;
            Some(SourceFile { path: entry.into_path(), stamp })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn links_devices_and_litter_are_never_listed_and_nested_files_are() {
        let inbox = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.jpg"), b"x").unwrap();
        let nested = inbox.path().join("DCIM/100CANON");
        fs::create_dir_all(&nested).unwrap();
        fs::create_dir_all(inbox.path().join(".Trashes")).unwrap();
        fs::write(nested.join("a.jpg"), b"x").unwrap();
        fs::write(inbox.path().join(".Trashes/b.jpg"), b"x").unwrap();
        fs::write(inbox.path().join("c.jpg.part"), b"x").unwrap();
        std::os::unix::fs::symlink(outside.path(), inbox.path().join("out")).unwrap();
        std::os::unix::fs::symlink(inbox.path(), inbox.path().join("loop")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.jpg"), inbox.path().join("d.jpg")).unwrap();
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        let fifo = inbox.path().join("e.jpg");
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        let found: Vec<_> = files_of(inbox.path()).into_iter().map(|file| file.path).collect();
        assert_eq!(found, [nested.join("a.jpg")]);
    }
}

//! Remembers under which id the frame has told a broker of itself.
//!
//! Written before the first word, removed after the last was taken back: a frame that was sent away while the broker was
//! gone, or that lost power, still clears what the broker keeps.

use std::path::{Path, PathBuf};

use picup_api::FrameId;
use tokio::fs;
use uuid::Uuid;

use crate::disk;

fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("mqtt-announced")
}

/// `None` also when it cannot be read: then there is nothing that could be taken back.
pub(super) async fn recall(data_dir: &Path) -> Option<FrameId> {
    let text = fs::read_to_string(path(data_dir)).await.ok()?;
    text.trim().parse().ok().map(|id: Uuid| FrameId(id))
}

pub(super) async fn remember(data_dir: &Path, frame: FrameId) -> std::io::Result<()> {
    if recall(data_dir).await == Some(frame) {
        return Ok(());
    }
    let path = path(data_dir);
    let written = move || disk::replace_private(&path, frame.0.to_string().as_bytes());
    tokio::task::spawn_blocking(written).await?
}

pub(super) async fn forget(data_dir: &Path) -> std::io::Result<()> {
    let path = path(data_dir);
    tokio::task::spawn_blocking(move || disk::remove_if_there(&path)).await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_announced_is_known_until_it_is_taken_back() {
        let directory = tempfile::tempdir().unwrap();
        let frame = FrameId(Uuid::from_u128(5));
        assert_eq!(recall(directory.path()).await, None);
        remember(directory.path(), frame).await.unwrap();
        assert_eq!(recall(directory.path()).await, Some(frame));
        forget(directory.path()).await.unwrap();
        forget(directory.path()).await.unwrap();
        assert_eq!(recall(directory.path()).await, None);
    }
}

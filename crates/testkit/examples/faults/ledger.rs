//! What became of the acknowledged photos, read behind the service's back and through it.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use picup_api::photo::Rendition;
use picup_testkit::{People, TestCluster, sha256};

use crate::load::Acknowledged;

/// A copy may take this long after a fault.
const PATIENCE: Duration = Duration::from_secs(180);

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    /// Acknowledged, and the service does not give them back.
    pub(crate) lost: u64,
    /// Copies, or answers of the service, with another digest.
    pub(crate) wrong: u64,
}

/// How long after `ended` every photo had both copies, in the order they got them. A photo that never does counts as
/// `PATIENCE`.
pub(crate) async fn until_both(
    cluster: &TestCluster,
    people: &People,
    photos: &[Acknowledged],
    ended: Instant,
) -> Vec<Duration> {
    let mut waiting: Vec<_> = photos.iter().map(|photo| copies(cluster, people, &photo.bytes)).collect();
    let mut took = Vec::new();
    while !waiting.is_empty() && ended.elapsed() < PATIENCE {
        waiting.retain(|paths| {
            let complete = paths.iter().all(|path| path.exists());
            if complete {
                took.push(ended.elapsed());
            }
            !complete
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    took.extend(waiting.iter().map(|_| PATIENCE));
    took
}

pub(crate) async fn check(cluster: &TestCluster, people: &People, photos: &[Acknowledged]) -> Found {
    let mut found = Found::default();
    for photo in photos {
        let wanted = sha256(&photo.bytes);
        let stored = copies(cluster, people, &photo.bytes).map(|path| std::fs::read(path).ok());
        found.wrong += stored.iter().flatten().filter(|bytes| sha256(bytes) != wanted).count() as u64;
        match original(people, photo).await {
            Some(bytes) => found.wrong += u64::from(sha256(&bytes) != wanted),
            None => found.lost += 1,
        }
    }
    found
}

async fn original(people: &People, photo: &Acknowledged) -> Option<Vec<u8>> {
    let listed = people.owner.photo(photo.photo).await.ok()?;
    people.owner.media_bytes(&listed.renditions.get(&Rendition::Original)?.url, 64 << 20).await.ok()
}

fn copies(cluster: &TestCluster, people: &People, bytes: &[u8]) -> [PathBuf; 2] {
    [cluster.s3.object("home"), cluster.backup_dir()].map(|store| path_in(&store, people, bytes))
}

fn path_in(store: &Path, people: &People, bytes: &[u8]) -> PathBuf {
    let digest = sha256(bytes).to_string();
    store.join(format!("originals/{}/{}/{digest}", people.family, &digest[..2]))
}

//! FAILURES 19: `kill -9` at any instant under concurrent uploads.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use picup_api::{PhotoId, photo::Photo};
use picup_client::{PageQuery, PhotoFilter};
use picup_testkit::{People, TestServer, eventually, sha256};

use crate::tus::{Tus, header, large_photo, photo_of};

const KILLS: u64 = 100;
const CLIENTS: usize = 8;

/// Everything a 204 was received for: the photo and the seed its bytes come from.
type Acknowledged = Arc<Mutex<HashMap<PhotoId, u64>>>;

fn file(seed: u64) -> Vec<u8> {
    large_photo(seed, 40_000 + (seed as usize * 7919) % 400_000)
}

/// Uploads new files in two pieces until told to stop; never minds a dead server.
async fn keep_uploading(tus: &Tus, seeds: &AtomicU64, acknowledged: &Acknowledged, stop: &AtomicU64) {
    while stop.load(Ordering::Relaxed) == 0 {
        let seed = seeds.fetch_add(1, Ordering::Relaxed);
        let bytes = file(seed);
        let Ok(created) = tus.creation(bytes.len(), Some(sha256(&bytes))).send().await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let Some(path) = header(&created, "location") else { continue };
        let half = bytes.len() / 2;
        if tus.piece(&path, 0, &bytes[..half]).send().await.is_err() {
            continue;
        }
        let Ok(last) = tus.piece(&path, half, &bytes[half..]).send().await else { continue };
        if last.status() == 204 {
            acknowledged.lock().unwrap().insert(photo_of(&last), seed);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_under_eight_uploads_loses_nothing_acknowledged_and_shows_nothing_half() {
    let mut server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    let acknowledged = Acknowledged::default();
    let seeds = Arc::new(AtomicU64::new(1));
    for kill in 0..KILLS {
        let tus = Arc::new(Tus::of(&server, &people).await);
        let stop = Arc::new(AtomicU64::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (tus, seeds) = (Arc::clone(&tus), Arc::clone(&seeds));
                let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
                tokio::spawn(async move { keep_uploading(&tus, &seeds, &acknowledged, &stop).await })
            })
            .collect();
        // The clients are out of step by then, so an instant after the first word is any instant of an upload.
        one_more(&acknowledged).await;
        tokio::time::sleep(Duration::from_millis((kill * 7919) % 541)).await;
        server.kill9().await;
        stop.store(1, Ordering::Relaxed);
        for client in clients {
            client.await.unwrap();
        }
        server.start_again().await;
    }
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() as u64 > KILLS, "only {} uploads were acknowledged", acknowledged.len());
    check_visible(&people, &acknowledged).await;
    check_second_copies(&server, &people).await;
}

/// Waits for an acknowledgement, however long a busy machine takes for it.
async fn one_more(acknowledged: &Acknowledged) {
    let before = acknowledged.lock().unwrap().len();
    let more = || async { (acknowledged.lock().unwrap().len() > before).then_some(()) };
    eventually("an upload is acknowledged", more).await;
}

/// Every acknowledged photo is there with its bytes, and every visible one is whole.
async fn check_visible(people: &People, acknowledged: &HashMap<PhotoId, u64>) {
    let visible = all_photos(people).await;
    for id in acknowledged.keys() {
        assert!(visible.iter().any(|photo| photo.id == *id), "{id} was acknowledged and is gone");
    }
    for photo in &visible {
        let bytes = crate::tus::original(&people.owner, photo.id).await;
        assert_eq!(sha256(&bytes), photo.sha256, "{} has other bytes", photo.id);
        if let Some(seed) = acknowledged.get(&photo.id) {
            assert_eq!(sha256(&file(*seed)), photo.sha256, "{} is another photo", photo.id);
        }
    }
    let usage = people.owner.usage(people.family).await.unwrap();
    assert_eq!(usage.photos as usize, visible.len());
    assert_eq!(usage.usage_bytes, visible.iter().map(|photo| photo.bytes).sum::<u64>());
}

async fn all_photos(people: &People) -> Vec<Photo> {
    let (mut photos, mut cursor) = (Vec::new(), None);
    loop {
        let query = PageQuery { cursor, limit: Some(200) };
        let page = people.owner.photos(people.family, &PhotoFilter::default(), &query).await.unwrap();
        photos.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return photos;
        }
    }
}

/// The backup has every original as well.
async fn check_second_copies(server: &TestServer, people: &People) {
    let photos = all_photos(people).await;
    for photo in photos {
        let digest = photo.sha256.to_string();
        let path = format!("originals/{}/{}/{digest}", people.family, &digest[..2]);
        let copy = server.backup_dir().join(path);
        let whole = || async {
            let bytes = std::fs::read(&copy).ok()?;
            (sha256(&bytes) == photo.sha256).then_some(())
        };
        eventually("the second copy is there", whole).await;
    }
}

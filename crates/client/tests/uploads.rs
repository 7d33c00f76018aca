//! Uploads to the real server, over a line that fails.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use picup_api::{ErrorCode, FamilyId, PhotoId, photo::PhotoSource, photo::Rendition, upload::CheckAction};
use picup_client::{
    Client, ErrorKind, MemoryTokens, MemoryUploads, RetryPolicy, Timeouts, UploadFile, UploadMemory, Uploaded,
};
use picup_testkit::{Fault, FaultProxy, TestServer, photos, sha256};
use tempfile::TempDir;

const PATIENT: RetryPolicy =
    RetryPolicy { attempts: 10, base: Duration::from_millis(50), cap: Duration::from_secs(1) };

/// A file of about three megabytes that decodes as a picture.
struct Source {
    file: UploadFile,
    bytes: Vec<u8>,
    _directory: TempDir,
}

impl Source {
    fn new(family: FamilyId, seed: u64) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path: PathBuf = directory.path().join("picture.jpg");
        let mut bytes = photos::jpeg(640, 480, seed);
        // Behind the end of the picture decoders stop reading.
        bytes.resize(3 << 20, seed as u8);
        std::fs::write(&path, &bytes).unwrap();
        let file = UploadFile {
            path,
            family,
            album: None,
            filename: "바다.jpg".into(),
            media_type: Some("image/jpeg".into()),
            source: PhotoSource::Frame,
            sha256: sha256(&bytes),
        };
        Self { file, bytes, _directory: directory }
    }
}

/// The owner again, through the proxy.
async fn through(proxy: &FaultProxy, owner: &Client, chunk_bytes: Option<u64>) -> Client {
    let tokens = MemoryTokens::holding(owner.credential().await.unwrap().unwrap());
    let timeouts = Timeouts { stall: Duration::from_millis(800), ..Timeouts::default() };
    let builder = Client::builder(proxy.url()).tokens(std::sync::Arc::new(tokens)).retry(PATIENT);
    let builder = builder.timeouts(timeouts);
    chunk_bytes.into_iter().fold(builder, |builder, bytes| builder.chunk_bytes(bytes)).build().unwrap()
}

async fn original(client: &Client, photo: PhotoId) -> Vec<u8> {
    let photo = client.photo(photo).await.unwrap();
    client.media_bytes(&photo.renditions[&Rendition::Original].url, 64 << 20).await.unwrap()
}

async fn send(client: &Client, source: &Source) -> picup_client::Result<Uploaded> {
    client.upload(&source.file, &MemoryUploads::default(), &|_| {}).await
}

#[tokio::test]
async fn a_file_arrives_whole_and_the_same_bytes_again_are_the_same_photo() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let source = Source::new(people.family, 1);
    let highest = AtomicU64::new(0);
    let watch = |progress: picup_client::UploadProgress| {
        highest.fetch_max(progress.sent, Ordering::Relaxed);
    };
    let first = people.owner.upload(&source.file, &MemoryUploads::default(), &watch).await.unwrap();
    assert!(!first.duplicate);
    assert_eq!(highest.into_inner(), source.bytes.len() as u64);
    assert_eq!(original(&people.owner, first.photo_id).await, source.bytes);
    assert_eq!(people.owner.photo(first.photo_id).await.unwrap().filename, "바다.jpg");
    let again = send(&people.owner, &source).await.unwrap();
    assert_eq!(again, Uploaded { photo_id: first.photo_id, duplicate: true });
}

#[tokio::test]
async fn a_line_that_is_cut_every_megabyte_only_costs_time() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let proxy = FaultProxy::start(server.addr()).await;
    let client = through(&proxy, &people.owner, None).await;
    client.me().await.unwrap();
    proxy.set(Fault::CutAfterUp(1 << 20));
    let source = Source::new(people.family, 2);
    let uploaded = send(&client, &source).await.unwrap();
    proxy.set(Fault::None);
    assert_eq!(original(&client, uploaded.photo_id).await, source.bytes);
    assert!(proxy.connections() > 3, "the line was never cut");
}

#[tokio::test]
async fn an_upload_goes_on_after_the_server_was_killed_and_the_frame_restarted() {
    let mut server = TestServer::start().await;
    let people = server.family().await;
    let proxy = FaultProxy::start(server.addr()).await;
    let source = Source::new(people.family, 3);
    let memory = MemoryUploads::default();
    let client = through(&proxy, &people.owner, Some(256 << 10)).await;
    let half = source.bytes.len() as u64 / 2;
    let stop = tokio::sync::Notify::new();
    let watch = |progress: picup_client::UploadProgress| {
        if progress.sent > half {
            stop.notify_one();
        }
    };
    tokio::select! {
        _ = client.upload(&source.file, &memory, &watch) => panic!("it was to be interrupted"),
        _ = stop.notified() => {}
    }
    assert!(memory.load().await.unwrap().is_some());
    server.restart().await;
    let credential = client.credential().await.unwrap().unwrap();
    let tokens = std::sync::Arc::new(MemoryTokens::holding(credential));
    let restarted = Client::builder(proxy.url()).tokens(tokens).build().unwrap();
    let before = proxy.bytes_up();
    let uploaded = restarted.upload(&source.file, &memory, &|_| {}).await.unwrap();
    assert!(proxy.bytes_up() - before < half + (512 << 10), "it began anew");
    assert_eq!(original(&restarted, uploaded.photo_id).await, source.bytes);
    assert!(memory.load().await.unwrap().is_none());
}

#[tokio::test]
async fn an_upload_that_hangs_is_taken_up_on_a_new_connection() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let proxy = FaultProxy::start(server.addr()).await;
    let client = through(&proxy, &people.owner, None).await;
    let source = Source::new(people.family, 4);
    client.me().await.unwrap();
    let free_again = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        proxy.set(Fault::Stall);
        tokio::time::sleep(Duration::from_secs(3)).await;
        proxy.set(Fault::None);
    };
    let (uploaded, ()) = tokio::join!(send(&client, &source), free_again);
    assert_eq!(original(&people.owner, uploaded.unwrap().photo_id).await, source.bytes);
}

#[tokio::test]
async fn a_lost_final_answer_is_found_again_and_makes_no_second_photo() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let proxy = FaultProxy::start(server.addr()).await;
    let client = through(&proxy, &people.owner, None).await;
    client.me().await.unwrap();
    let source = Source::new(people.family, 5);
    let memory = MemoryUploads::default();
    // A new connection each: the answer to the creation passes, that to the bytes does not.
    let lost_once = async {
        let sent = proxy.bytes_up() + source.bytes.len() as u64;
        while proxy.bytes_up() < sent {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        proxy.cut_now();
    };
    let (uploaded, ()) = tokio::join!(client.upload(&source.file, &memory, &|_| {}), lost_once);
    let uploaded = uploaded.unwrap();
    let all = people.owner.photos(people.family, &Default::default(), &Default::default()).await.unwrap();
    let ids: Vec<_> = all.items.iter().map(|photo| photo.id).collect();
    assert_eq!(ids, [uploaded.photo_id]);
}

#[tokio::test]
async fn an_upload_the_server_no_longer_knows_starts_anew() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let source = Source::new(people.family, 6);
    let memory = MemoryUploads::default();
    let gone = format!("/v1/uploads/{}", uuid::Uuid::now_v7());
    memory.save(Some(&picup_client::UploadState { url: gone })).await.unwrap();
    let uploaded = people.owner.upload(&source.file, &memory, &|_| {}).await.unwrap();
    assert_eq!(original(&people.owner, uploaded.photo_id).await, source.bytes);
}

#[tokio::test]
async fn a_captive_portal_in_mid_upload_only_delays_it() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let proxy = FaultProxy::start(server.addr()).await;
    let client = through(&proxy, &people.owner, None).await;
    client.me().await.unwrap();
    let source = Source::new(people.family, 7);
    proxy.set(Fault::CaptivePortal);
    proxy.cut_now();
    let free_again = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        proxy.set(Fault::None);
    };
    let (uploaded, ()) = tokio::join!(send(&client, &source), free_again);
    assert_eq!(original(&people.owner, uploaded.unwrap().photo_id).await, source.bytes);
}

#[tokio::test]
async fn bytes_that_are_not_the_promised_ones_are_refused_as_corrupt() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut source = Source::new(people.family, 8);
    source.file.sha256 = sha256(b"another file");
    let memory = MemoryUploads::default();
    let error = people.owner.upload(&source.file, &memory, &|_| {}).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Corrupt, Some(ErrorCode::UploadDigestMismatch)));
    assert!(memory.load().await.unwrap().is_none());
}

#[tokio::test]
async fn a_refusal_for_good_is_told_at_once() {
    let server = TestServer::builder().config("[limits]\nquota_bytes = 1000000\n").start().await;
    let people = server.family().await;
    let error = send(&people.owner, &Source::new(people.family, 9)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some(ErrorCode::QuotaExceeded)));
    let error = send(&people.viewer, &Source::new(people.family, 9)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some(ErrorCode::Forbidden)));
}

#[tokio::test]
async fn the_check_tells_which_bytes_the_family_has() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let source = Source::new(people.family, 10);
    let photo = send(&people.editor, &source).await.unwrap().photo_id;
    let item = |id: &str, bytes: &[u8]| picup_api::upload::CheckItem { id: id.into(), sha256: sha256(bytes) };
    let asked = [item("kept", &source.bytes), item("new", b"new")];
    let answers = people.owner.check(people.family, &asked).await.unwrap();
    let found: Vec<_> = answers.iter().map(|answer| (answer.action, answer.photo_id)).collect();
    assert_eq!(found, [(CheckAction::Have, Some(photo)), (CheckAction::Upload, None)]);
    people.owner.trash_photo(photo).await.unwrap();
    let answers = people.owner.check(people.family, &asked).await.unwrap();
    assert_eq!(answers[0].action, CheckAction::Trashed);
}

//! The S3 store against a service that checks signatures, healthy and not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::PathBuf,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures::{StreamExt, stream};
use picup_blob::{
    BlobError, BlobErrorKind, BlobStore, Existing, Expected, Key, S3Settings, S3Store, Source, SpooledFile,
    StoreId, conformance::check_blob_store,
};
use picup_testkit::{Fault, FaultProxy, S3Fault, S3Server};
use tempfile::TempDir;

/// More than a slow machine needs for anything that works.
const PATIENT: Duration = Duration::from_secs(120);
/// For what never answers; what works is not that slow.
const BRIEF: Duration = Duration::from_secs(3);
const MIB: usize = 1024 * 1024;

fn settings(server: &S3Server) -> S3Settings {
    S3Settings {
        endpoint: Some(server.endpoint()),
        region: S3Server::REGION.into(),
        bucket: S3Server::BUCKET.into(),
        prefix: "home/one".into(),
        access_key_id: S3Server::ACCESS_KEY_ID.into(),
        secret_access_key: S3Server::SECRET_ACCESS_KEY.into(),
    }
}

async fn open(server: &S3Server, deadline: Duration) -> S3Store {
    let id = S3Store::create("s3", &settings(server), PATIENT).await.unwrap();
    S3Store::new("s3", &settings(server), id, deadline).unwrap()
}

fn key(name: &str) -> Key {
    name.parse().unwrap()
}

/// Bytes no two parts of which are alike.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i % 251) as u8 ^ (i >> 16) as u8).collect()
}

async fn put(store: &S3Store, name: &str, bytes: &[u8]) -> Result<(), BlobError> {
    let source = Source::Bytes(Bytes::copy_from_slice(bytes));
    store.put(&key(name), source, &Expected::of(bytes), Existing::Keep).await
}

async fn read(store: &S3Store, name: &str) -> Result<Vec<u8>, BlobError> {
    store.get(&key(name), None).await?.bytes().await
}

fn kind<T: std::fmt::Debug>(outcome: Result<T, BlobError>) -> BlobErrorKind {
    outcome.unwrap_err().kind
}

fn words(error: &BlobError) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

fn spooled(directory: &TempDir, bytes: &[u8]) -> Source {
    let path: PathBuf = directory.path().join("spooled");
    std::fs::write(&path, bytes).unwrap();
    Source::File(SpooledFile { path, hashed: true })
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_behaves_like_every_store() {
    let server = S3Server::start().await;
    check_blob_store(&open(&server, PATIENT).await).await;
    assert_eq!(server.unfinished_uploads(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_opens_nothing() {
    let server = S3Server::start().await;
    let id = S3Store::create("s3", &settings(&server), PATIENT).await.unwrap();
    let wrong = S3Settings { secret_access_key: "another secret".into(), ..settings(&server) };
    let store = S3Store::new("s3", &wrong, id, PATIENT).unwrap();
    assert_eq!(kind(put(&store, "a", b"x").await), BlobErrorKind::Unavailable);
    let error = store.probe().await.unwrap_err();
    assert_eq!(error.kind, BlobErrorKind::Unavailable);
    assert!(!format!("{error:?}{store:?}{wrong:?}").contains("another secret"), "a secret is never told");
    assert_eq!(kind(store.sweep(SystemTime::now()).await), BlobErrorKind::Unavailable);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_blob_goes_in_bounded_parts_and_comes_back_the_same() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    let directory = tempfile::tempdir().unwrap();
    let large = bytes(50 * MIB + 12_345);
    let expected = Expected::of(&large);
    store.put(&key("file"), spooled(&directory, &large), &expected, Existing::Keep).await.unwrap();
    assert!(read(&store, "file").await.unwrap() == large);
    assert!(server.most_parts_at_once() <= 3, "{}", server.most_parts_at_once());

    // Chunks that fit into no part evenly.
    let chunks: Vec<_> = large.chunks(700_001).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    let source = Source::Stream(stream::iter(chunks).boxed());
    store.put(&key("stream"), source, &expected, Existing::Keep).await.unwrap();
    let middle = (20 * MIB as u64)..(20 * MIB as u64 + 5);
    let part = store.get(&key("stream"), Some(middle)).await.unwrap().bytes().await.unwrap();
    assert_eq!(part, large[20 * MIB..20 * MIB + 5]);
    assert_eq!(server.unfinished_uploads(), 0);
}

/// The budget is four parts of 8 MiB for all puts of a store together.
#[tokio::test(flavor = "multi_thread")]
async fn many_large_puts_at_once_share_one_budget_of_memory() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    let large = bytes(25 * MIB);
    let names: Vec<_> = (0..6).map(|i| format!("large-{i}")).collect();
    let puts = names.iter().map(|name| put(&store, name, &large));
    futures::future::try_join_all(puts).await.unwrap();
    assert!(server.most_parts_at_once() <= 4, "{}", server.most_parts_at_once());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_source_with_other_bytes_leaves_nothing_behind() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    let large = bytes(20 * MIB);
    for expected in [
        Expected { sha256: [7; 32], ..Expected::of(&large) },
        Expected { bytes: 20 * MIB as u64 + 1, ..Expected::of(&large) },
        Expected { bytes: 20 * MIB as u64 - 1, ..Expected::of(&large) },
    ] {
        let source = Source::Bytes(large.clone().into());
        let outcome = store.put(&key("refused"), source, &expected, Existing::Keep).await;
        assert_eq!(kind(outcome), BlobErrorKind::Corrupt);
        assert_eq!(kind(store.head(&key("refused")).await), BlobErrorKind::NotFound);
        assert_eq!(server.unfinished_uploads(), 0, "parts are dropped");
    }
}

/// FAILURES 21: S3 is busy for a while.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_asks_to_slow_down_is_asked_again() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    for (name, status, code) in
        [("slow", 503, "SlowDown"), ("error", 500, "InternalError"), ("gateway", 502, "")]
    {
        server.set(S3Fault::AnswerNext(3, status, code));
        put(&store, name, b"a photo").await.unwrap();
        server.set(S3Fault::AnswerNext(3, status, code));
        assert_eq!(read(&store, name).await.unwrap(), b"a photo", "{code}");
    }
    server.set(S3Fault::AnswerNext(3, 503, "SlowDown"));
    put(&store, "large", &bytes(20 * MIB)).await.unwrap();
}

/// FAILURES 21: S3 stays busy or broken: the caller hears of it within its deadline, after a few tries.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_stays_busy_is_unavailable() {
    let server = S3Server::start().await;
    let store = open(&server, Duration::from_secs(4)).await;
    for (status, code) in [(503, "SlowDown"), (500, "InternalError"), (403, "AccessDenied")] {
        server.set(S3Fault::Answer(status, code));
        let before = server.requests();
        let error = put(&store, "a", b"a photo").await.unwrap_err();
        assert_eq!(error.kind, BlobErrorKind::Unavailable);
        assert!(words(&error).contains(code), "the log hears what S3 said: {}", words(&error));
        assert!(server.requests() - before <= 10, "it is not flooded");
        assert_eq!(kind(read(&store, "a").await), BlobErrorKind::Unavailable);
        assert_eq!(kind(store.list("", None, 9).await), BlobErrorKind::Unavailable);
        assert_eq!(kind(store.delete(&key("a")).await), BlobErrorKind::Unavailable);
    }
    server.set(S3Fault::None);
    assert_eq!(kind(store.head(&key("a")).await), BlobErrorKind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_service_is_full() {
    let server = S3Server::start().await;
    let store = open(&server, Duration::from_secs(4)).await;
    for (status, code) in [(403, "QuotaExceeded"), (507, "XMinioStorageFull"), (507, "")] {
        server.set(S3Fault::Answer(status, code));
        assert_eq!(kind(put(&store, "a", b"a photo").await), BlobErrorKind::Full, "{status} {code}");
    }
}

/// FAILURES 21: S3 times out.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_hangs_is_given_up_after_the_deadline() {
    let server = S3Server::start().await;
    let store = open(&server, BRIEF).await;
    put(&store, "a", b"a photo").await.unwrap();
    server.set(S3Fault::Hang);
    assert_eq!(kind(put(&store, "b", b"x").await), BlobErrorKind::Unavailable);
    assert_eq!(kind(put(&store, "large", &bytes(20 * MIB)).await), BlobErrorKind::Unavailable);
    assert_eq!(kind(read(&store, "a").await), BlobErrorKind::Unavailable);
    assert_eq!(kind(store.probe().await), BlobErrorKind::Unavailable);
    server.set(S3Fault::None);
    assert_eq!(read(&store, "a").await.unwrap(), b"a photo");
    put(&store, "b", b"x").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_is_cut_in_the_middle_goes_on_where_it_was() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    let large = bytes(9 * MIB);
    put(&store, "a", &large).await.unwrap();
    server.set(S3Fault::CutNextAnswer(3 * MIB));
    assert!(read(&store, "a").await.unwrap() == large);
}

/// FAILURES 21: the network fails in the middle of a put, and stays away.
#[tokio::test(flavor = "multi_thread")]
async fn a_put_that_is_cut_in_the_middle_leaves_nothing_and_works_later() {
    let server = S3Server::start().await;
    let proxy = FaultProxy::start(server.addr()).await;
    let id = S3Store::create("s3", &settings(&server), PATIENT).await.unwrap();
    let through = S3Settings { endpoint: Some(format!("http://{}", proxy.addr())), ..settings(&server) };
    let store = S3Store::new("s3", &through, id, Duration::from_secs(4)).unwrap();
    let large = bytes(20 * MIB);
    proxy.set(Fault::CutAfterUp(3 * MIB as u64));
    assert_eq!(kind(put(&store, "a", &large).await), BlobErrorKind::Unavailable);
    proxy.set(Fault::Refuse);
    assert_eq!(kind(put(&store, "a", &large).await), BlobErrorKind::Unavailable);
    proxy.set(Fault::None);
    assert_eq!(kind(store.head(&key("a")).await), BlobErrorKind::NotFound);
    put(&store, "a", &large).await.unwrap();
    assert!(read(&store, "a").await.unwrap() == large);
}

/// FAILURES 21: S3 says it has the bytes and has not.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_lies_about_success_is_found_out() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    for (name, bytes) in [("small", bytes(1000)), ("large", bytes(20 * MIB))] {
        server.set(S3Fault::LieAboutPuts);
        let error = put(&store, name, &bytes).await.unwrap_err();
        assert_eq!(error.kind, BlobErrorKind::Unavailable);
        assert!(words(&error).contains("acknowledged"), "{}", words(&error));
        server.set(S3Fault::None);
        assert_eq!(kind(store.head(&key(name)).await), BlobErrorKind::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_keeps_other_bytes_is_found_out_and_they_are_set_aside() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    for (name, bytes) in [("small", bytes(1000)), ("large", bytes(20 * MIB))] {
        server.set(S3Fault::FlipPuts);
        assert_eq!(kind(put(&store, name, &bytes).await), BlobErrorKind::Unavailable);
        server.set(S3Fault::None);
        assert_eq!(kind(store.head(&key(name)).await), BlobErrorKind::NotFound);
        put(&store, name, &bytes).await.unwrap();
        assert!(read(&store, name).await.unwrap() == bytes);
        let aside = server.object(&format!("home/one/.quarantine/{name}"));
        assert_eq!(std::fs::read_dir(aside).unwrap().count(), 1, "never unlinked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_went_bad_are_set_aside_by_the_next_put() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    put(&store, "a", b"a photo").await.unwrap();
    std::fs::write(server.object("home/one/a"), b"a phoXo").unwrap();
    put(&store, "a", b"a photo").await.unwrap();
    assert_eq!(read(&store, "a").await.unwrap(), b"a photo");
    let aside = std::fs::read_dir(server.object("home/one/.quarantine/a")).unwrap();
    let aside: Vec<_> = aside.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
    assert_eq!(aside, [b"a phoXo"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_bucket_is_never_taken_for_the_store() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    put(&store, "a", b"a photo").await.unwrap();
    server.empty_bucket();
    assert_eq!(kind(put(&store, "b", b"x").await), BlobErrorKind::Unavailable);
    // Invariant: absent is not missing, or the ledger would forget bytes that are only out of reach.
    assert_eq!(kind(store.head(&key("a")).await), BlobErrorKind::Unavailable);
    assert_eq!(kind(read(&store, "a").await), BlobErrorKind::Unavailable);
    assert_eq!(kind(store.list("", None, 9).await), BlobErrorKind::Unavailable);
    assert_eq!(kind(store.quarantine(&key("a")).await), BlobErrorKind::Unavailable);
    assert_eq!(kind(store.delete(&key("a")).await), BlobErrorKind::Unavailable);
    assert_eq!(std::fs::read_dir(server.object("")).unwrap().count(), 0, "nothing was written");
    std::fs::remove_dir(server.object("")).unwrap();
    assert_eq!(kind(store.head(&key("a")).await), BlobErrorKind::Unavailable, "no bucket at all");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_stores_bucket_is_left_alone_until_a_person_says_otherwise() {
    let server = S3Server::start().await;
    let (mine, other) = (StoreId([7; 16]), open(&server, PATIENT).await);
    put(&other, "a", b"a photo").await.unwrap();
    let store = S3Store::new("s3", &settings(&server), mine, PATIENT).unwrap();
    assert_eq!(kind(put(&store, "b", b"x").await), BlobErrorKind::Unavailable);
    assert!(words(&store.probe().await.unwrap_err()).contains("another store"));

    S3Store::adopt("s3", &settings(&server), mine, PATIENT).await.unwrap();
    put(&store, "b", b"x").await.unwrap();
    assert_eq!(kind(other.probe().await), BlobErrorKind::Unavailable);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_keeps_the_identity_it_got_first() {
    let server = S3Server::start().await;
    let settings = settings(&server);
    let made = (0..5).map(|_| S3Store::create("s3", &settings, PATIENT));
    let made = futures::future::try_join_all(made).await.unwrap();
    assert!(made.iter().all(|id| *id == made[0]), "{made:?}");
}

/// A writer that was killed: its upload in parts is neither joined nor dropped.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_writer_left_goes_when_it_is_old() {
    let server = S3Server::start().await;
    let store = open(&server, PATIENT).await;
    let large = bytes(20 * MIB);
    let expected = Expected::of(&large);
    let first = stream::iter([Ok(Bytes::from(large))]).chain(stream::pending()).boxed();
    let longer = Expected { bytes: expected.bytes + 1, ..expected };
    let name = key("killed");
    let writing = store.put(&name, Source::Stream(first), &longer, Existing::Keep);
    let killed = async {
        while server.unfinished_uploads() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        outcome = writing => panic!("the source never ends: {outcome:?}"),
        () = killed => {}
    }

    let hour = Duration::from_secs(3600);
    assert_eq!(store.sweep(SystemTime::now() - hour).await.unwrap(), 0);
    assert_eq!(server.unfinished_uploads(), 1, "its writer may be at work");
    assert_eq!(store.sweep(SystemTime::now() + hour).await.unwrap(), 1);
    assert_eq!(server.unfinished_uploads(), 0);
}

//! The disk store on a mounted share, healthy and not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use bytes::Bytes;
use picup_blob::{
    BlobError, BlobErrorKind, BlobStore, DiskStore, Existing, Expected, Key, Source,
    conformance::check_blob_store,
};
use picup_testkit::{FaultyMount, MountFault};

const PATIENT: Duration = Duration::from_secs(120);
const BRIEF: Duration = Duration::from_millis(200);

fn key(name: &str) -> Key {
    name.parse().unwrap()
}

async fn put(store: &DiskStore, name: &str, bytes: &'static [u8]) -> Result<(), BlobError> {
    let source = Source::Bytes(Bytes::from_static(bytes));
    store.put(&key(name), source, &Expected::of(bytes), Existing::Keep).await
}

async fn read(store: &DiskStore, name: &str) -> Result<Vec<u8>, BlobError> {
    store.get(&key(name), None).await?.bytes().await
}

fn kind<T: std::fmt::Debug>(outcome: Result<T, BlobError>) -> BlobErrorKind {
    outcome.unwrap_err().kind
}

/// Reads and writes, and every other call.
async fn every_call_is(store: &DiskStore, expected: BlobErrorKind) {
    assert_eq!(kind(put(store, "b", b"x").await), expected);
    assert_eq!(kind(read(store, "a").await), expected);
    assert_eq!(kind(store.head(&key("a")).await), expected);
    assert_eq!(kind(store.list("", None, 9).await), expected);
    assert_eq!(kind(store.delete(&key("a")).await), expected);
    assert_eq!(kind(store.quarantine(&key("a")).await), expected);
    assert_eq!(kind(store.probe().await), expected);
}

#[tokio::test]
async fn a_share_behaves_like_every_store() {
    let mount = FaultyMount::start();
    check_blob_store(&DiskStore::create_and_open("nfs", &mount.path(), PATIENT).unwrap()).await;
    assert_eq!(std::fs::read_dir(mount.behind().join(".tmp")).unwrap().count(), 0, "nothing is left over");
}

/// FAILURES 21: ESTALE, EIO.
#[tokio::test]
async fn a_share_that_answers_errors_is_away_and_nothing_is_missing() {
    let mount = FaultyMount::start();
    let store = DiskStore::create_and_open("nfs", &mount.path(), PATIENT).unwrap();
    put(&store, "a", b"a photo").await.unwrap();
    for fault in [MountFault::Stale, MountFault::BrokenDevice] {
        mount.set(fault);
        every_call_is(&store, BlobErrorKind::Unavailable).await;
        mount.set(MountFault::None);
        assert_eq!(read(&store, "a").await.unwrap(), b"a photo", "{fault:?}");
    }
}

/// FAILURES 21: an error in the middle of a read.
#[tokio::test]
async fn a_share_that_breaks_while_a_blob_is_read_is_away_and_the_blob_is_not_corrupt() {
    let mount = FaultyMount::start();
    let store = DiskStore::create_and_open("nfs", &mount.path(), PATIENT).unwrap();
    put(&store, "a", b"a photo").await.unwrap();
    for fault in [MountFault::Stale, MountFault::BrokenDevice] {
        let blob = store.get(&key("a"), None).await.unwrap();
        mount.set(fault);
        assert_eq!(kind(blob.bytes().await), BlobErrorKind::Unavailable, "{fault:?}");
        mount.set(MountFault::None);
    }
}

/// FAILURES 21: ENOSPC.
#[tokio::test]
async fn a_full_share_is_full_and_can_be_read() {
    let mount = FaultyMount::start();
    let store = DiskStore::create_and_open("nfs", &mount.path(), PATIENT).unwrap();
    put(&store, "a", b"a photo").await.unwrap();
    mount.set(MountFault::Full);
    assert_eq!(kind(put(&store, "b", b"x").await), BlobErrorKind::Full);
    assert_eq!(read(&store, "a").await.unwrap(), b"a photo");
    mount.set(MountFault::None);
    put(&store, "b", b"x").await.unwrap();
}

/// FAILURES 21: the share is not mounted.
#[tokio::test]
async fn a_share_that_is_not_mounted_is_away_and_nothing_lands_under_its_mount_point() {
    let mut mount = FaultyMount::start();
    let store = DiskStore::create_and_open("nfs", &mount.path(), PATIENT).unwrap();
    put(&store, "a", b"a photo").await.unwrap();
    mount.unmount();
    every_call_is(&store, BlobErrorKind::Unavailable).await;
    assert_eq!(std::fs::read_dir(mount.path()).unwrap().count(), 0);
    mount.mount();
    assert_eq!(read(&store, "a").await.unwrap(), b"a photo");
    put(&store, "b", b"x").await.unwrap();
}

/// FAILURES 21: NFS hangs. More calls than the store has threads, then a working store beside it, then recovery.
#[tokio::test]
async fn a_share_that_hangs_is_given_up_and_stalls_nothing_else() {
    let mount = FaultyMount::start();
    let patient = DiskStore::create_and_open("nfs", &mount.path(), PATIENT).unwrap();
    let store = DiskStore::create_and_open("nfs", &mount.path(), BRIEF).unwrap();
    put(&patient, "a", b"a photo").await.unwrap();
    mount.set(MountFault::Hang);
    let name = key("a");
    let calls = (0..40).map(|_| store.get(&name, None));
    for outcome in futures::future::join_all(calls).await {
        assert_eq!(kind(outcome), BlobErrorKind::Unavailable);
    }
    every_call_is(&store, BlobErrorKind::Unavailable).await;

    let directory = tempfile::tempdir().unwrap();
    let other = DiskStore::create_and_open("disk", directory.path(), PATIENT).unwrap();
    put(&other, "a", b"a photo").await.unwrap();
    assert_eq!(read(&other, "a").await.unwrap(), b"a photo");

    mount.set(MountFault::None);
    while read(&store, "a").await.is_err() || put(&store, "b", b"x").await.is_err() {
        tokio::time::sleep(BRIEF).await;
    }
    assert_eq!(
        patient.list("", None, 9).await.unwrap().len(),
        2,
        "what was given up did not happen behind our back"
    );
}

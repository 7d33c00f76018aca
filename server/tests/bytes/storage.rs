//! Two stores: flipped bits, unmounted shares, hanging and full disks.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use picup_api::PhotoId;
use picup_testkit::{People, TestServer, eventually, rendered, sha256};
use serde_json::Value;

use crate::small_disk::SmallDisk;
use crate::tus::{Tus, header, large_photo, original, photo, photo_of, refusal};

pub(crate) fn path_in(store: &Path, people: &People, bytes: &[u8]) -> PathBuf {
    let digest = sha256(bytes).to_string();
    store.join(format!("originals/{}/{}/{digest}", people.family, &digest[..2]))
}

pub(crate) fn flip_a_bit(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

pub(crate) async fn until_it_has(path: &Path, bytes: &[u8]) {
    eventually("the copy is good", || async { (fs::read(path).ok()? == bytes).then_some(()) }).await;
}

pub(crate) async fn admin(server: &TestServer, arguments: &[&str]) -> Value {
    let output = server.run(arguments).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn main_store(server: &TestServer) -> PathBuf {
    server.data_dir().join("blobs")
}

/// FAILURES 22: a flipped bit in `main` is found by a read, and repaired from `backup`.
#[tokio::test]
async fn a_flipped_bit_found_by_a_read_is_never_shown_and_is_repaired() {
    let server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    let bytes = large_photo(1, 400_000);
    let photo = people.upload(&bytes, "a.jpg").await;
    let copy = path_in(&main_store(&server), &people, &bytes);
    flip_a_bit(&copy);
    assert!(original(&people.owner, photo).await == bytes, "the other copy is given");
    until_it_has(&copy, &bytes).await;
    let aside = fs::read_dir(main_store(&server).join(".quarantine")).unwrap().count();
    assert_eq!(aside, 1, "the bad bytes are set aside, not unlinked");
}

/// FAILURES 22: a flipped bit in `backup`, which nobody reads, is found by the scrub.
#[tokio::test]
async fn a_flipped_bit_in_the_backup_is_found_by_the_scrub_and_repaired() {
    let server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    let files: Vec<_> = (0..5).map(photo).collect();
    for bytes in &files {
        people.upload(bytes, "a.jpg").await;
    }
    let copy = path_in(&server.backup_dir(), &people, &files[2]);
    flip_a_bit(&copy);
    let found = admin(&server, &["admin", "store", "scrub"]).await;
    assert_eq!(found["stores"]["backup"]["bad"], 1);
    assert_eq!(found["stores"]["backup"]["verified"], 4);
    assert_eq!(found["stores"]["main"]["bad"], 0);
    until_it_has(&copy, &files[2]).await;
}

/// FAILURES 22: both copies bad: quarantined, named, never overwritten. Sending the photo again heals it.
#[tokio::test]
async fn when_both_copies_are_bad_they_are_set_aside_and_named() {
    let server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    let bytes = photo(1);
    let id = people.upload(&bytes, "a.jpg").await;
    // Until then a job reads the original, and has it repaired when it is bad.
    rendered(&people.owner, id).await;
    let stores = [main_store(&server), server.backup_dir()];
    for store in &stores {
        flip_a_bit(&path_in(store, &people, &bytes));
    }
    let url = crate::tus::original_url(&people.owner, id).await;
    assert!(people.owner.media_bytes(&url, 1 << 20).await.is_err(), "wrong bytes are never given");
    let named = || async {
        let status = admin(&server, &["admin", "store", "status"]).await;
        let lost = status["lost"].as_array()?.first()?.clone();
        let aside =
            stores.iter().filter_map(|store| fs::read_dir(store.join(".quarantine")).ok()).flatten().count();
        (aside == 2).then_some(lost)
    };
    let lost = eventually("the lost original is named", named).await;
    assert_eq!(lost["sha256"], sha256(&bytes).to_string());

    let tus = Tus::of(&server, &people).await;
    let item = picup_api::upload::CheckItem { id: "x".into(), sha256: sha256(&bytes) };
    let check = people.owner.check(people.family, &[item]).await.unwrap();
    assert_eq!(check[0].action, picup_api::upload::CheckAction::Upload, "its sender is asked for it");
    assert_eq!(tus.upload(&bytes).await, id);
    assert!(original(&people.owner, id).await == bytes);
    until_it_has(&path_in(&stores[1], &people, &bytes), &bytes).await;
}

/// FAILURES 22: both copies bad, and nobody has noticed when the same photo comes again.
#[tokio::test]
async fn a_photo_sent_again_heals_copies_nobody_knows_to_be_bad() {
    let server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    let bytes = photo(1);
    let id = people.upload(&bytes, "a.jpg").await;
    let copies = [main_store(&server), server.backup_dir()].map(|store| path_in(&store, &people, &bytes));
    for copy in &copies {
        flip_a_bit(copy);
    }
    assert_eq!(Tus::of(&server, &people).await.upload(&bytes).await, id);
    for copy in &copies {
        assert!(fs::read(copy).unwrap() == bytes, "an acknowledged photo has good copies");
    }
    assert!(original(&people.owner, id).await == bytes);
}

/// FAILURES 21: the share is simply not mounted.
#[tokio::test]
async fn a_share_that_is_not_mounted_gets_its_copies_when_it_is_back_and_nothing_under_its_mount_point() {
    let server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    let (share, away) = (server.backup_dir(), server.directory().join("away"));
    fs::rename(&share, &away).unwrap();
    fs::create_dir(&share).unwrap();

    let bytes = large_photo(1, 200_000);
    let photo = people.upload(&bytes, "a.jpg").await;
    assert!(original(&people.owner, photo).await == bytes);
    assert_eq!(fs::read_dir(&share).unwrap().count(), 0, "nothing lands under the mount point");
    let status = admin(&server, &["admin", "store", "status"]).await;
    assert_eq!(status["stores"]["backup"]["copies"]["missing"], 1);
    assert!(status["stores"]["backup"]["error"].as_str().unwrap().contains("not mounted"));

    fs::remove_dir(&share).unwrap();
    fs::rename(&away, &share).unwrap();
    until_it_has(&path_in(&share, &people, &bytes), &bytes).await;
}

#[tokio::test]
async fn when_both_stores_are_asked_for_an_upload_waits_for_both() {
    let server = TestServer::builder().backup_dir().config("[storage]\naccept = \"all\"").start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let (share, away) = (server.backup_dir(), server.directory().join("away"));
    fs::rename(&share, &away).unwrap();
    let bytes = photo(1);
    let path = tus.create(&bytes).await;
    let answer = tus.patch(&path, 0, &bytes).await;
    assert!(header(&answer, "retry-after").is_some());
    assert_eq!(refusal(answer).await, (503, "storage_unavailable".to_owned()));
    assert_eq!(people.owner.usage(people.family).await.unwrap().photos, 0, "nothing is recorded");

    fs::rename(&away, &share).unwrap();
    assert_eq!(tus.offset(&path).await, bytes.len());
    let answer = tus.patch(&path, bytes.len(), b"").await;
    assert_eq!(answer.status(), 204);
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
    assert!(fs::read(path_in(&share, &people, &bytes)).unwrap() == bytes);
}

/// FAILURES 21: a share hangs. Opening a FIFO blocks like a dead NFS server does.
#[tokio::test]
async fn a_share_that_hangs_costs_an_upload_no_more_than_the_deadline() {
    let server = TestServer::builder().backup_dir().config("[storage]\ndeadline_seconds = 1").start().await;
    let people = server.family().await;
    let marker = server.backup_dir().join(".picup-store");
    let kept = server.directory().join("marker");
    fs::rename(&marker, &kept).unwrap();
    assert!(Command::new("mkfifo").arg(&marker).status().unwrap().success());
    let started = Instant::now();
    let bytes = photo(1);
    let id = people.upload(&bytes, "a.jpg").await;
    assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
    assert!(original(&people.owner, id).await == bytes);
    let fifo = fs::OpenOptions::new().read(true).write(true).open(&marker).unwrap();
    fs::rename(&kept, &marker).unwrap();
    drop(fifo);
    until_it_has(&path_in(&server.backup_dir(), &people, &bytes), &bytes).await;
}

/// FAILURES 29: the store's disk is full. Needs the right to mount a small one.
#[tokio::test]
async fn a_full_store_answers_507_and_takes_the_photo_when_there_is_room() {
    let disk = tempfile::tempdir().unwrap();
    let Some(mount) = SmallDisk::mount(disk.path()) else { return };
    let config = format!("[storage.main]\npath = {:?}", disk.path().join("store"));
    let server = TestServer::builder().config(&config).start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(1, 3_000_000);
    let path = tus.create(&bytes).await;
    assert_eq!(refusal(tus.patch(&path, 0, &bytes).await).await, (507, "storage_full".to_owned()));
    assert_eq!(people.owner.usage(people.family).await.unwrap().photos, 0);
    mount.resize("64m");
    let answer = tus.patch(&path, bytes.len(), b"").await;
    assert_eq!(answer.status(), 204);
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
    drop(server);
}

/// FAILURES 26: the repair job runs again and again, also over copies that are good.
#[tokio::test]
async fn repairing_twice_gives_the_same_copy() {
    let server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    let bytes = photo(1);
    people.upload(&bytes, "a.jpg").await;
    let copy = path_in(&server.backup_dir(), &people, &bytes);
    fs::remove_file(&copy).unwrap();
    assert_eq!(
        admin(&server, &["admin", "store", "scrub", "--store", "backup"]).await["stores"]["backup"]["bad"],
        1
    );
    for _ in 0..3 {
        admin(&server, &["admin", "store", "repair"]).await;
        until_it_has(&copy, &bytes).await;
    }
    let counts = admin(&server, &["admin", "store", "status"]).await;
    assert_eq!(counts["stores"]["backup"]["copies"], serde_json::json!({"present": 1}));
}

/// FAILURES 27: delete and upload of the same bytes at once.
#[tokio::test]
async fn bytes_uploaded_while_they_are_removed_are_there_afterwards() {
    let server = TestServer::builder().backup_dir().config("[limits]\ntrash_days = 0").start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = photo(1);
    let mut id: PhotoId = tus.upload(&bytes).await;
    for round in 0..15 {
        people.owner.trash_photo(id).await.unwrap();
        // From well before the purge to well after it.
        tokio::time::sleep(Duration::from_millis(round * 7)).await;
        id = tus.upload(&bytes).await;
        // Removal has had its chance by then.
        tokio::time::sleep(Duration::from_millis(150)).await;
        if people.owner.photo(id).await.is_ok() {
            assert!(original(&people.owner, id).await == bytes, "round {round}");
        }
    }
    id = tus.upload(&bytes).await;
    assert!(original(&people.owner, id).await == bytes);
}

#[tokio::test]
async fn a_purged_photo_leaves_no_bytes_in_any_store() {
    let server = TestServer::builder().backup_dir().config("[limits]\ntrash_days = 0").start().await;
    let people = server.family().await;
    let bytes = photo(1);
    let id = people.upload(&bytes, "a.jpg").await;
    people.owner.trash_photo(id).await.unwrap();
    let stores = [main_store(&server), server.backup_dir()];
    let gone = || async {
        let left = stores.iter().any(|store| path_in(store, &people, &bytes).exists());
        let status = admin(&server, &["admin", "store", "status"]).await;
        let forgotten =
            ["main", "backup"].iter().all(|name| status["stores"][name]["copies"] == serde_json::json!({}));
        (!left && forgotten).then_some(())
    };
    eventually("the bytes are removed", gone).await;
}

#[tokio::test]
async fn a_replaced_backup_disk_is_adopted_and_filled_again() {
    let mut server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    let files: Vec<_> = (0..3).map(photo).collect();
    for bytes in &files {
        people.upload(bytes, "a.jpg").await;
    }
    server.stop().await;
    fs::remove_dir_all(server.backup_dir()).unwrap();
    fs::create_dir(server.backup_dir()).unwrap();
    server.start_again().await;
    admin(&server, &["admin", "store", "adopt", "backup"]).await;
    assert_eq!(
        admin(&server, &["admin", "store", "scrub", "--store", "backup"]).await["stores"]["backup"]["bad"],
        3
    );
    for bytes in &files {
        until_it_has(&path_in(&server.backup_dir(), &people, bytes), bytes).await;
    }
}

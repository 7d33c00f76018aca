//! A home whose stores are S3 and a share, healthy and not.

use std::{fs, path::PathBuf};

use picup_testkit::{FaultyMount, MountFault, People, S3Fault, S3Server, TestServer, eventually, sha256};

use crate::{
    storage::{admin, path_in, until_it_has},
    tus::{Tus, header, large_photo, original, photo, refusal},
};

/// S3 as `main`, a disk as `backup`.
async fn home(s3: &S3Server) -> (TestServer, People) {
    let config = format!("[storage]\ndeadline_seconds = 10\n{}", s3.config("storage.main"));
    let server = TestServer::builder().config(&config).backup_dir().start().await;
    let people = server.family().await;
    (server, people)
}

fn in_s3(s3: &S3Server, people: &People, bytes: &[u8]) -> PathBuf {
    path_in(&s3.object("home"), people, bytes)
}

/// Both copies, read behind the stores' backs, have the photo's digest.
fn both_are_good(s3: &S3Server, server: &TestServer, people: &People, bytes: &[u8]) {
    for copy in [in_s3(s3, people, bytes), path_in(&server.backup_dir(), people, bytes)] {
        assert_eq!(sha256(&fs::read(copy).unwrap()), sha256(bytes));
    }
}

#[tokio::test]
async fn a_home_keeps_a_copy_in_s3_and_one_on_a_disk() {
    let s3 = S3Server::start().await;
    let (server, people) = home(&s3).await;
    // One request, and parts.
    for bytes in [photo(1), large_photo(2, 20_000_000)] {
        let id = people.upload(&bytes, "a.jpg").await;
        both_are_good(&s3, &server, &people, &bytes);
        assert!(original(&people.owner, id).await == bytes);
        let is_ready = || async {
            let photo = people.owner.photo(id).await.ok()?;
            let thumb = photo.renditions.get(&picup_api::photo::Rendition::Thumb)?;
            people.owner.media_bytes(&thumb.url, 1 << 20).await.ok()
        };
        eventually("a rendition comes out of S3", is_ready).await;
    }
    assert!(!server.logs().contains(S3Server::SECRET_ACCESS_KEY), "a secret is never logged");
}

/// FAILURES 21: S3 is down for a while.
#[tokio::test]
async fn a_photo_that_came_while_s3_was_down_is_there_when_it_is_back() {
    let mut s3 = S3Server::start().await;
    let (server, people) = home(&s3).await;
    s3.stop().await;
    let bytes = photo(1);
    let id = people.upload(&bytes, "a.jpg").await;
    assert!(original(&people.owner, id).await == bytes, "the disk has it");
    let status = admin(&server, &["admin", "store", "status"]).await;
    assert_eq!(status["stores"]["main"]["copies"]["missing"], 1);
    assert!(status["stores"]["main"]["error"].is_string());
    assert_eq!(status["stores"]["backup"]["scrub"]["verified"], 1);

    s3.start_again().await;
    until_it_has(&in_s3(&s3, &people, &bytes), &bytes).await;
    both_are_good(&s3, &server, &people, &bytes);
}

/// FAILURES 21: S3 says it took a photo, and has not.
#[tokio::test]
async fn a_photo_s3_lied_about_is_written_again() {
    let s3 = S3Server::start().await;
    let (server, people) = home(&s3).await;
    s3.set(S3Fault::LieAboutPuts);
    let bytes = photo(1);
    people.upload(&bytes, "a.jpg").await;
    let status = admin(&server, &["admin", "store", "status"]).await;
    assert_eq!(status["stores"]["main"]["copies"]["missing"], 1);
    s3.set(S3Fault::None);
    until_it_has(&in_s3(&s3, &people, &bytes), &bytes).await;
}

/// FAILURES 22: S3 loses an object.
#[tokio::test]
async fn an_object_s3_lost_is_read_from_the_disk_and_written_again() {
    let s3 = S3Server::start().await;
    let (_server, people) = home(&s3).await;
    let bytes = photo(1);
    let id = people.upload(&bytes, "a.jpg").await;
    let object = in_s3(&s3, &people, &bytes);
    fs::remove_file(&object).unwrap();
    assert!(original(&people.owner, id).await == bytes);
    until_it_has(&object, &bytes).await;
}

/// FAILURES 29: the bucket's quota is used up, and there is no second store.
#[tokio::test]
async fn a_full_bucket_answers_507_and_takes_the_photo_when_there_is_room() {
    let s3 = S3Server::start().await;
    let server = TestServer::builder().config(&s3.config("storage.main")).start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = photo(1);
    let path = tus.create(&bytes).await;
    s3.set(S3Fault::Answer(403, "QuotaExceeded"));
    assert_eq!(refusal(tus.patch(&path, 0, &bytes).await).await, (507, "storage_full".to_owned()));
    s3.set(S3Fault::Answer(503, "SlowDown"));
    let answer = tus.patch(&path, bytes.len(), b"").await;
    assert!(header(&answer, "retry-after").is_some());
    assert_eq!(refusal(answer).await, (503, "storage_unavailable".to_owned()));
    s3.set(S3Fault::None);
    assert_eq!(tus.patch(&path, bytes.len(), b"").await.status(), 204);
}

#[tokio::test]
async fn a_fresh_bucket_is_left_alone_until_a_person_adopts_it() {
    let s3 = S3Server::start().await;
    let (mut server, people) = home(&s3).await;
    let (first, second) = (photo(1), photo(2));
    people.upload(&first, "a.jpg").await;
    server.stop().await;
    s3.empty_bucket();
    server.start_again().await;
    people.upload(&second, "b.jpg").await;
    assert_eq!(fs::read_dir(s3.object("")).unwrap().count(), 0, "nothing is written");
    let counts = admin(&server, &["admin", "store", "status"]).await;
    assert_eq!(counts["stores"]["main"]["copies"]["present"], 1, "the ledger forgets nothing");

    admin(&server, &["admin", "store", "adopt", "main"]).await;
    admin(&server, &["admin", "store", "scrub", "--store", "main"]).await;
    admin(&server, &["admin", "store", "repair", "--store", "main"]).await;
    for bytes in [first, second] {
        until_it_has(&in_s3(&s3, &people, &bytes), &bytes).await;
    }
}

/// FAILURES 21: the share is stale, broken, full, or hangs.
#[tokio::test]
async fn a_share_that_fails_in_any_way_costs_no_upload_and_gets_its_copies_later() {
    let mount = FaultyMount::start();
    let config = format!("[storage]\ndeadline_seconds = 1\n[storage.backup]\npath = {:?}\n", mount.path());
    let server = TestServer::builder().config(&config).start().await;
    // Dropped before the server, which cannot end while its threads hang in here.
    let mount = mount;
    let people = server.family().await;
    let faults = [MountFault::Stale, MountFault::BrokenDevice, MountFault::Full, MountFault::Hang];
    for (seed, fault) in faults.into_iter().enumerate() {
        mount.set(fault);
        let bytes = photo(seed as u64);
        let id = people.upload(&bytes, "a.jpg").await;
        assert!(original(&people.owner, id).await == bytes, "{fault:?}");
        mount.set(MountFault::None);
        until_it_has(&path_in(&mount.behind(), &people, &bytes), &bytes).await;
    }
}

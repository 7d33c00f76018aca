//! The frame's credential, whatever becomes of the keyring.

use std::time::{Duration, Instant};

use picup_api::screen::FrameState;
use picup_testkit::{People, TestServer, eventually, photos};

use crate::{
    bus::{Bus, hung_bus},
    harness::TestFrame,
};

/// A frame on this bus that shows a photo of its family.
async fn paired(server: &TestServer, bus: &str) -> (People, TestFrame) {
    let people = server.family().await;
    people.upload(&photos::jpeg(600, 400, 1), "a.jpg").await;
    let mut frame = TestFrame::stopped(&server.base_url());
    frame.set_env("DBUS_SESSION_BUS_ADDRESS", bus);
    frame.start_again(&[]).await;
    frame.pair_with(&people.owner, people.family).await;
    shows_and_is_in_touch(&frame).await;
    (people, frame)
}

async fn shows_and_is_in_touch(frame: &TestFrame) {
    frame
        .until("it shows photos and is in touch", |status| {
            status.state == FrameState::Showing && status.sync.online
        })
        .await;
}

async fn pairs_anew(frame: &TestFrame) {
    frame.until("it asks for a family", |status| status.pairing.is_some()).await;
}

fn lose_the_sealed_file(frame: &TestFrame) {
    std::fs::remove_file(frame.data_dir().join("credential.sealed")).unwrap();
}

fn is_sealed(frame: &TestFrame) -> bool {
    frame.data_dir().join("credential.sealed").exists()
}

#[tokio::test]
async fn a_frame_whose_sealed_file_is_lost_finds_its_credential_in_the_open_keyring() {
    let server = TestServer::start().await;
    let mut bus = Bus::start().await;
    bus.unlocked_keyring().await;
    let (_people, mut frame) = paired(&server, bus.address()).await;
    for _ in 0..2 {
        frame.stop().await;
        assert_eq!(bus.secrets().await, 1, "one secret, replaced and not added to");
        lose_the_sealed_file(&frame);
        frame.start_again(&[]).await;
        shows_and_is_in_touch(&frame).await;
        assert!(is_sealed(&frame), "it is sealed again");
    }
}

#[tokio::test]
async fn a_keyring_that_is_locked_at_boot_takes_nothing_from_the_frame() {
    let server = TestServer::start().await;
    let mut bus = Bus::start().await;
    bus.unlocked_keyring().await;
    let (people, mut frame) = paired(&server, bus.address()).await;
    frame.stop().await;
    bus.locked_keyring().await;
    frame.start_again(&[]).await;
    shows_and_is_in_touch(&frame).await;
    people.upload(&photos::jpeg(600, 400, 2), "b.jpg").await;
    frame.until("new photos come", |status| status.sync.photos_cached == 2).await;
}

#[tokio::test]
async fn a_frame_whose_only_copy_is_in_a_locked_keyring_shows_its_photos_and_waits_for_it() {
    let server = TestServer::start().await;
    let mut bus = Bus::start().await;
    bus.unlocked_keyring().await;
    let (_people, mut frame) = paired(&server, bus.address()).await;
    frame.stop().await;
    lose_the_sealed_file(&frame);
    bus.locked_keyring().await;
    frame.start_again(&[]).await;
    let said = || async { frame.log().contains("a keyring that is locked").then_some(()) };
    eventually("the log says what is waited for", said).await;
    let status = frame.status().await;
    assert_eq!((status.state, status.pairing), (FrameState::Showing, None));
    bus.unlocked_keyring().await;
    shows_and_is_in_touch(&frame).await;
}

#[tokio::test]
async fn a_keyring_that_appears_later_gets_the_credential_and_one_that_disappears_keeps_no_trust() {
    let server = TestServer::start().await;
    let mut bus = Bus::start().await;
    let (_people, mut frame) = paired(&server, bus.address()).await;
    bus.unlocked_keyring().await;
    assert_eq!(bus.secrets().await, 0);
    frame.stop().await;
    // The first refresh after a start saves a new credential.
    frame.start_again(&[]).await;
    let arrived = || async { (bus.secrets().await == 1).then_some(()) };
    eventually("the credential is in the keyring", arrived).await;
    frame.stop().await;
    bus.end_keyring().await;
    frame.start_again(&[]).await;
    shows_and_is_in_touch(&frame).await;
    frame.stop().await;
    lose_the_sealed_file(&frame);
    bus.unlocked_keyring().await;
    frame.start_again(&[]).await;
    // Its refresh token was used meanwhile: to show it would be taken for theft.
    pairs_anew(&frame).await;
    eventually("the old copy is erased", || async { (bus.secrets().await == 0).then_some(()) }).await;
}

#[tokio::test]
async fn a_revoked_frame_leaves_no_credential_in_the_file_nor_in_the_keyring() {
    let server = TestServer::start().await;
    let mut bus = Bus::start().await;
    bus.unlocked_keyring().await;
    let (people, frame) = paired(&server, bus.address()).await;
    assert_eq!(bus.secrets().await, 1);
    let id = people.owner.frames(people.family).await.unwrap()[0].id;
    people.owner.remove_frame(people.family, id).await.unwrap();
    pairs_anew(&frame).await;
    assert!(!is_sealed(&frame));
    assert_eq!(bus.secrets().await, 0);
}

#[tokio::test]
async fn a_frame_revoked_while_its_keyring_is_locked_erases_the_copy_when_it_can() {
    let server = TestServer::start().await;
    let mut bus = Bus::start().await;
    bus.unlocked_keyring().await;
    let (people, mut frame) = paired(&server, bus.address()).await;
    bus.locked_keyring().await;
    let id = people.owner.frames(people.family).await.unwrap()[0].id;
    people.owner.remove_frame(people.family, id).await.unwrap();
    pairs_anew(&frame).await;
    assert!(!is_sealed(&frame));
    frame.stop().await;
    bus.unlocked_keyring().await;
    assert_eq!(bus.secrets().await, 1, "nobody could erase it");
    frame.start_again(&[]).await;
    pairs_anew(&frame).await;
    assert_eq!(bus.secrets().await, 0);
}

#[tokio::test]
async fn a_frame_without_a_bus_or_with_one_that_hangs_starts_at_once_and_stays_paired() {
    let server = TestServer::start().await;
    let (_people, mut frame) = paired(&server, "unix:path=/nonexistent/bus").await;
    frame.stop().await;
    let (hung, listener) = hung_bus(frame.directory());
    frame.set_env("DBUS_SESSION_BUS_ADDRESS", hung);
    let before = Instant::now();
    frame.start_again(&[]).await;
    assert!(frame.current().await.is_some(), "a photo is on");
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    shows_and_is_in_touch(&frame).await;
    drop(listener);
}

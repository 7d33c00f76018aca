//! TLS that fails for a reason of time.

use picup_api::screen::FrameState;
use picup_testkit::{People, TestServer, eventually, photos};
use reqwest::StatusCode;
use serde_json::json;

use crate::{
    harness::TestFrame,
    tls::{TlsFront, days_from_now},
};

/// A frame that shows two photos it has fetched over TLS.
async fn shown_over_tls(server: &TestServer, front: &TlsFront) -> (People, TestFrame) {
    let people = server.family().await;
    for seed in 0..2 {
        people.upload(&photos::jpeg(900, 600, seed), "a.jpg").await;
    }
    let mut frame = TestFrame::stopped(&front.url());
    let trusted = frame.directory().join("authority.pem");
    std::fs::write(&trusted, front.authority_pem()).unwrap();
    frame.set_env("SSL_CERT_FILE", trusted.display());
    frame.start_again(&[]).await;
    frame.pair_with(&people.owner, people.family).await;
    frame.until("the photos came", |status| status.sync.photos_cached == 2).await;
    (people, frame)
}

/// The slideshow goes on, the screen knows that the server is not there, and the log says why.
async fn survives_without_tls(frame: &TestFrame, reason: &str) {
    let said = || async { frame.log().to_lowercase().contains(reason).then_some(()) };
    eventually("the log names the certificate's fault", said).await;
    let alone = |status: &picup_api::screen::ScreenStatus| !status.sync.online;
    let status = frame.until("it knows that it is alone", alone).await;
    assert_eq!((status.state, status.pairing), (FrameState::Showing, None));
    let (first, second) = (frame.command("next", json!({})).await, frame.command("next", json!({})).await);
    assert_ne!(first.1["photo_id"], second.1["photo_id"], "pages turn");
    let on = frame.current().await.expect("a photo is on");
    assert_eq!(frame.picture(on.photo_id).await.0, StatusCode::OK);
}

async fn catches_up(frame: &TestFrame, people: &People, arrived: &[u8]) {
    people.upload(&photos::jpeg(900, 600, 77), "late.jpg").await;
    let all = |status: &picup_api::screen::ScreenStatus| {
        status.sync.online && status.sync.photos_cached == 4 && status.inbox.sending == 0
    };
    frame.until("both ways are open again", all).await;
    let stored = people.owner.photos(people.family, &Default::default(), &Default::default()).await.unwrap();
    let digest = picup_testkit::sha256(arrived);
    assert!(stored.items.iter().any(|photo| photo.sha256 == digest), "what arrived meanwhile was sent");
}

#[tokio::test]
async fn f04_an_expired_certificate_stops_no_slideshow_and_a_renewed_one_is_taken_up() {
    let server = TestServer::start().await;
    let front = TlsFront::start(server.addr()).await;
    let (people, mut frame) = shown_over_tls(&server, &front).await;
    front.exchange_certificate(days_from_now(-90), days_from_now(-1));
    survives_without_tls(&frame, "expired").await;
    // Started anew with nothing but an expired certificate to talk to.
    frame.kill9().await;
    frame.start_again(&[]).await;
    let arrived = photos::jpeg(800, 600, 55);
    frame.drop_in("meanwhile.jpg", &arrived);
    frame.until("it waits in the spool", |status| status.inbox.sending == 1).await;
    survives_without_tls(&frame, "expired").await;
    front.exchange_certificate(days_from_now(-1), days_from_now(90));
    catches_up(&frame, &people, &arrived).await;
}

#[tokio::test]
async fn f04_a_clock_that_says_1970_stops_no_slideshow_and_harms_nothing_that_arrives() {
    let server = TestServer::start().await;
    let front = TlsFront::start(server.addr()).await;
    let (people, mut frame) = shown_over_tls(&server, &front).await;
    frame.stop().await;
    frame.set_clock("@1970-01-01 00:00:00");
    frame.start_again(&[]).await;
    let arrived = photos::jpeg(800, 600, 55);
    frame.drop_in("meanwhile.jpg", &arrived);
    frame.until("it waits in the spool", |status| status.inbox.sending == 1).await;
    survives_without_tls(&frame, "not valid yet").await;
    assert!(frame.log().contains("\"1970-01-01T"), "the frame's clock is wrong in earnest");
    frame.set_clock("+0");
    catches_up(&frame, &people, &arrived).await;
    let stored = people.owner.photos(people.family, &Default::default(), &Default::default()).await.unwrap();
    assert!(stored.items.iter().all(|photo| !format!("{:?}", photo.taken_at).contains("1970")));
}

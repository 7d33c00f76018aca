//! Pictures of what a frame's screen shows.

use picup_api::change::Event;
use picup_server::{cache::fanout::Hint, store::sql};
use picup_testkit::photos::{fixture, jpeg};
use reqwest::{Method, header::HeaderMap};
use serde_json::Value;

use crate::home::{Answer, Home, PairedFrame, Person, text};

const LARGEST: usize = 512 << 10;

fn path(frame: &PairedFrame) -> String {
    format!("/v1/families/{}/frames/{}", frame.family, frame.id)
}

async fn send(home: &Home, token: &str, picture: Vec<u8>) -> Answer {
    let request = home.request(Method::PUT, "/v1/frames/self/picture").bearer_auth(token);
    Answer::read(request.header("content-type", "image/jpeg").body(picture).send().await.unwrap()).await
}

async fn look(home: &Home, person: &Person, frame: &PairedFrame) -> (HeaderMap, Vec<u8>) {
    let request = home.request(Method::GET, &format!("{}/picture", path(frame))).bearer_auth(&person.access);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    (answer.headers().clone(), answer.bytes().await.unwrap().to_vec())
}

async fn kept(home: &Home) -> i64 {
    let mut reader = home.app.accounts.fresh().await.unwrap();
    sql::query_scalar("SELECT COUNT(*) FROM frame_pictures").fetch_one(&mut reader).await.unwrap()
}

#[tokio::test]
async fn children_see_the_newest_picture_of_the_screen() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let viewer = home.relative(&owner, "viewer", "viewer").await;
    let frame = home.paired_frame(&owner).await;
    let picture = format!("{}/picture", path(&frame));
    home.get(&picture, &owner.access).await.refused("not_found");
    assert_eq!(home.get(&path(&frame), &owner.access).await.expect(200)["picture_at"], Value::Null);

    let mut events = home.app.fanout.subscribe();
    let pictures = [
        (jpeg(640, 400, 1), "image/jpeg"),
        (fixture("webp.webp"), "image/webp"),
        (fixture("png.png"), "image/png"),
    ];
    for (picture, media_type) in pictures {
        send(&home, &frame.access, picture.clone()).await.expect(204);
        let Hint::Event(Event::FrameChanged { frame_id, .. }) = events.recv().await.unwrap() else {
            panic!("another event")
        };
        assert_eq!(frame_id.to_string(), frame.id);
        let (headers, seen) = look(&home, &viewer, &frame).await;
        assert!(seen == picture, "{media_type}");
        assert_eq!(headers["content-type"], media_type);
        assert_eq!(headers["cache-control"], "private, no-store");
    }
    assert_eq!(kept(&home).await, 1);
    let shown = home.get(&path(&frame), &owner.access).await.expect(200);
    text(&shown["picture_at"]).parse::<jiff::Timestamp>().unwrap();
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_a_one_leaves_the_one_before() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let picture = jpeg(64, 48, 1);
    send(&home, &frame.access, picture.clone()).await.expect(204);
    for wrong in [b"<html>".to_vec(), Vec::new(), fixture("tiny.avif"), fixture("tiny.mp4")] {
        send(&home, &frame.access, wrong).await.invalid(&[("body", "invalid")]);
    }
    let padded = |bytes: usize| [picture.clone(), vec![0; bytes - picture.len()]].concat();
    send(&home, &frame.access, padded(LARGEST + 1)).await.refused("payload_too_large");
    assert!(look(&home, &owner, &frame).await.1 == picture);
    send(&home, &frame.access, padded(LARGEST)).await.expect(204);
    assert_eq!(look(&home, &owner, &frame).await.1.len(), LARGEST);
}

#[tokio::test]
async fn a_living_room_is_seen_by_its_family_alone() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let (frame, other) = (home.paired_frame(&owner).await, home.paired_frame(&owner).await);
    let stranger = home.person("stranger").await;
    send(&home, &owner.access, jpeg(64, 48, 1)).await.refused("forbidden");
    send(&home, &frame.access, jpeg(64, 48, 1)).await.expect(204);
    let picture = format!("{}/picture", path(&frame));
    home.get(&picture, &stranger.access).await.refused("not_found");
    home.get(&picture, &other.access).await.refused("forbidden");
    let elsewhere = format!("/v1/families/{}/frames/{}/picture", stranger.family, frame.id);
    home.get(&elsewhere, &stranger.access).await.refused("not_found");
}

#[tokio::test]
async fn a_picture_goes_with_its_frame_and_its_family() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let (one, other) = (home.paired_frame(&owner).await, home.paired_frame(&owner).await);
    for frame in [&one, &other] {
        send(&home, &frame.access, jpeg(64, 48, 1)).await.expect(204);
    }
    home.delete(&path(&one), &owner.access).await.expect(204);
    assert_eq!(kept(&home).await, 1);
    send(&home, &one.access, jpeg(64, 48, 1)).await.refused("frame_revoked");
    home.delete(&format!("/v1/families/{}", owner.family), &owner.access).await.expect(204);
    assert_eq!(kept(&home).await, 0);
}

#[tokio::test]
async fn a_picture_is_sealed_in_the_database() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let picture = [jpeg(64, 48, 1), b"GrandmothersKitchen".to_vec()].concat();
    send(&home, &frame.access, picture).await.expect(204);
    assert!(!crate::sealed::lies_open(&home, "GrandmothersKitchen"));
}

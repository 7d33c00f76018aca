//! The event stream on a bad line.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use picup_api::{ErrorCode, FamilyId, FrameId, change::Event};
use picup_client::{Client, Credential, ErrorKind, FeedItem, Holder, MemoryTokens, RetryPolicy, Timeouts};
use picup_testkit::script::{Reply, Script};
use serde_json::json;
use uuid::Uuid;

fn refreshed() -> Reply {
    Reply::json(200, &json!({ "access_token": "access", "expires_in": 900, "refresh_token": "refresh" }))
}

/// The beginning of a stream; the connection ends behind it.
fn stream(events: &str) -> Reply {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    Reply::raw(format!("{head}{events}"))
}

fn event(seq: u64) -> String {
    let nil = Uuid::nil();
    let change = json!({ "seq": seq, "at": "2026-01-01T00:00:00Z", "kind": "photo_added", "photo_id": nil });
    let data = json!({ "kind": "change", "family_id": nil, "change": change });
    format!("id: {seq}\nevent: change\ndata: {data}\n\n")
}

fn client(script: &Script) -> Client {
    let holder = Holder::Frame { frame_id: FrameId(Uuid::nil()), family_id: FamilyId(Uuid::nil()) };
    let tokens = MemoryTokens::holding(Credential { refresh_token: "refresh".into(), holder });
    let timeouts = Timeouts { feed_silence: Duration::from_millis(500), ..Timeouts::default() };
    let retry = RetryPolicy { base: Duration::from_millis(10), ..RetryPolicy::default() };
    Client::builder(script.url()).tokens(Arc::new(tokens)).timeouts(timeouts).retry(retry).build().unwrap()
}

/// A short word for each item.
async fn next_words(feed: &mut (impl futures::Stream<Item = FeedItem> + Unpin), count: usize) -> Vec<String> {
    let words = feed.take(count).map(|item| match item {
        FeedItem::Connected => "connected".to_owned(),
        FeedItem::Event { seq, event: Event::Change { .. } } => format!("change {}", seq.unwrap()),
        FeedItem::Event { seq, event } => format!("{event:?} {seq:?}"),
        FeedItem::Lost { error, .. } => format!("lost: {:?}", error.kind()),
        FeedItem::SignedOut(error) => format!("signed out: {}", error.code().unwrap()),
    });
    words.collect().await
}

#[tokio::test]
async fn a_cut_event_stream_is_opened_again_from_the_last_event() {
    let script = Script::start(|nth, request| match (request.line.starts_with("POST"), nth) {
        (true, _) => refreshed(),
        (_, 1) => stream(&[event(7), event(8)].concat()),
        _ => stream(&event(9)),
    })
    .await;
    let mut feed = client(&script).events(FamilyId(Uuid::nil()), Some(6));
    let words = next_words(&mut feed, 6).await;
    assert_eq!(words, ["connected", "change 7", "change 8", "lost: Offline", "connected", "change 9"]);
    let asked: Vec<_> =
        script.heard().iter().filter_map(|r| r.header("last-event-id").map(str::to_owned)).collect();
    assert_eq!(asked[..2], ["6", "8"]);
}

#[tokio::test]
async fn a_silent_stream_is_given_up_and_opened_again() {
    let script = Script::start(|nth, request| match (request.line.starts_with("POST"), nth) {
        (true, _) => refreshed(),
        (_, 1) => {
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000000\r\n\r\n";
            Reply::raw(head).held_open()
        }
        _ => stream(&event(1)),
    })
    .await;
    let mut feed = client(&script).events(FamilyId(Uuid::nil()), None);
    assert_eq!(next_words(&mut feed, 4).await, ["connected", "lost: Offline", "connected", "change 1"]);
}

#[tokio::test]
async fn kinds_of_a_newer_server_are_passed_on_as_unknown_and_torn_events_are_left_out() {
    let script = Script::start(|_, request| match request.line.starts_with("POST") {
        true => refreshed(),
        false => stream(
            "data: {\"kind\":\"of_tomorrow\",\"x\":1}\n\ndata: {not json\n\ndata: {\"kind\":\"change\"}\n\n",
        ),
    })
    .await;
    let mut feed = client(&script).events(FamilyId(Uuid::nil()), None);
    assert_eq!(next_words(&mut feed, 3).await, ["connected", "Unknown None", "lost: Offline"]);
}

#[tokio::test]
async fn a_captive_portal_or_a_busy_server_only_delays_the_stream() {
    let script = Script::start(|nth, request| match (request.line.starts_with("POST"), nth) {
        (true, _) => refreshed(),
        (_, 1) => Reply::new(200, &[("Content-Type", "text/html")], b"<html>"),
        (_, 2) => Reply::problem(503, "unavailable", &[("Retry-After", "0")]),
        _ => stream(&event(1)),
    })
    .await;
    let mut feed = client(&script).events(FamilyId(Uuid::nil()), None);
    let words = next_words(&mut feed, 4).await;
    assert_eq!(words, ["lost: CaptivePortal", "lost: Unavailable", "connected", "change 1"]);
}

#[tokio::test]
async fn a_revoked_frames_stream_ends() {
    let script = Script::start(|_, request| match request.line.starts_with("POST") {
        true => refreshed(),
        false => Reply::problem(401, ErrorCode::FrameRevoked.as_str(), &[]),
    })
    .await;
    let mut feed = client(&script).events(FamilyId(Uuid::nil()), None);
    assert_eq!(next_words(&mut feed, 9).await, ["signed out: frame_revoked"]);
    assert_eq!(client(&script).me().await.unwrap_err().kind(), ErrorKind::SignedOut);
}

//! What the screen shows, and that it goes on showing.

use std::time::Duration;

use picup_api::screen::{FrameState, PauseReason, ScreenEvent, ScreenStatus};
use picup_testkit::{Fault, FaultProxy, TestServer, eventually, photos};
use reqwest::StatusCode;
use serde_json::json;

use crate::harness::{TestFrame, next_slide, upload_ready};

#[tokio::test]
async fn a_file_dropped_in_the_folder_is_on_the_screen_within_ten_seconds_of_settling() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = TestFrame::start(&server.base_url()).await;
    frame.pair_with(&people.owner, people.family).await;
    frame
        .until("nothing to show yet", |status| status.state == FrameState::Empty && status.sync.online)
        .await;
    let mut events = frame.events().await;
    for (name, seed) in [("first.jpg", 1), ("second.jpg", 2)] {
        frame.drop_in(name, &photos::jpeg(1200, 800, seed));
        let slide = next_slide(&mut events, Duration::from_secs(5 + 10)).await;
        assert!(slide.is_new);
        assert_eq!((slide.width, slide.height), (1200, 800));
        let (status, picture) = frame.picture(slide.photo_id).await;
        assert_eq!(status, StatusCode::OK);
        assert!(picture.starts_with(&[0xFF, 0xD8, 0xFF]));
        let (_, answer) = frame.command("shown", json!({ "photo_id": slide.photo_id })).await;
        assert!(answer.is_null());
    }
    // Each was an import of its own.
    let sent =
        |status: &ScreenStatus| (status.inbox.waiting, status.inbox.sending, status.inbox.sent) == (0, 0, 1);
    frame.until("the second was sent, and it alone", sent).await;
    assert!(frame.inbox().join("first.jpg").exists(), "the source is never deleted");
}

#[tokio::test]
async fn f04_a_frame_started_without_a_network_shows_its_photos_at_once() {
    let mut server = TestServer::start().await;
    let mut frame = shown_frame(&server, 3).await;
    server.stop().await;
    frame.kill9().await;
    let before = std::time::Instant::now();
    frame.start_again(&[]).await;
    let slide = frame.current().await.expect("a photo");
    assert_eq!(frame.picture(slide.photo_id).await.0, StatusCode::OK);
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    let status = frame.until("it knows that it is alone", |status| status.state == FrameState::Showing).await;
    assert!(!status.sync.online);
    server.start_again().await;
    frame.until("the server is found again", |status| status.sync.online).await;
}

#[tokio::test]
async fn f04_a_captive_portal_or_a_cut_download_never_puts_garbage_on_the_screen() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let proxy = FaultProxy::start(server.addr()).await;
    let frame = TestFrame::start(&proxy.url()).await;
    frame.pair_with(&people.owner, people.family).await;
    frame.until("in touch", |status| status.sync.online).await;
    proxy.set(Fault::CaptivePortal);
    proxy.cut_now();
    let first = people.upload(&photos::jpeg(1600, 1000, 1), "a.jpg").await;
    frame.until("the portal is no server", |status| !status.sync.online).await;
    assert_eq!(frame.picture(first).await.0, StatusCode::NOT_FOUND);
    proxy.set(Fault::CutAfterDown(30_000));
    proxy.cut_now();
    tokio::time::sleep(Duration::from_secs(4)).await;
    proxy.set(Fault::None);
    proxy.cut_now();
    let whole = |status: &ScreenStatus| status.sync.photos_cached == 1 && status.state == FrameState::Showing;
    frame.until("the photo came whole, and is on", whole).await;
    let (_, picture) = frame.picture(first).await;
    assert!(picture.starts_with(&[0xFF, 0xD8]) && picture.ends_with(&[0xFF, 0xD9]));
}

#[tokio::test]
async fn f06_a_cache_of_another_version_is_dropped_and_something_is_still_shown() {
    let mut server = TestServer::start().await;
    let mut frame = shown_frame(&server, 2).await;
    server.stop().await;
    for damage in ["newer", "garbage"] {
        frame.stop().await;
        let index = frame.data_dir().join("cache.db");
        match damage {
            "newer" => {
                rusqlite::Connection::open(&index).unwrap().pragma_update(None, "user_version", 999).unwrap()
            }
            _ => std::fs::write(&index, vec![7; 50_000]).unwrap(),
        }
        frame.start_again(&[]).await;
        let slide = frame.current().await.expect("a photo without its words");
        assert_eq!(frame.picture(slide.photo_id).await.0, StatusCode::OK, "{damage}");
    }
    server.start_again().await;
    frame
        .until("everything is known again", |status| status.sync.online && status.sync.photos_cached == 2)
        .await;
}

#[tokio::test]
async fn f07_a_full_disk_stops_downloads_and_not_the_slideshow() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = frame_showing(&server, &people, 2).await;
    frame.stop().await;
    people.upload(&photos::jpeg(800, 600, 77), "late.jpg").await;
    frame.start_again(&["--reserve-bytes", "9000000000000000"]).await;
    let full = frame
        .until("downloads wait", |status| status.sync.downloads_paused_because == Some(PauseReason::DiskFull))
        .await;
    assert_eq!((full.state, full.sync.photos_cached), (FrameState::Showing, 2));
    let (first, second) = (frame.command("next", json!({})).await, frame.command("next", json!({})).await);
    assert_ne!(first.1["photo_id"], second.1["photo_id"]);
    frame.stop().await;
    frame.start_again(&[]).await;
    frame.until("there is room again", |status| status.sync.photos_cached == 3).await;
}

#[tokio::test]
async fn f03_a_photo_the_screen_cannot_show_is_fetched_once_more_and_then_left_out() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 2).await;
    let bad = frame.current().await.unwrap().photo_id;
    frame.command("failed", json!({ "photo_id": bad })).await;
    assert_ne!(frame.current().await.unwrap().photo_id, bad);
    frame.until("it was fetched anew", |status| status.sync.photos_cached == 2).await;
    frame.command("failed", json!({ "photo_id": bad })).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(frame.status().await.sync.photos_cached, 1);
    assert_eq!(frame.picture(bad).await.0, StatusCode::NOT_FOUND);
    assert_ne!(frame.command("next", json!({})).await.1["photo_id"], json!(bad));
}

#[tokio::test]
async fn a_trashed_photo_leaves_the_screen() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 2).await;
    let gone = frame.current().await.unwrap().photo_id;
    people.owner.trash_photo(gone).await.unwrap();
    frame.until("one is left", |status| status.sync.photos_cached == 1).await;
    let still_on = || async { frame.current().await.filter(|slide| slide.photo_id != gone) };
    eventually("another photo is on", still_on).await;
    assert_eq!(frame.picture(gone).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn f09_nothing_but_the_commands_of_the_contract_can_be_asked_of_the_bridge() {
    let server = TestServer::start().await;
    let frame = TestFrame::start(&server.base_url()).await;
    for name in
        ["exit", "quit", "shell", "open_url", "navigate", "eval", "Status", "status%2F..", "fullscreen"]
    {
        assert_eq!(frame.command(name, json!({})).await.0, StatusCode::NOT_FOUND, "{name}");
    }
    assert_eq!(frame.command("panel", json!({ "width": "wide" })).await.0, StatusCode::BAD_REQUEST);
    let refused =
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("host", "evil.example")];
    for (name, value) in refused {
        let request = frame.http().post(frame.address("/api/next")).header(name, value);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{name}");
    }
    let video = "/video/01890000-0000-7000-8000-000000000001";
    for path in [video.to_owned(), format!("{video}?token=guess")] {
        assert_eq!(
            frame.http().get(frame.address(&path)).send().await.unwrap().status(),
            StatusCode::FORBIDDEN
        );
    }
    let page = frame.http().get(frame.address("/")).send().await.unwrap();
    assert!(page.headers()["set-cookie"].to_str().unwrap().contains("HttpOnly; SameSite=Strict"));
}

#[tokio::test]
async fn f10_a_frame_revoked_while_it_was_off_forgets_everything_and_shows_the_pairing_screen() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = frame_showing(&server, &people, 2).await;
    let shown = frame.current().await.unwrap().photo_id;
    frame.stop().await;
    let id = people.owner.frames(people.family).await.unwrap()[0].id;
    people.owner.remove_frame(people.family, id).await.unwrap();
    frame.start_again(&[]).await;
    let status = frame.until("a new code is shown", |status| status.pairing.is_some()).await;
    assert_eq!((status.state, status.sync.photos_cached, status.now_showing), (FrameState::Pairing, 0, None));
    assert_eq!(frame.picture(shown).await.0, StatusCode::NOT_FOUND);
    let left: Vec<_> = std::fs::read_dir(frame.data_dir().join("cache")).unwrap().flatten().collect();
    assert!(left.iter().all(|entry| entry.path().is_dir()), "{left:?}");
    assert!(!frame.data_dir().join("credential.sealed").exists());
    frame.pair_with(&people.owner, people.family).await;
    frame.until("the photos are back", |status| status.sync.photos_cached == 2).await;
}

#[tokio::test]
async fn a_screen_that_connects_hears_at_once_what_is_on() {
    let server = TestServer::start().await;
    let frame = shown_frame(&server, 1).await;
    let mut events = frame.events().await;
    assert!(matches!(events.recv().await, Some(ScreenEvent::Status { .. })));
    assert!(matches!(events.recv().await, Some(ScreenEvent::Slide { .. })));
}

#[tokio::test]
async fn an_arrival_waits_while_someone_is_busy_with_the_photo_that_is_on() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 1).await;
    let photo = frame.current().await.unwrap().photo_id;
    let photos_here = async || {
        frame.command("stay", json!({ "photo_id": photo })).await;
        frame.status().await.sync.photos_cached
    };
    assert_eq!(photos_here().await, 1);
    let arrival = people.upload(&photos::jpeg(800, 600, 77), "new.jpg").await;
    eventually("the arrival is here", || async { (photos_here().await == 2).then_some(()) }).await;
    // Longer than an arrival waits for another.
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        photos_here().await;
        assert_eq!(frame.current().await.unwrap().photo_id, photo);
    }
    let comes = || async { frame.current().await.filter(|slide| slide.photo_id == arrival).map(drop) };
    eventually("the arrival is on", comes).await;
}

/// A paired frame that shows photos of its family.
async fn shown_frame(server: &TestServer, count: u64) -> TestFrame {
    let people = server.family().await;
    frame_showing(server, &people, count).await
}

pub(crate) async fn frame_showing(
    server: &TestServer,
    people: &picup_testkit::People,
    count: u64,
) -> TestFrame {
    for seed in 0..count {
        upload_ready(people, &photos::jpeg(900, 600, 100 + seed), &format!("{seed}.jpg")).await;
    }
    let frame = TestFrame::start(&server.base_url()).await;
    frame.pair_with(&people.owner, people.family).await;
    frame
        .until("the photos are here", |status| {
            status.state == FrameState::Showing && u64::from(status.sync.photos_cached) == count
        })
        .await;
    frame
}

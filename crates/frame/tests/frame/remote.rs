//! What children do from afar.

use std::time::Duration;

use picup_api::{
    frame::{FrameAction, FramePatch},
    screen::ScreenEvent,
};
use picup_testkit::{TestServer, eventually};
use serde_json::json;

use crate::{
    harness::{another_slide, next_slide},
    screen::frame_showing,
};

/// A command goes by way of the server and of a heartbeat, which a busy machine takes its time for.
const COMMAND: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_child_turns_the_page_shows_a_photo_and_sends_words() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 3).await;
    let id = people.owner.frames(people.family).await.unwrap()[0].id;
    // No page turns by itself meanwhile.
    frame.command("pause", json!({})).await;
    let mut events = frame.events().await;
    let first = next_slide(&mut events, COMMAND).await;
    let ask = |action| people.owner.send_command(people.family, id, action);

    ask(FrameAction::Next).await.unwrap();
    let second = another_slide(&mut events, first.photo_id, COMMAND).await;
    ask(FrameAction::ShowPhoto { photo_id: first.photo_id }).await.unwrap();
    assert_eq!(another_slide(&mut events, second.photo_id, COMMAND).await.photo_id, first.photo_id);
    ask(FrameAction::Message { text: "엄마 사랑해요".into() }).await.unwrap();
    let words = async {
        loop {
            if let Some(ScreenEvent::Message { text }) = events.recv().await {
                return text;
            }
        }
    };
    assert_eq!(tokio::time::timeout(COMMAND, words).await.unwrap(), "엄마 사랑해요");
    let told = || async {
        let seen = people.owner.frame(people.family, id).await.unwrap();
        let showing = seen.heartbeat.as_ref().and_then(|heartbeat| heartbeat.now_showing);
        (seen.pending_commands.is_empty() && showing == Some(first.photo_id)).then_some(())
    };
    eventually("every command is acknowledged, and the child sees what is on", told).await;
}

#[tokio::test]
async fn a_command_given_while_the_frame_was_off_is_carried_out_once() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = frame_showing(&server, &people, 2).await;
    let id = people.owner.frames(people.family).await.unwrap()[0].id;
    frame.stop().await;
    people.owner.send_command(people.family, id, FrameAction::Pause).await.unwrap();
    frame.start_again(&[]).await;
    let acknowledged = || async {
        let seen = people.owner.frame(people.family, id).await.unwrap();
        let paused = seen.heartbeat.is_some_and(|heartbeat| heartbeat.paused);
        (seen.pending_commands.is_empty() && paused).then_some(())
    };
    eventually("the frame is paused", acknowledged).await;
    frame.command("resume", json!({})).await;
    let resumed = || async {
        let seen = people.owner.frame(people.family, id).await.unwrap();
        seen.heartbeat.filter(|heartbeat| !heartbeat.paused).map(drop)
    };
    people.owner.send_command(people.family, id, FrameAction::Next).await.unwrap();
    eventually("and stays resumed", resumed).await;
}

#[tokio::test]
async fn a_frame_whose_clock_is_a_day_ahead_does_what_a_child_asks() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = frame_showing(&server, &people, 2).await;
    let id = people.owner.frames(people.family).await.unwrap()[0].id;
    frame.stop().await;
    frame.set_clock("+1d");
    frame.start_again(&[]).await;
    people.owner.send_command(people.family, id, FrameAction::Pause).await.unwrap();
    frame.until("the frame is paused", |status| status.paused).await;
}

#[tokio::test]
async fn settings_and_hearts_travel_both_ways() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 2).await;
    let seen = people.owner.frames(people.family).await.unwrap().remove(0);
    let mut settings = seen.settings;
    settings.seconds_per_photo = 3;
    let patch = FramePatch { settings: Some(settings), ..FramePatch::default() };
    people.owner.update_frame(people.family, seen.id, &patch).await.unwrap();
    frame.until("the frame heard", |status| status.settings.seconds_per_photo == 3).await;
    let mut events = frame.events().await;
    let on = next_slide(&mut events, Duration::from_secs(5)).await;
    // The timer turns the page.
    another_slide(&mut events, on.photo_id, Duration::from_secs(6)).await;
    let (_, slide) = frame.command("heart", json!({ "photo_id": on.photo_id, "on": true })).await;
    assert_eq!(slide["hearted"], json!(true));
    let hearted = || async { (people.owner.photo(on.photo_id).await.unwrap().hearts == 1).then_some(()) };
    eventually("the child sees the heart", hearted).await;
}

#[tokio::test]
async fn the_children_see_what_memory_the_frame_takes() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let _frame = frame_showing(&server, &people, 1).await;
    let told = || async {
        let seen = people.owner.frames(people.family).await.unwrap().remove(0);
        seen.heartbeat.and_then(|heartbeat| heartbeat.memory_bytes)
    };
    let bytes = eventually("a heartbeat", told).await;
    assert!((5 << 20..1 << 30).contains(&bytes), "{bytes} bytes");
}

#[tokio::test]
async fn without_a_window_the_picture_of_the_screen_is_the_photo_that_is_on() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 1).await;
    let id = people.owner.frames(people.family).await.unwrap()[0].id;
    people.owner.send_command(people.family, id, FrameAction::Picture).await.unwrap();
    let taken = || async { frame.log().contains(r#""from":"the cache""#).then_some(()) };
    eventually("a picture is taken", taken).await;
}

//! Who is in a picture, as the children named them, on the screen.

use std::time::Duration;

use picup_api::{PhotoId, photo::PhotoPatch};
use picup_testkit::{People, TestServer, eventually};

use crate::{
    harness::{TestFrame, next_slide},
    screen::frame_showing,
};

#[tokio::test]
async fn names_come_under_the_photo_that_is_on_and_stay_without_a_network() {
    let mut server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = frame_showing(&server, &people, 1).await;
    let on = frame.current().await.unwrap();
    assert!(on.people.is_empty());
    let mut events = frame.events().await;
    next_slide(&mut events, Duration::from_secs(5)).await;

    name(&people, on.photo_id, &["할머니", "Minji"]).await;
    // It may be told again before the frame has heard of the names.
    let told = loop {
        let slide = next_slide(&mut events, Duration::from_secs(30)).await;
        if !slide.people.is_empty() {
            break slide;
        }
    };
    assert_eq!(
        (told.photo_id, told.people.as_slice()),
        (on.photo_id, ["할머니", "Minji"].map(String::from).as_slice())
    );

    name(&people, on.photo_id, &["Minji"]).await;
    until_named(&frame, &["Minji"]).await;
    server.stop().await;
    frame.kill9().await;
    frame.start_again(&[]).await;
    until_named(&frame, &["Minji"]).await;
}

#[tokio::test]
async fn a_name_that_was_taken_back_leaves_the_screen() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 1).await;
    let on = frame.current().await.unwrap().photo_id;
    name(&people, on, &["Minji"]).await;
    until_named(&frame, &["Minji"]).await;
    name(&people, on, &[]).await;
    until_named(&frame, &[]).await;
}

async fn name(people: &People, photo: PhotoId, names: &[&str]) {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let patch = PhotoPatch { people: Some(names), ..PhotoPatch::default() };
    people.owner.update_photo(photo, &patch).await.unwrap();
}

async fn until_named(frame: &TestFrame, names: &[&str]) {
    let named = || async { frame.current().await.filter(|slide| slide.people == names).map(drop) };
    eventually("the screen has the names", named).await;
}

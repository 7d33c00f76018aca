//! What a family says to each other over a photo, and what the parents would rather not see again.

use std::time::{Duration, Instant};

use picup_api::{
    account::{Locale, MePatch},
    frame::{Birthday, FramePatch, FrameSettings},
    screen::{OpenAlbum, Slide},
};
use picup_testkit::{Fault, FaultProxy, People, TestServer, eventually, photos};
use reqwest::StatusCode;
use serde_json::json;

use crate::{
    harness::{TestFrame, another_slide, next_slide, upload_ready},
    screen::frame_showing,
};

#[tokio::test]
async fn a_hidden_photo_is_shown_nowhere_and_comes_back_when_that_is_undone_without_a_network() {
    let mut server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = frame_showing(&server, &people, 2).await;
    let hidden = frame.current().await.unwrap().photo_id;
    server.stop().await;
    frame.command("hide", json!({ "photo_id": hidden, "on": true })).await;
    assert_ne!(frame.current().await.unwrap().photo_id, hidden, "it leaves the screen");
    assert_eq!(frame.status().await.sync.photos_cached, 1);
    for _ in 0..4 {
        frame.command("next", json!({})).await;
        assert_ne!(frame.current().await.unwrap().photo_id, hidden);
    }
    frame.kill9().await;
    frame.start_again(&[]).await;
    assert_ne!(frame.current().await.unwrap().photo_id, hidden, "also after a power cut");

    frame.command("hide", json!({ "photo_id": hidden, "on": false })).await;
    frame.command("show", json!({ "photo_id": hidden })).await;
    assert_eq!(frame.current().await.unwrap().photo_id, hidden);
    assert_eq!(frame.picture(hidden).await.0, StatusCode::OK);
}

/// What the frame has asked of the server is answered as things were: the parents change their mind meanwhile.
#[tokio::test]
async fn what_is_undone_while_the_frame_hears_of_it_stays_undone() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let slow = FaultProxy::start(server.addr()).await;
    let frame = TestFrame::start(&slow.url()).await;
    frame.pair_with(&people.owner, people.family).await;
    for seed in [1, 2] {
        people.upload(&photos::jpeg(900, 600, seed), "photo.jpg").await;
    }
    frame.until("both are here", |status| status.sync.photos_cached == 2).await;
    let photo = frame.current().await.unwrap().photo_id;
    slow.set(Fault::Delay(Duration::from_millis(200)));

    frame.command("hide", json!({ "photo_id": photo, "on": true })).await;
    let told = || async { people.owner.photo(photo).await.unwrap().hidden.then_some(()) };
    eventually("the server is told", told).await;
    frame.command("hide", json!({ "photo_id": photo, "on": false })).await;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(4) {
        let (status, _) = frame.command("show", json!({ "photo_id": photo })).await;
        assert_eq!(status, StatusCode::OK, "{:?} after it was put back", begun.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let told = || async { (!people.owner.photo(photo).await.unwrap().hidden).then_some(()) };
    eventually("the server is told that, too", told).await;
}

#[tokio::test]
async fn the_children_see_what_was_hidden_or_proposed_and_have_the_last_word() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 2).await;
    let photo = frame.current().await.unwrap().photo_id;
    frame.command("hide", json!({ "photo_id": photo, "on": true })).await;
    frame.command("propose_removal", json!({ "photo_id": photo, "on": true })).await;
    let told = || async {
        let seen = people.owner.photo(photo).await.unwrap();
        (seen.hidden && seen.removal_proposed).then_some(())
    };
    eventually("the children are told", told).await;

    people.owner.unhide(photo).await.unwrap();
    frame.until("it is shown again", |status| status.sync.photos_cached == 2).await;
    people.owner.trash_photo(photo).await.unwrap();
    frame.until("it is gone", |status| status.sync.photos_cached == 1).await;
}

#[tokio::test]
async fn a_new_photo_says_who_sent_it() {
    let server = TestServer::start().await;
    let people = server.family().await;
    name_owner(&people, "민지").await;
    let frame = frame_showing(&server, &people, 1).await;
    let mut events = frame.events().await;
    let on = next_slide(&mut events, Duration::from_secs(5)).await;
    people.upload(&photos::jpeg(900, 600, 7), "new.jpg").await;
    let slide = another_slide(&mut events, on.photo_id, Duration::from_secs(30)).await;
    assert!(slide.is_new);
    assert_eq!(slide.sent_by.as_deref(), Some("민지"));
}

#[tokio::test]
async fn a_photo_says_where_it_was_taken_in_the_language_of_the_frame() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 1).await;
    let unknown = frame.current().await.unwrap();
    assert_eq!(unknown.place, None, "nobody knows where");
    people.upload(&photos::fixture("gps.jpg"), "seoul.jpg").await;
    let seoul = turn_to(&frame, |slide| slide.place.is_some()).await;

    frame.command("show", json!({ "photo_id": seoul.photo_id })).await;
    frame.command("pause", json!({})).await;
    let mut events = frame.events().await;
    for (locale, name) in [(Locale::Ko, "서울"), (Locale::En, "Seoul"), (Locale::Ko, "서울")] {
        speak(&people, locale).await;
        // The country that goes without saying depends on where this test runs.
        let told = |slide: Slide| slide.place.is_some_and(|place| place.starts_with(name));
        while !told(next_slide(&mut events, Duration::from_secs(30)).await) {}
    }
}

async fn speak(people: &People, locale: Locale) {
    let frame = people.owner.frames(people.family).await.unwrap().remove(0);
    let patch =
        FramePatch { settings: Some(FrameSettings { locale, ..frame.settings }), ..FramePatch::default() };
    people.owner.update_frame(people.family, frame.id, &patch).await.unwrap();
}

#[tokio::test]
async fn words_and_a_voice_come_under_the_photo_and_stay_without_a_network() {
    let mut server = TestServer::start().await;
    let people = server.family().await;
    name_owner(&people, "민지").await;
    let mut frame = frame_showing(&server, &people, 1).await;
    let photo = frame.current().await.unwrap().photo_id;
    people.owner.add_comment(photo, "할머니 생각이 나요").await.unwrap();
    let voice = picup_testkit::photos::fixture("voice.ogg");
    people.owner.say_by_voice(photo, voice.clone(), "").await.unwrap();
    let said = eventually("it is heard of", || async {
        frame.current().await.filter(|slide| slide.said.len() == 2).map(|slide| slide.said)
    })
    .await;
    assert_eq!((said[0].author.as_str(), said[0].text.as_str()), ("민지", "할머니 생각이 나요"));
    assert!(!said[0].voice && said[1].voice);

    server.stop().await;
    frame.kill9().await;
    frame.start_again(&[]).await;
    assert_eq!(frame.current().await.unwrap().said, said);
    let address = frame.address(&format!("/voice/{}", said[1].comment_id));
    assert_eq!(frame.http().get(&address).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let page = frame.http().get(frame.address("/")).send().await.unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let heard = frame.http().get(&address).header("cookie", cookie).send().await.unwrap();
    assert_eq!(heard.headers()["content-type"], "audio/ogg");
    assert_eq!(heard.bytes().await.unwrap(), voice);
}

#[tokio::test]
async fn a_comment_that_was_taken_back_leaves_the_screen() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 1).await;
    let photo = frame.current().await.unwrap().photo_id;
    let comment = people.owner.add_comment(photo, "wrong photo").await.unwrap();
    let said = |count| {
        let frame = &frame;
        move || async move { frame.current().await.filter(|slide| slide.said.len() == count).map(drop) }
    };
    eventually("it is under the photo", said(1)).await;
    people.owner.remove_comment(comment.id).await.unwrap();
    eventually("it is gone", said(0)).await;
}

#[tokio::test]
async fn a_birthday_is_on_the_screen_on_its_day() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = frame_showing(&server, &people, 1).await;
    frame.stop().await;
    // Far from midnight.
    frame.set_clock("@2026-05-08 12:00:00");
    frame.start_again(&[]).await;
    let born = |name: &str, month, day| Birthday { name: name.into(), month, day, year: Some(1950) };
    let birthdays = vec![born("할머니", 5, 8), born("민지", 1, 3)];
    people.owner.set_birthdays(people.family, &birthdays).await.unwrap();
    let status = frame.until("the frame knows", |status| !status.birthdays.is_empty()).await;
    assert_eq!(status.birthdays, ["할머니"]);
}

#[tokio::test]
async fn two_upright_photos_of_one_day_share_a_panel_that_lies_and_none_is_shown_twice() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let upright = |seed, day: &str| photos::Jpeg::new(600, 900, seed).taken(day).build();
    for (seed, day) in [(1, "2019:05:01 10:00:00"), (2, "2019:05:01 12:00:00")] {
        upload_ready(&people, &upright(seed, day), &format!("{seed}.jpg")).await;
    }
    let lying = photos::Jpeg::new(900, 600, 3).taken("2019:05:01 11:00:00").build();
    upload_ready(&people, &lying, "3.jpg").await;
    let frame = TestFrame::start(&server.base_url()).await;
    frame.pair_with(&people.owner, people.family).await;
    frame.until("all are here", |status| status.sync.photos_cached == 3).await;
    let pair = turn_to(&frame, |slide| slide.beside.is_some()).await;
    let beside = pair.beside.unwrap();
    assert!(pair.height > pair.width && beside.height > beside.width);
    assert_ne!(pair.photo_id, beside.photo_id);
    let next = frame.command("next", json!({})).await.1;
    let next: Slide = serde_json::from_value(next).unwrap();
    assert!(next.width > next.height, "the third photo, before one of the pair comes again");
    let back: Slide = serde_json::from_value(frame.command("previous", json!({})).await.1).unwrap();
    assert_eq!((back.photo_id, back.beside.map(|it| it.photo_id)), (pair.photo_id, Some(beside.photo_id)));

    let id = people.owner.frames(people.family).await.unwrap()[0].id;
    let mut settings = people.owner.frame(people.family, id).await.unwrap().settings;
    settings.pairs = false;
    let patch = FramePatch { settings: Some(settings), ..FramePatch::default() };
    people.owner.update_frame(people.family, id, &patch).await.unwrap();
    let alone = || async {
        let slide: Slide = serde_json::from_value(frame.command("next", json!({})).await.1).unwrap();
        (slide.beside.is_none() && slide.height > slide.width).then_some(())
    };
    eventually("they are shown alone when the children choose so", alone).await;
}

#[tokio::test]
async fn an_album_opens_where_it_was_left() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = frame_showing(&server, &people, 2).await;
    let photo = frame.current().await.unwrap().photo_id;
    let album = people.owner.create_album(people.family, &new_album()).await.unwrap();
    people.owner.add_to_album(album.id, &[photo]).await.unwrap();
    let open = || async {
        let (status, album) = frame.command("open_album", json!({ "album_id": album.id })).await;
        (status == StatusCode::OK).then(|| serde_json::from_value::<OpenAlbum>(album).unwrap())
    };
    let fresh =
        eventually("the album is here", || async { open().await.filter(|it| it.slides.len() == 1) }).await;
    assert_eq!(fresh.last_open, None);
    frame.command("turned_to", json!({ "album_id": album.id, "photo_id": photo })).await;
    assert_eq!(open().await.unwrap().last_open, Some(photo));
}

fn new_album() -> picup_api::album::NewAlbum {
    serde_json::from_value(json!({ "title": "제주도" })).unwrap()
}

async fn name_owner(people: &People, name: &str) {
    let patch = MePatch { display_name: Some(name.into()), ..MePatch::default() };
    people.owner.update_me(&patch).await.unwrap();
}

/// Turns the pages until a slide is as wanted; a round of three photos has it soon.
async fn turn_to(frame: &TestFrame, wanted: impl Fn(&Slide) -> bool) -> Slide {
    eventually("the slide comes", || async {
        let slide = frame.command("next", json!({})).await.1;
        serde_json::from_value::<Slide>(slide).ok().filter(|slide| wanted(slide))
    })
    .await
}

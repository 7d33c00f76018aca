//! Power cuts: the program is killed at instants nobody chose.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use picup_api::{Sha256Digest, screen::FrameState};
use picup_testkit::{TestServer, photos, sha256};
use reqwest::StatusCode;

use crate::{harness::TestFrame, screen::frame_showing};

const CUTS: u32 = 20;

#[tokio::test]
async fn f05_a_frame_killed_twenty_times_during_import_and_sync_shows_a_picture_and_loses_nothing() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = frame_showing(&server, &people, 2).await;
    let mut expected: HashSet<Sha256Digest> = HashSet::new();
    for cut in 0..CUTS {
        for n in 0..2 {
            let bytes = photos::jpeg(500, 400, u64::from(1000 + cut * 2 + n));
            expected.insert(sha256(&bytes));
            frame.drop_in(&format!("{cut}-{n}.jpg"), &bytes);
        }
        // Every second cut falls where files are copied, sent and fetched: after they have settled.
        let settled = if cut % 2 == 1 { 5_000 } else { 0 };
        let wait = rand::random::<u64>() % 1_500 + settled;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        frame.kill9().await;
        let started = Instant::now();
        frame.start_again(&[]).await;
        let slide = frame.current().await.unwrap_or_else(|| panic!("a picture after cut {cut} at {wait} ms"));
        assert!(started.elapsed() < Duration::from_secs(2), "cut {cut}: {:?}", started.elapsed());
        let (status, picture) = frame.picture(slide.photo_id).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            picture.starts_with(&[0xFF, 0xD8]) && picture.ends_with(&[0xFF, 0xD9]),
            "torn after cut {cut}"
        );
    }
    let all = 2 + expected.len() as u32;
    let status = frame
        .until("everything is there", |status| {
            status.inbox.waiting + status.inbox.sending == 0 && status.sync.photos_cached == all
        })
        .await;
    assert_eq!(status.state, FrameState::Showing);
    assert!(status.inbox.set_aside.is_empty(), "{:?}", status.inbox.set_aside);
    let page = picup_client::PageQuery::first(200);
    let stored = people.owner.photos(people.family, &Default::default(), &page).await.unwrap().items;
    let stored: Vec<Sha256Digest> = stored.iter().map(|photo| photo.sha256).collect();
    assert!(expected.iter().all(|digest| stored.contains(digest)));
    assert_eq!(stored.len() as u32, all, "nothing came twice");
    assert_eq!(std::fs::read_dir(frame.data_dir().join("spool")).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(frame.data_dir().join("cache/incoming")).unwrap().count(), 0);
}

#[tokio::test]
async fn f05_what_was_copied_to_the_spool_is_sent_though_the_stick_and_the_server_were_gone() {
    let mut server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = TestFrame::start(&server.base_url()).await;
    frame.pair_with(&people.owner, people.family).await;
    server.stop().await;
    let bytes = photos::jpeg(800, 600, 9);
    frame.drop_in("from the stick.jpg", &bytes);
    frame.until("it is in the spool", |status| status.inbox.sending == 1).await;
    std::fs::remove_file(frame.inbox().join("from the stick.jpg")).unwrap();
    frame.kill9().await;
    frame.start_again(&[]).await;
    server.start_again().await;
    frame.until("it is on the screen", |status| status.sync.photos_cached == 1).await;
    let stored = people.owner.photos(people.family, &Default::default(), &Default::default()).await.unwrap();
    assert_eq!(stored.items[0].sha256, sha256(&bytes));
    assert_eq!(stored.items[0].filename, "from the stick.jpg");
}

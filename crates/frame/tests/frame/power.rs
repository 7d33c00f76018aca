//! Power cuts: the program is killed at instants nobody chose, and its disk loses what was not flushed.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use picup_api::{
    Sha256Digest,
    screen::{FrameState, ScreenStatus},
};
use picup_testkit::{TestServer, VolatileDisk, eventually, photos, sha256};
use reqwest::StatusCode;

use crate::harness::{TestFrame, stored_digests};

const CUTS: u32 = 100;
/// Bytes; the pictures of the test are small.
const DISK: usize = 128 << 20;

/// When the power goes, counted from two files put into the inbox.
#[derive(Clone, Copy, Debug)]
enum Aim {
    /// At any instant: while files settle, are copied, sent and fetched.
    Anywhere,
    /// When a copy has just got its row, and its upload begins.
    Import,
    /// When the cache has just taken in a photo, and takes in the next.
    Commit,
}

impl Aim {
    async fn wait(self, frame: &TestFrame) -> Duration {
        let started = Instant::now();
        let before = frame.status().await;
        let has_come = |now: &ScreenStatus| match self {
            Self::Anywhere => true,
            Self::Import => now.inbox.sending > 0,
            Self::Commit => now.sync.photos_cached > before.sync.photos_cached,
        };
        while !has_come(&frame.status().await) && started.elapsed() < Duration::from_millis(1_500) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let further = if matches!(self, Self::Anywhere) { 1_200 } else { 40 };
        tokio::time::sleep(Duration::from_micros(rand::random::<u64>() % (further * 1_000))).await;
        started.elapsed()
    }
}

#[tokio::test]
async fn f05_a_frame_cut_off_a_hundred_times_during_import_and_sync_shows_a_picture_and_loses_nothing() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = TestFrame::stopped(&server.base_url());
    std::fs::create_dir(frame.data_dir()).unwrap();
    let disk = VolatileDisk::mounted_at(&frame.data_dir(), DISK);
    // Files settle sooner than usual, so that a cut falls where they are copied, sent and fetched.
    frame.set_env("PICUP_SETTLE_SECONDS", 0.2);
    frame.start_again(&[]).await;
    frame.pair_with(&people.owner, people.family).await;
    people.upload(&photos::jpeg(900, 600, 1), "first.jpg").await;
    frame.until("a photo is here", |status| status.sync.photos_cached == 1).await;
    frame.kill9().await;
    // What was shown for minutes is on the disk.
    disk.settle();
    let at_rest = disk.cut_power(rand::random());
    disk.power_on();
    frame.start_again(&[]).await;
    let (mut expected, mut lost): (HashSet<Sha256Digest>, usize) = Default::default();
    for cut in 0..CUTS {
        for n in 0..2 {
            let bytes = photos::jpeg(500, 400, u64::from(1000 + cut * 2 + n));
            expected.insert(sha256(&bytes));
            frame.drop_in(&format!("{cut}-{n}.jpg"), &bytes);
        }
        let aim = [Aim::Anywhere, Aim::Import, Aim::Commit][cut as usize % 3];
        let waited = aim.wait(&frame).await;
        pull_out_what_was_taken(&frame, cut).await;
        frame.kill9().await;
        lost += disk.cut_power(rand::random()).saturating_sub(at_rest);
        disk.power_on();
        frame.start_again(&[]).await;
        let current = frame.current().await;
        let slide = current.unwrap_or_else(|| panic!("a picture after cut {cut}, {aim:?}, {waited:?}"));
        let (status, picture) = frame.picture(slide.photo_id).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            picture.starts_with(&[0xFF, 0xD8]) && picture.ends_with(&[0xFF, 0xD9]),
            "torn after cut {cut}"
        );
    }
    assert!(lost > 0, "a cut that costs nothing proves nothing");
    let all = 1 + expected.len() as u32;
    // It goes on, however slow the machine is.
    for count in 1..=all {
        let here = format!("{count} are here");
        frame.until(&here, |status| status.sync.photos_cached >= count).await;
    }
    let status = frame
        .until("everything is there", |status| {
            status.inbox.waiting + status.inbox.sending == 0 && status.sync.photos_cached == all
        })
        .await;
    assert_eq!(status.state, FrameState::Showing);
    assert!(status.inbox.set_aside.is_empty(), "{:?}", status.inbox.set_aside);
    let (stored, count) = stored_digests(&people).await;
    assert!(expected.is_subset(&stored));
    assert_eq!(count, all as usize, "nothing came twice");
    // A copy goes just after its row says that it was sent.
    let is_empty = || async {
        let left = std::fs::read_dir(frame.data_dir().join("spool")).unwrap().count();
        (left == 0).then_some(())
    };
    eventually("the spool is empty", is_empty).await;
    assert_eq!(std::fs::read_dir(frame.data_dir().join("cache/incoming")).unwrap().count(), 0);
    frame.stop().await;
    drop(disk);
}

/// When a copy is there and the frame says that nothing waits, the stick may be pulled: it alone has them then.
async fn pull_out_what_was_taken(frame: &TestFrame, cut: u32) {
    let names = [format!("{cut}-0.jpg"), format!("{cut}-1.jpg")];
    let spool = std::fs::read_dir(frame.data_dir().join("spool")).unwrap().flatten();
    let copies = spool.map(|entry| entry.file_name().into_string().unwrap());
    let copies: Vec<_> = copies.filter(|name| !name.starts_with("part-")).collect();
    if frame.status().await.inbox.waiting > 0 {
        return;
    }
    for name in names.iter().filter(|name| copies.iter().any(|copy| copy.ends_with(*name))) {
        std::fs::remove_file(frame.inbox().join(name)).unwrap();
    }
}

#[tokio::test]
async fn f07_killed_on_a_disk_full_to_the_last_byte_it_starts_with_a_picture_and_turns_the_pages() {
    let server = TestServer::start().await;
    let people = server.family().await;
    for seed in 0..3 {
        people.upload(&photos::jpeg(640, 480, seed), &format!("{seed}.jpg")).await;
    }
    let mut frame = TestFrame::stopped(&server.base_url());
    std::fs::create_dir(frame.data_dir()).unwrap();
    let disk = VolatileDisk::mounted_at(&frame.data_dir(), DISK / 4);
    frame.start_again(&["--reserve-bytes", "0"]).await;
    frame.pair_with(&people.owner, people.family).await;
    frame.until("the photos are here", |status| status.sync.photos_cached == 3).await;
    let filler = frame.data_dir().join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    for piece in [1 << 20, 4096, 1] {
        while std::io::Write::write_all(&mut file, &vec![0x5A; piece]).is_ok() {}
    }
    drop(file);
    for _ in 0..2 {
        frame.kill9().await;
        frame.start_again(&["--reserve-bytes", "0"]).await;
        assert!(frame.current().await.is_some(), "a picture is on");
        let mut on = HashSet::new();
        for _ in 0..6 {
            let (status, slide) = frame.command("next", serde_json::json!({})).await;
            assert_eq!(status, StatusCode::OK);
            on.insert(slide["photo_id"].as_str().unwrap().to_owned());
        }
        assert_eq!(on.len(), 3, "every photo has its turn");
    }
    std::fs::remove_file(filler).unwrap();
    frame.drop_in("late.jpg", &photos::jpeg(640, 480, 9));
    frame.until("it goes on", |status| status.sync.photos_cached == 4).await;
    frame.stop().await;
    drop(disk);
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

//! What people and programs do to a folder.

use std::{fs, io::Write, time::Duration};

use picup_api::screen::{FrameState, PauseReason, ScreenStatus};
use picup_testkit::{TestServer, photos};

use crate::{
    harness::TestFrame,
    small_disk::{Filler, put_on_small_disk, seen_by},
};

async fn paired(server: &TestServer) -> (picup_testkit::People, TestFrame) {
    let people = server.family().await;
    let frame = TestFrame::start(&server.base_url()).await;
    frame.pair_with(&people.owner, people.family).await;
    (people, frame)
}

async fn photos_of(people: &picup_testkit::People) -> u64 {
    people.owner.usage(people.family).await.unwrap().photos
}

#[tokio::test]
async fn f11_a_file_written_slowly_is_taken_once_and_whole() {
    let server = TestServer::start().await;
    let people = server.family().await;
    // Much longer than a writer's pause, which a busy machine makes longer.
    let frame = TestFrame::start_with(&server.base_url(), &["--settle-seconds", "10"]).await;
    frame.pair_with(&people.owner, people.family).await;
    let bytes = photos::jpeg(1200, 900, 5);
    let mut file = fs::File::create(frame.inbox().join("slow.jpg")).unwrap();
    for chunk in bytes.chunks(bytes.len() / 4 + 1) {
        file.write_all(chunk).unwrap();
        file.flush().unwrap();
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(frame.status().await.inbox.sent, 0, "taken before it was whole");
    }
    drop(file);
    frame.until("the file was sent", |status| status.inbox.sent == 1).await;
    let page = people.owner.photos(people.family, &Default::default(), &Default::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].sha256, picup_testkit::sha256(&bytes));
}

#[tokio::test]
async fn f11_temp_names_are_left_alone_a_rename_is_an_arrival_and_a_file_queued_twice_is_one() {
    let server = TestServer::start().await;
    let (people, frame) = paired(&server).await;
    let bytes = photos::jpeg(640, 480, 6);
    for name in ["a.jpg.part", "b.tmp", "~c.jpg", "._d.jpg", "Thumbs.db", "desktop.ini"] {
        frame.drop_in(name, &bytes);
    }
    fs::create_dir_all(frame.inbox().join("@eaDir")).unwrap();
    fs::write(frame.inbox().join("@eaDir/e.jpg"), &bytes).unwrap();
    tokio::time::sleep(Duration::from_secs(8)).await;
    let status = frame.status().await;
    assert_eq!((status.inbox.waiting, status.inbox.sent, photos_of(&people).await), (0, 0, 0));
    fs::rename(frame.inbox().join("a.jpg.part"), frame.inbox().join("a.jpg")).unwrap();
    frame.drop_in("the same again.jpg", &bytes);
    fs::create_dir_all(frame.inbox().join("deep/deeper")).unwrap();
    fs::write(frame.inbox().join("deep/deeper/a.jpg"), &bytes).unwrap();
    frame.until("it was sent", |status| status.inbox.sent == 1 && status.inbox.waiting == 0).await;
    tokio::time::sleep(Duration::from_secs(7)).await;
    let status = frame.status().await;
    assert_eq!((status.inbox.sent, status.inbox.waiting, photos_of(&people).await), (1, 0, 1));
}

#[tokio::test]
async fn f12_a_folder_deleted_and_made_again_is_watched_again() {
    let server = TestServer::start().await;
    let (people, frame) = paired(&server).await;
    frame.drop_in("before.jpg", &photos::jpeg(300, 200, 1));
    frame.until("the first was sent", |status| status.inbox.sent == 1).await;
    // At once, it may have the same inode; later, it is missed for a while.
    for (count, pause) in [(2, Duration::ZERO), (3, Duration::from_secs(4))] {
        fs::remove_dir_all(frame.inbox()).unwrap();
        tokio::time::sleep(pause).await;
        fs::create_dir(frame.inbox()).unwrap();
        frame.drop_in("after.jpg", &photos::jpeg(300, 200, count));
        let all = || async { (photos_of(&people).await == count).then_some(()) };
        picup_testkit::eventually("all are there", all).await;
    }
}

#[tokio::test]
async fn f13_links_and_devices_are_never_read_and_equal_names_are_different_files() {
    let server = TestServer::start().await;
    let (people, frame) = paired(&server).await;
    let outside = frame.directory().join("secret.jpg");
    fs::write(&outside, photos::jpeg(300, 200, 1)).unwrap();
    std::os::unix::fs::symlink(&outside, frame.inbox().join("link.jpg")).unwrap();
    std::os::unix::fs::symlink(frame.directory(), frame.inbox().join("up")).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let fifo = frame.inbox().join("fifo.jpg");
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    for (stick, seed) in [("stick one", 2), ("stick two", 3)] {
        fs::create_dir(frame.inbox().join(stick)).unwrap();
        fs::write(frame.inbox().join(stick).join("IMG_0001.jpg"), photos::jpeg(300, 200, seed)).unwrap();
    }
    let done = |status: &ScreenStatus| (status.inbox.sent, status.inbox.waiting) == (2, 0);
    frame.until("both were sent, and nothing else waits", done).await;
    assert_eq!(photos_of(&people).await, 2);
}

#[tokio::test]
async fn f13_a_stick_pulled_and_put_in_again_loses_nothing_and_sends_nothing_twice() {
    let server = TestServer::start().await;
    let (people, frame) = paired(&server).await;
    let (stick, pulled) = (frame.inbox().join("stick"), frame.directory().join("pulled"));
    fs::create_dir(&stick).unwrap();
    for n in 0..12 {
        fs::write(stick.join(format!("{n}.jpg")), photos::jpeg(700, 500, n)).unwrap();
    }
    frame.until("the import runs", |status| status.inbox.sending + status.inbox.sent > 0).await;
    fs::rename(&stick, &pulled).unwrap();
    frame.until("nothing is waited for", |status| status.inbox.waiting == 0).await;
    fs::rename(&pulled, &stick).unwrap();
    picup_testkit::eventually("all are there", || async { (photos_of(&people).await == 12).then_some(()) })
        .await;
    tokio::time::sleep(Duration::from_secs(7)).await;
    let status = frame.status().await;
    assert_eq!((photos_of(&people).await, status.inbox.waiting, status.inbox.sending), (12, 0, 0));
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 12);
}

#[tokio::test]
async fn f14_without_room_in_the_spool_an_arrival_waits_says_so_and_goes_on() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut frame = TestFrame::start(&server.base_url()).await;
    frame.pair_with(&people.owner, people.family).await;
    frame.stop().await;
    frame.start_again(&["--reserve-bytes", "9000000000000000"]).await;
    frame.drop_in("a.jpg", &photos::jpeg(640, 480, 1));
    let full = frame
        .until("the frame says so", |status| status.inbox.paused_because == Some(PauseReason::DiskFull))
        .await;
    assert_eq!((full.inbox.waiting, full.inbox.sent), (1, 0));
    frame.stop().await;
    frame.start_again(&[]).await;
    frame
        .until("there is room", |status| status.inbox.sent == 1 && status.inbox.paused_because.is_none())
        .await;
    assert_eq!(photos_of(&people).await, 1);
}

#[tokio::test]
async fn f14_on_a_disk_that_is_really_full_an_arrival_waits_says_so_and_goes_on_without_a_restart() {
    let server = TestServer::start().await;
    let people = server.family().await;
    people.upload(&photos::jpeg(640, 480, 1), "shown.jpg").await;
    let mut frame = TestFrame::stopped(&server.base_url());
    put_on_small_disk(&mut frame, "24m");
    frame.start_again(&["--reserve-bytes", "0", "--settle-seconds", "1"]).await;
    frame.pair_with(&people.owner, people.family).await;
    frame.until("a photo is shown", |status| status.state == FrameState::Showing).await;
    let (pid, mut sent) = (frame.pid(), 0_u64);
    // Nothing is left; too little for a copy; enough for a copy and not for its row.
    for left in [0, 20_000, 40_000] {
        let full = Filler::on_disk_of(&frame, left);
        for _ in 0..2 {
            sent += 1;
            let bytes = photos::jpeg(1110, 740, 100 + sent);
            assert!((24_000..36_000).contains(&bytes.len()), "{}", bytes.len());
            frame.drop_in(&format!("{sent}.jpg"), &bytes);
        }
        if left < 24_000 {
            let says_so = |status: &ScreenStatus| {
                status.inbox.paused_because == Some(PauseReason::DiskFull) && status.inbox.waiting == 2
            };
            let status = frame.until("the frame says so", says_so).await;
            assert_eq!(status.state, FrameState::Showing);
            let id = people.owner.frames(people.family).await.unwrap()[0].id;
            let told = || async {
                let heartbeat = people.owner.frame(people.family, id).await.unwrap().heartbeat?;
                (heartbeat.last_error? == "The frame's disk is full.").then_some(())
            };
            picup_testkit::eventually("the children are told", told).await;
        } else {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        let copies = fs::read_dir(seen_by(&frame).join("spool")).unwrap().count();
        assert!(copies <= 2, "{copies} copies of two files");
        assert!(frame.current().await.is_some(), "a photo is on");
        full.remove();
        picup_testkit::eventually("they were sent", || async {
            (photos_of(&people).await == 1 + sent).then_some(())
        })
        .await;
        // A photo that still came would fight with the next filler for the room.
        let settled = |status: &ScreenStatus| {
            let waits = status.inbox.waiting + status.inbox.sending;
            waits == 0 && u64::from(status.sync.photos_cached) == 1 + sent
        };
        frame.until("nothing waits, and all are here", settled).await;
    }
    assert_eq!(frame.pid(), pid, "without a restart");
}

#[tokio::test]
async fn f15_a_file_that_is_refused_for_good_is_set_aside_with_a_reason_and_the_queue_goes_on() {
    let server = TestServer::builder().config("[limits]\nmax_upload_bytes = 60000\n").start().await;
    let (people, frame) = paired(&server).await;
    frame.drop_in("a letter.jpg", b"Dear grandmother, this is no picture at all.");
    let large = photos::jpeg(3000, 2000, 1);
    assert!(large.len() > 60_000, "{}", large.len());
    frame.drop_in("b large.jpg", &large);
    let small = photos::jpeg(160, 120, 2);
    assert!(small.len() < 60_000, "{}", small.len());
    frame.drop_in("c small.jpg", &small);
    let status = frame
        .until("all is decided", |status| status.inbox.sent == 1 && status.inbox.set_aside.len() == 2)
        .await;
    let mut reasons: Vec<_> =
        status.inbox.set_aside.iter().map(|it| (it.filename.as_str(), it.reason.as_str())).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, [("a letter.jpg", "not_a_picture"), ("b large.jpg", "upload_too_large")]);
    assert_eq!(photos_of(&people).await, 1);
    // A copy goes just after its row says that it was sent.
    let kept = || async {
        let copies: Vec<_> = fs::read_dir(frame.data_dir().join("spool")).unwrap().flatten().collect();
        let is_large = |name: &str| name.ends_with("b large.jpg");
        matches!(&copies[..], [copy] if copy.file_name().to_str().is_some_and(is_large)).then_some(())
    };
    picup_testkit::eventually("what was set aside is kept, what was sent is not", kept).await;
}

#[tokio::test]
async fn f15_a_photo_beyond_the_quota_is_set_aside_and_its_bytes_are_kept() {
    let (first, second) = (photos::jpeg(900, 600, 1), photos::jpeg(900, 600, 2));
    let quota = first.len() + second.len() / 2;
    let server = TestServer::builder().env("PICUP__LIMITS__QUOTA_BYTES", quota).start().await;
    let (people, frame) = paired(&server).await;
    frame.drop_in("1.jpg", &first);
    frame.until("the first was sent", |status| status.inbox.sent == 1).await;
    frame.drop_in("2.jpg", &second);
    let full = frame.until("the second is set aside", |status| status.inbox.set_aside.len() == 1).await;
    assert_eq!(full.inbox.set_aside[0].reason, "quota_exceeded");
    assert_eq!(photos_of(&people).await, 1);
    let copies: Vec<_> = fs::read_dir(frame.data_dir().join("spool")).unwrap().flatten().collect();
    assert_eq!(copies.len(), 1);
    assert_eq!(fs::read(copies[0].path()).unwrap(), second);
}

//! More files, and more events, than the kernel and the frame tell each other of.

use std::{collections::HashSet, fs, time::Duration};

use picup_testkit::{People, TestServer, eventually, pause, photos, resume, sha256};

use crate::harness::TestFrame;

async fn photos_of(people: &People) -> u64 {
    people.owner.usage(people.family).await.unwrap().photos
}

async fn until_stored(people: &People, count: u64) {
    eventually("all photos arrived", || async { (photos_of(people).await == count).then_some(()) }).await;
}

#[tokio::test]
async fn f12_when_the_queue_of_events_overflows_every_file_still_arrives() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = TestFrame::start_with(&server.base_url(), &["--settle-seconds", "1"]).await;
    frame.pair_with(&people.owner, people.family).await;
    let queue: usize =
        fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap().trim().parse().unwrap();
    // While the frame is stopped nobody takes an event out of the queue: it overflows in earnest, and the photos'
    // own events come too late for it.
    let pid = frame.pid().as_raw_nonzero().get().cast_unsigned();
    pause(pid);
    let noise = frame.inbox().join("noise");
    for n in 0..queue {
        fs::write(&noise, n.to_le_bytes()).unwrap();
        fs::remove_file(&noise).unwrap();
    }
    for n in 0..5 {
        frame.drop_in(&format!("{n}.jpg"), &photos::jpeg(300, 200, n));
    }
    resume(pid);
    until_stored(&people, 5).await;
}

/// The limit is set for the frame's own user namespace, which takes no right of anybody else's.
async fn frame_with_watches(server: &TestServer, watches: u32) -> (People, TestFrame) {
    let people = server.family().await;
    let mut frame = TestFrame::stopped(&server.base_url());
    let script = r#"echo "$1" > /proc/sys/user/max_inotify_watches && shift && exec "$@""#;
    let words = ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh"];
    frame.launch_by(&[&words[..], &[watches.to_string().as_str()]].concat());
    frame.start_again(&[]).await;
    frame.pair_with(&people.owner, people.family).await;
    (people, frame)
}

#[tokio::test]
async fn f12_a_folder_that_cannot_be_watched_is_listed_instead() {
    let server = TestServer::start().await;
    let (people, frame) = frame_with_watches(&server, 0).await;
    let noticed = || async { frame.log().contains("an inbox cannot be watched").then_some(()) };
    eventually("the frame notices", noticed).await;
    for n in 0..2 {
        frame.drop_in(&format!("{n}.jpg"), &photos::jpeg(300, 200, n));
        until_stored(&people, n + 1).await;
    }
}

#[tokio::test]
async fn f12_a_folder_made_when_no_watch_is_left_is_listed_instead() {
    let server = TestServer::start().await;
    let (people, frame) = frame_with_watches(&server, 1).await;
    let album = frame.inbox().join("album");
    fs::create_dir(&album).unwrap();
    let noticed = || async { frame.log().contains("no more folders can be watched").then_some(()) };
    eventually("the frame notices", noticed).await;
    // Past the listing that the failure itself causes.
    tokio::time::sleep(Duration::from_secs(3)).await;
    fs::write(album.join("a.jpg"), photos::jpeg(300, 200, 1)).unwrap();
    until_stored(&people, 1).await;
}

/// A photo like no other: a comment (JPEG's marker FE) makes the bytes distinct at no cost.
fn distinct(photo: &[u8], n: u32) -> Vec<u8> {
    let comment = [0xFF, 0xFE, 0, 6];
    [&photo[..2], &comment, &n.to_be_bytes(), &photo[2..]].concat()
}

/// What is looked at is the way into the spool: one upload after the other would take minutes and show nothing more.
#[tokio::test]
async fn f13_ten_thousand_files_in_one_folder_are_taken_once_each() {
    const FILES: u32 = 10_000;
    let mut server = TestServer::start().await;
    let people = server.family().await;
    let frame = TestFrame::start_with(&server.base_url(), &["--settle-seconds", "1"]).await;
    frame.pair_with(&people.owner, people.family).await;
    server.stop().await;
    let photo = photos::jpeg(16, 16, 1);
    let folder = frame.inbox().join("DCIM");
    fs::create_dir(&folder).unwrap();
    let mut expected = HashSet::new();
    for n in 0..FILES {
        let bytes = distinct(&photo, n);
        expected.insert(sha256(&bytes));
        fs::write(folder.join(format!("IMG_{n:05}.JPG")), bytes).unwrap();
    }
    let mut taken = 0;
    while taken < FILES {
        // It goes on, however slow the machine is.
        let more = frame.until("another file is taken", |status| status.inbox.sending > taken).await;
        taken = more.inbox.sending;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let end = frame.until("nothing settles any more", |status| status.inbox.waiting == 0).await;
    assert_eq!((end.inbox.sending, end.inbox.set_aside.len()), (FILES, 0));
    let copies: Vec<_> = fs::read_dir(frame.data_dir().join("spool")).unwrap().flatten().collect();
    assert_eq!(copies.len(), FILES as usize, "none was taken twice");
    let digests: HashSet<_> = copies.iter().map(|copy| sha256(&fs::read(copy.path()).unwrap())).collect();
    assert!(digests == expected);
}

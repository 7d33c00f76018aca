//! One upload, two clients, two processes that share a spool.

use std::time::Duration;

use picup_api::PhotoId;
use picup_testkit::{MemberRole, People, TestCluster, eventually};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::tus::{Tus, header, large_photo, original, photo_of};

const TRIES: u64 = 200;
/// Of a sweep; longer than a lease.
const PATIENCE: Duration = Duration::from_secs(20);

/// The same person, by way of each library process.
async fn clients(cluster: &TestCluster, people: &People) -> Vec<Tus> {
    let mut clients = Vec::new();
    for index in cluster.of(MemberRole::Library) {
        let url = cluster.members[index].url();
        clients.push(Tus::with(url, &people.owner, people.family).await);
    }
    clients
}

/// Begins a piece, sends part of it, and leaves the connection to the caller.
async fn begin_piece(tus: &Tus, path: &str, offset: usize, bytes: &[u8], sent: usize) -> Option<TcpStream> {
    let address = tus.base.socket_addrs(|| None).unwrap()[0];
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\n\
         upload-offset: {offset}\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
        tus.token,
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    // Refused, it may be closed before all of it went out.
    stream.write_all(&bytes[..sent]).await.ok()?;
    Some(stream)
}

/// Whoever is kept out comes back a moment later, as any client does: two that never wait keep each other out for
/// minutes.
async fn step_back(chance: &mut SmallRng) {
    tokio::time::sleep(Duration::from_millis(chance.random_range(0..100))).await;
}

/// Sends the file in random pieces, some of them cut, against whoever else does; answers the photo.
async fn send(tus: &Tus, path: &str, bytes: &[u8], mut chance: SmallRng) -> PhotoId {
    loop {
        let answer = tus.head(path).await;
        if answer.status() == 423 {
            step_back(&mut chance).await;
            continue;
        }
        assert_eq!(answer.status(), 200);
        let at: usize = header(&answer, "upload-offset").unwrap().parse().unwrap();
        let rest = &bytes[at..];
        let piece = &rest[..chance.random_range(0..=rest.len())];
        if !piece.is_empty() && chance.random_bool(0.3) {
            let sent = chance.random_range(0..piece.len());
            let cut = begin_piece(tus, path, at, piece, sent).await;
            tokio::time::sleep(Duration::from_millis(chance.random_range(0..20))).await;
            drop(cut);
            continue;
        }
        let answer = tus.patch(path, at, piece).await;
        match answer.status().as_u16() {
            204 if answer.headers().contains_key("picup-photo-id") => return photo_of(&answer),
            204 => {}
            409 | 423 => step_back(&mut chance).await,
            other => panic!("{other}: {:?}", answer.text().await),
        }
    }
}

#[tokio::test]
async fn two_processes_and_two_clients_put_no_byte_out_of_place() {
    let mut cluster = TestCluster::start().await;
    let people = cluster.family().await;
    let clients = clients(&cluster, &people).await;
    for number in 0..TRIES {
        let mut chance = SmallRng::seed_from_u64(number);
        let bytes = large_photo(number, chance.random_range(10_000..300_000));
        let path = clients[(number % 2) as usize].create(&bytes).await;
        let (one, other) = tokio::join!(
            send(&clients[0], &path, &bytes, SmallRng::seed_from_u64(number * 2)),
            send(&clients[1], &path, &bytes, SmallRng::seed_from_u64(number * 2 + 1)),
        );
        assert_eq!(one, other, "try {number}");
        assert!(original(&people.owner, one).await == bytes, "try {number}");
    }
    assert!(is_swept(&mut cluster).await, "the spool keeps what is nobody's");
}

/// What an overtaken process began anew is nobody's. A worker looks for it when it starts and then once an hour, and passes
/// over what is still leased.
async fn is_swept(cluster: &mut TestCluster) -> bool {
    for _ in 0..6 {
        cluster.restart_member(cluster.of(MemberRole::Worker)[0]).await;
        let left =
            || async { std::fs::read_dir(cluster.spool_dir()).unwrap().next().is_none().then_some(()) };
        if tokio::time::timeout(PATIENCE, eventually("the spool is empty", left)).await.is_ok() {
            return true;
        }
    }
    false
}

/// The one upload has so many bytes in the spool.
async fn until_spooled(cluster: &TestCluster, bytes: u64) {
    let spooled = || async {
        let files = std::fs::read_dir(cluster.spool_dir()).unwrap().flatten();
        (files.filter_map(|file| Some(file.metadata().ok()?.len())).sum::<u64>() == bytes).then_some(())
    };
    eventually("what was sent is spooled", spooled).await;
}

/// FAILURES 20: a PATCH hangs, and the client comes back by way of the other process.
#[tokio::test]
async fn a_stuck_piece_is_taken_over_by_the_other_process() {
    let cluster = TestCluster::start().await;
    let people = cluster.family().await;
    let clients = clients(&cluster, &people).await;
    let bytes = large_photo(1, 3_000_000);
    let path = clients[0].create(&bytes).await;
    let stuck = begin_piece(&clients[0], &path, 0, &bytes, 1_700_000).await.unwrap();
    until_spooled(&cluster, 1_700_000).await;
    assert_eq!(clients[1].offset(&path).await, 1_700_000, "nothing that came across is lost");
    let answer = clients[1].patch(&path, 1_700_000, &bytes[1_700_000..]).await;
    assert_eq!(answer.status(), 204);
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
    drop(stuck);
}

/// A process stops in the middle of a piece and wakes up when another has made the photo.
#[tokio::test]
async fn a_process_that_slept_through_a_take_over_spoils_nothing() {
    let cluster = TestCluster::start().await;
    let people = cluster.family().await;
    let clients = clients(&cluster, &people).await;
    let sleeper = &cluster.members[cluster.of(MemberRole::Library)[0]];
    let bytes = large_photo(1, 2_000_000);
    let path = clients[0].create(&bytes).await;
    let mut stuck = begin_piece(&clients[0], &path, 0, &bytes, 600_000).await.unwrap();
    until_spooled(&cluster, 600_000).await;
    sleeper.pause();
    // What the sleeper finds when it wakes up is not what belongs there.
    stuck.write_all(&vec![0xee; 1_400_000]).await.ok();
    let taken_over = || async {
        let answer = clients[1].head(&path).await;
        (answer.status() == 200).then(|| header(&answer, "upload-offset").unwrap().parse::<usize>().unwrap())
    };
    let at = eventually("the lease of the sleeper ends", taken_over).await;
    assert!(at <= 600_000);
    let half = at + (bytes.len() - at) / 2;
    assert_eq!(clients[1].patch(&path, at, &bytes[at..half]).await.status(), 204);
    sleeper.resume();
    // It may take the lease anew when it wakes up, and lets go of it before it answers.
    stuck.read_u8().await.expect("the stuck piece is answered");
    let answer = clients[1].patch(&path, half, &bytes[half..]).await;
    assert_eq!(answer.status(), 204, "{:?}", answer.text().await);
    let photo = photo_of(&answer);
    assert!(original(&people.owner, photo).await == bytes);
    assert_eq!(clients[0].offset(&path).await, bytes.len(), "the sleeper knows it by now");
}

/// Leases are open without Redis; fences are not.
#[tokio::test]
async fn without_redis_two_processes_still_put_no_byte_out_of_place() {
    let mut cluster = TestCluster::start().await;
    let people = cluster.family().await;
    let clients = clients(&cluster, &people).await;
    cluster.redis.stop().await;
    for number in 0..10 {
        let bytes = large_photo(number, 100_000);
        let path = clients[0].create(&bytes).await;
        let (one, other) = tokio::join!(
            send(&clients[0], &path, &bytes, SmallRng::seed_from_u64(number * 2)),
            send(&clients[1], &path, &bytes, SmallRng::seed_from_u64(number * 2 + 1)),
        );
        assert_eq!(one, other, "try {number}");
        assert!(original(&people.owner, one).await == bytes, "try {number}");
    }
}

//! Uploads over bad lines, between two clients, near the quota, and on a full disk.

use picup_testkit::{TestServer, eventually, newcomer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::small_disk::SmallDisk;
use crate::tus::{Tus, header, large_photo, original, photo_of, refusal};

/// Begins a PATCH of `bytes` and sends the first `sent` of them. Dropping the stream cuts the connection.
async fn begin_patch(
    server: &TestServer,
    tus: &Tus,
    path: &str,
    offset: usize,
    bytes: &[u8],
    sent: usize,
) -> TcpStream {
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: \
         {offset}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {}\r\n\r\n",
        server.addr(),
        tus.token,
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&bytes[..sent]).await.unwrap();
    stream.flush().await.unwrap();
    stream
}

/// Bytes of the one file in the spool. One that is removed meanwhile has none.
fn spooled(server: &TestServer) -> u64 {
    let entries = std::fs::read_dir(server.data_dir().join("spool")).unwrap();
    entries.filter_map(|entry| Some(entry.unwrap().metadata().ok()?.len())).sum()
}

/// FAILURES 20: the connection dies in mid-PATCH.
#[tokio::test]
async fn what_came_across_before_a_cut_is_kept() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(1, 3_000_000);
    let path = tus.create(&bytes).await;
    let mut at = 0;
    for cut in [10_000, 700_001, 1, 1_500_000] {
        let stream = begin_patch(&server, &tus, &path, at, &bytes[at..], cut).await;
        let wanted = (at + cut) as u64;
        eventually("what was sent is spooled", || async { (spooled(&server) == wanted).then_some(()) }).await;
        drop(stream);
        at += cut;
        assert_eq!(tus.offset(&path).await, at);
    }
    let answer = tus.patch(&path, at, &bytes[at..]).await;
    assert_eq!(answer.status(), 204);
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
}

/// FAILURES 20: the connection dies in a creation that carries its first piece.
#[tokio::test]
async fn a_creation_that_is_cut_off_tells_where_to_go_on() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(1, 300_000);
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    let head = format!(
        "POST /v1/uploads HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nTus-Resumable: 1.0.0\r\nUpload-Length: \
         {length}\r\nUpload-Metadata: {}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: \
         {length}\r\n\r\n",
        server.addr(),
        tus.token,
        tus.metadata(None),
        length = bytes.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&bytes[..100_000]).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let told = |name: &str| answer.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    assert_eq!(told("upload-offset: ").unwrap(), "100000");
    let path = told("location: ").unwrap();
    let answer = tus.patch(&path, 100_000, &bytes[100_000..]).await;
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
}

/// FAILURES 20: a PATCH hangs and the client comes back: HEAD takes over.
#[tokio::test]
async fn a_client_that_comes_back_takes_over_from_its_own_stuck_request() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(2, 1_000_000);
    let path = tus.create(&bytes).await;
    let _stuck = begin_patch(&server, &tus, &path, 0, &bytes, 600_000).await;
    eventually("some of it is spooled", || async { (spooled(&server) >= 512 * 1024).then_some(()) }).await;

    let locked = refusal(tus.patch(&path, 600_000, b"x").await).await;
    assert_eq!(locked, (423, "upload_locked".to_owned()));
    let at = tus.offset(&path).await;
    assert!((512 * 1024..=600_000).contains(&at), "{at}");
    let answer = tus.patch(&path, at, &bytes[at..]).await;
    assert_eq!(answer.status(), 204);
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
}

/// FAILURES 20: two clients PATCH the same upload.
#[tokio::test]
async fn two_clients_that_send_the_same_upload_make_one_whole_photo() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(3, 2_000_000);
    let path = tus.create(&bytes).await;
    let client = || async {
        // Each does what a client does: ask, send from there, ask again.
        for _ in 0..200 {
            let head = tus.head(&path).await;
            if header(&head, "picup-photo-id").is_some() {
                return photo_of(&head);
            }
            let Some(at) = header(&head, "upload-offset").and_then(|at| at.parse::<usize>().ok()) else {
                continue;
            };
            let end = (at + 150_000).min(bytes.len());
            // A connection taken over may be cut: the next round asks.
            if let Ok(answer) = tus.piece(&path, at, &bytes[at..end]).send().await {
                assert!([204, 400, 409, 423].contains(&answer.status().as_u16()), "{}", answer.status());
            }
        }
        panic!("the upload never completes");
    };
    let (one, other) = tokio::join!(client(), client());
    assert_eq!(one, other);
    assert!(original(&people.owner, one).await == bytes);
}

/// FAILURES 27: two uploads at once near the quota.
#[tokio::test]
async fn uploads_at_once_never_exceed_the_quota() {
    let server = TestServer::builder().config("[limits]\nquota_bytes = 1000000").start().await;
    let (owner, ..) = newcomer(&server.base_url()).await;
    let family = owner.me().await.unwrap().families[0].id;
    let tus = Tus::with(server.base_url(), &owner, family).await;
    // Ten of 300 kB pass the early check together; three fit.
    let files: Vec<_> = (0..10).map(|seed| large_photo(seed, 300_000)).collect();
    let paths = futures::future::join_all(files.iter().map(|bytes| tus.create(bytes))).await;
    let sent =
        futures::future::join_all(paths.iter().zip(&files).map(|(path, bytes)| tus.patch(path, 0, bytes)))
            .await;
    let mut accepted = 0;
    for answer in sent {
        match answer.status().as_u16() {
            204 => accepted += 1,
            _ => assert_eq!(refusal(answer).await, (413, "quota_exceeded".to_owned())),
        }
    }
    assert_eq!(accepted, 3);
    let usage = owner.usage(family).await.unwrap();
    assert_eq!((usage.usage_bytes, usage.photos), (900_000, 3));
    // The refused bytes leave the store again.
    let originals = server.main_dir().join("originals");
    eventually("refused bytes are removed", || async { (files_under(&originals) == 3).then_some(()) }).await;
}

fn files_under(directory: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    entries.flatten().map(|entry| if entry.path().is_dir() { files_under(&entry.path()) } else { 1 }).sum()
}

#[tokio::test]
async fn an_upload_goes_on_after_the_server_died() {
    let mut server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(4, 1_200_000);
    let path = tus.create(&bytes).await;
    assert_eq!(tus.patch(&path, 0, &bytes[..500_000]).await.status(), 204);
    server.restart().await;
    assert_eq!(tus.offset(&path).await, 500_000);
    let answer = tus.patch(&path, 500_000, &bytes[500_000..]).await;
    assert_eq!(answer.status(), 204, "{:?}", answer.text().await);
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
}

#[tokio::test]
async fn an_upload_nobody_continues_expires_and_leaves_nothing() {
    let mut server = TestServer::builder().config("[limits]\nupload_expiry_hours = 1").start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(5, 10_000);
    let path = tus.create(&bytes).await;
    tus.patch(&path, 0, &bytes[..5000]).await;
    server.stop().await;
    age_uploads(&server).await;
    server.start_again().await;
    let gone = eventually("the upload is removed", || async {
        let status = tus.head(&path).await.status().as_u16();
        assert!([410, 404].contains(&status), "{status}");
        (spooled(&server) == 0 && status == 404).then_some(())
    });
    gone.await;
}

/// As if two hours had passed.
async fn age_uploads(server: &TestServer) {
    use sqlx::{Connection, SqliteConnection};
    const AGE: &str = "UPDATE uploads SET expires_at = expires_at - 7200000";
    if let Some(databases) = server.databases() {
        databases.server.sql(&format!("USE library; {AGE}")).await;
        return;
    }
    let url = format!("sqlite://{}", server.data_dir().join("library.db").display());
    let mut library = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(AGE).execute(&mut library).await.unwrap();
    library.close().await.unwrap();
}

/// FAILURES 29: the spool's disk is full; what fits is kept, and the upload goes on when there is room.
#[tokio::test]
async fn a_full_spool_answers_507_and_loses_nothing() {
    let mut server = TestServer::start().await;
    server.stop().await;
    let Some(spool) = SmallDisk::mount(&server.data_dir().join("spool")) else { return };
    server.start_again().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(6, 5_000_000);
    let path = tus.create(&bytes).await;
    assert_eq!(tus.patch(&path, 0, &bytes[..100_000]).await.status(), 204);
    let full = (507, "storage_full".to_owned());
    assert_eq!(refusal(tus.patch(&path, 100_000, &bytes[100_000..]).await).await, full);
    let at = tus.offset(&path).await;
    assert!((100_000..=2_097_152).contains(&at), "{at}");
    // Others are told the same, and what needs no room still works.
    assert_eq!(people.owner.usage(people.family).await.unwrap().photos, 0);

    spool.resize("32m");
    let answer = tus.patch(&path, at, &bytes[at..]).await;
    assert_eq!(answer.status(), 204);
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
    server.kill9().await;
}

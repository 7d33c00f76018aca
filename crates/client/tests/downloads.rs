//! Pictures into files: whole, or not at all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, time::Duration};

use picup_client::{Client, DownloadOptions, ErrorKind, RetryPolicy, Timeouts};
use picup_testkit::{
    script::{Heard, Reply, Script},
    sha256,
};

const FAST: RetryPolicy =
    RetryPolicy { attempts: 3, base: Duration::from_millis(20), cap: Duration::from_millis(100) };

fn client(script: &Script) -> Client {
    let timeouts = Timeouts { stall: Duration::from_millis(300), ..Timeouts::default() };
    Client::builder(script.url()).retry(FAST).timeouts(timeouts).build().unwrap()
}

fn picture() -> Vec<u8> {
    (0..200_000u32).map(|n| (n * 7 % 251) as u8).collect()
}

/// Says how long the picture is, and sends only a part of it.
fn cut_after(bytes: usize, body: &[u8], etag: &str) -> Reply {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\nETag: {etag}\r\n\r\n",
        body.len()
    );
    Reply::raw([head.as_bytes(), &body[..bytes]].concat())
}

fn rest_from(start: usize, body: &[u8], etag: &str) -> Reply {
    let range = format!("bytes {start}-{}/{}", body.len() - 1, body.len());
    let headers = [("Content-Type", "image/jpeg"), ("ETag", etag), ("Content-Range", range.as_str())];
    Reply::new(206, &headers, &body[start..])
}

fn start_of(request: &Heard) -> usize {
    let range = request.header("range").expect("asks for the rest");
    range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap()
}

fn holds_only(directory: &Path, names: &[&str]) -> bool {
    let found = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
    let mut found: Vec<_> = found.map(|name| name.into_string().unwrap()).collect();
    found.sort();
    found == names
}

#[tokio::test]
async fn a_download_cut_in_the_middle_goes_on_where_it_stopped() {
    let body = picture();
    let script = Script::start(move |nth, request| match nth {
        0 => cut_after(70_000, &body, "\"v1\""),
        _ => rest_from(start_of(request), &body, "\"v1\""),
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("a.jpg");
    let done =
        client(&script).download("/media/x/preview", &target, &DownloadOptions::default()).await.unwrap();
    assert_eq!((done.bytes, done.media_type.as_str()), (200_000, "image/jpeg"));
    assert_eq!(std::fs::read(&target).unwrap(), picture());
    assert!(holds_only(directory.path(), &["a.jpg"]));
    let second = &script.heard()[1];
    assert_eq!(second.header("if-range"), Some("\"v1\""));
    assert!(start_of(second) > 0);
}

#[tokio::test]
async fn two_versions_of_a_picture_are_never_glued_together() {
    let (old, new) = (picture(), vec![9; 150_000]);
    let expected = new.clone();
    let script = Script::start(move |nth, _| match nth {
        0 => cut_after(70_000, &old, "\"v1\""),
        _ => Reply::new(200, &[("Content-Type", "image/jpeg"), ("ETag", "\"v2\"")], &new),
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("a.jpg");
    client(&script).download("/media/x/preview", &target, &DownloadOptions::default()).await.unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), expected);
}

#[tokio::test]
async fn a_captive_portals_page_never_becomes_a_picture() {
    let script = Script::start(|_, _| Reply::new(200, &[("Content-Type", "text/html")], b"<html>")).await;
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("a.jpg");
    std::fs::write(&target, b"the picture of yesterday").unwrap();
    let error = client(&script).download("/media/x/preview", &target, &DownloadOptions::default()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::CaptivePortal);
    assert_eq!(std::fs::read(&target).unwrap(), b"the picture of yesterday");
}

#[tokio::test]
async fn bytes_of_another_digest_are_thrown_away() {
    let script =
        Script::start(|_, _| Reply::new(200, &[("Content-Type", "image/jpeg")], b"other bytes")).await;
    let directory = tempfile::tempdir().unwrap();
    let options = DownloadOptions { sha256: Some(sha256(b"the bytes")), max_bytes: None };
    let error =
        client(&script).download("/media/x/original", &directory.path().join("a.jpg"), &options).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Corrupt);
    assert!(holds_only(directory.path(), &[]));
}

#[tokio::test]
async fn a_part_left_by_a_power_cut_is_continued_when_its_digest_is_known() {
    let body = picture();
    let script = Script::start(move |_, request| rest_from(start_of(request), &body, "\"v1\"")).await;
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("a.mp4");
    std::fs::write(directory.path().join("a.mp4.part"), &picture()[..120_000]).unwrap();
    let options = DownloadOptions { sha256: Some(sha256(&picture())), max_bytes: None };
    client(&script).download("/media/x/original", &target, &options).await.unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), picture());
    assert_eq!(start_of(&script.heard()[0]), 120_000);
}

#[tokio::test]
async fn a_file_longer_than_allowed_is_refused_before_it_fills_the_disk() {
    let body = picture();
    let script = Script::start(move |_, _| Reply::new(200, &[("Content-Type", "image/jpeg")], &body)).await;
    let directory = tempfile::tempdir().unwrap();
    let options = DownloadOptions { sha256: None, max_bytes: Some(1000) };
    let error = client(&script).download("/media/x/preview", &directory.path().join("a.jpg"), &options).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Corrupt);
    assert_eq!(script.heard().len(), 1);
}

#[tokio::test]
async fn a_body_without_a_length_is_not_trusted() {
    let script = Script::start(|_, _| {
        Reply::raw(*b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\n\r\nhalf a pic")
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("a.jpg");
    let error = client(&script).download("/media/x/preview", &target, &DownloadOptions::default()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Unreadable);
    assert!(!target.exists());
}

//! The tus protocol.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use picup_api::{FamilyId, Sha256Digest};
use picup_testkit::{TestServer, photos, sha256};
use reqwest::{Method, RequestBuilder, Response};
use tokio::io::AsyncWriteExt;

use crate::stage::Stage;

const UPLOADS: &str = "/v1/uploads";

pub(crate) fn metadata(family: FamilyId, digest: Sha256Digest) -> String {
    let entries =
        [("filename", "a.jpg".to_owned()), ("family", family.to_string()), ("sha256", digest.to_string())];
    entries.map(|(key, value)| format!("{key} {}", BASE64_STANDARD.encode(value))).join(",")
}

async fn creation(stage: &Stage, length: u64, digest: Sha256Digest) -> RequestBuilder {
    let request = stage.request_as(&stage.people.owner, Method::POST, UPLOADS).await;
    let request = request.header("upload-length", length);
    request.header("upload-metadata", metadata(stage.people.family, digest))
}

/// The path of an upload for these bytes, or for as many.
async fn begin(stage: &Stage, length: usize, digest: Sha256Digest) -> String {
    let request = creation(stage, length as u64, digest).await.header("tus-resumable", "1.0.0");
    let response = request.send().await.unwrap();
    let location = response.headers()["location"].to_str().unwrap();
    stage.url(location).path().to_owned()
}

async fn piece(stage: &Stage, path: &str, offset: u64) -> RequestBuilder {
    let request = stage.request_as(&stage.people.owner, Method::PATCH, path).await;
    let request = request.header("tus-resumable", "1.0.0").header("upload-offset", offset);
    request.header("content-type", "application/offset+octet-stream")
}

pub(crate) async fn another_version(stage: &Stage) -> Response {
    let request = creation(stage, 100, sha256(b"")).await.header("tus-resumable", "0.2.0");
    request.send().await.unwrap()
}

pub(crate) async fn wrong_offset(stage: &Stage) -> Response {
    let path = begin(stage, 100, sha256(b"")).await;
    piece(stage, &path, 50).await.body(vec![1; 10]).send().await.unwrap()
}

pub(crate) async fn wrong_checksum(stage: &Stage) -> Response {
    let path = begin(stage, 100, sha256(b"")).await;
    let checksum = format!("sha256 {}", BASE64_STANDARD.encode(sha256(b"other").0));
    let request = piece(stage, &path, 0).await.header("upload-checksum", checksum);
    request.body(vec![1; 10]).send().await.unwrap()
}

pub(crate) async fn weak_checksum(stage: &Stage) -> Response {
    let path = begin(stage, 100, sha256(b"")).await;
    let request = piece(stage, &path, 0).await.header("upload-checksum", "md5 1B2M2Y8AsgTpgAmY7PhCfg==");
    request.body(vec![1; 10]).send().await.unwrap()
}

pub(crate) async fn wrong_digest(stage: &Stage) -> Response {
    let bytes = photos::jpeg(64, 48, 3);
    let path = begin(stage, bytes.len(), sha256(b"other")).await;
    piece(stage, &path, 0).await.body(bytes).send().await.unwrap()
}

pub(crate) async fn too_large(stage: &Stage) -> Response {
    let request = creation(stage, 1 << 40, sha256(b"")).await.header("tus-resumable", "1.0.0");
    request.send().await.unwrap()
}

pub(crate) async fn expired(stage: &Stage) -> Response {
    let path = begin(stage, 100, sha256(b"")).await;
    stage.meddle("library.db", "UPDATE uploads SET expires_at = 1 WHERE photo_id IS NULL").await;
    piece(stage, &path, 0).await.body(vec![1; 10]).send().await.unwrap()
}

/// The first one hangs in the middle of its bytes. Which one is first shows in the answer: tried with more and more
/// time between them.
pub(crate) async fn two_at_once(stage: &Stage) -> Response {
    for tries in 1..50 {
        let path = begin(stage, 100, sha256(b"")).await;
        let _hanging = hang(stage, &path).await;
        tokio::time::sleep(tries * std::time::Duration::from_millis(50)).await;
        let response = piece(stage, &path, 0).await.body(Vec::new()).send().await.unwrap();
        if response.status() == 423 {
            return response;
        }
    }
    panic!("two requests wrote to one upload");
}

/// Sends ten of a hundred bytes.
async fn hang(stage: &Stage, path: &str) -> tokio::net::TcpStream {
    let token = stage.people.owner.access_token().await.unwrap();
    let mut hanging = tokio::net::TcpStream::connect(stage.server.addr()).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\n\
         Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 100\r\n\r\nten bytes."
    );
    hanging.write_all(head.as_bytes()).await.unwrap();
    hanging
}

pub(crate) async fn over_quota() -> Response {
    let server = TestServer::builder().config("[limits]\nquota_bytes = 1000\n").start().await;
    let people = server.family().await;
    let request = reqwest::Client::new().post(server.base_url().join(UPLOADS).unwrap());
    let request =
        request.bearer_auth(people.owner.access_token().await.unwrap()).header("tus-resumable", "1.0.0");
    let request = request.header("upload-length", 2000);
    request.header("upload-metadata", metadata(people.family, sha256(b""))).send().await.unwrap()
}

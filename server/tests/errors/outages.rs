//! What only a bad day brings: injected.

use std::time::Duration;

use picup_testkit::{People, TestServer, photos, sha256};
use reqwest::{Method, Response};
use serde_json::json;
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

use crate::{stage::Stage, uploads::metadata};

/// Sends a file in one creation and one piece; the answer to the piece.
async fn send(server: &TestServer, people: &People, bytes: Vec<u8>) -> Response {
    let http = reqwest::Client::new();
    let token = people.owner.access_token().await.unwrap();
    let tus = |method, path: &str| {
        let request = http.request(method, server.base_url().join(path).unwrap());
        request.bearer_auth(&token).header("tus-resumable", "1.0.0")
    };
    let request = tus(Method::POST, "/v1/uploads").header("upload-length", bytes.len());
    let request = request.header("upload-metadata", metadata(people.family, sha256(&bytes)));
    let response = request.send().await.unwrap();
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let request = tus(Method::PATCH, &location).header("upload-offset", 0);
    let request = request.header("content-type", "application/offset+octet-stream");
    request.body(bytes).send().await.unwrap()
}

/// FAILURES 21: an empty mount point where the photos were.
pub(crate) async fn store_not_mounted() -> Response {
    let server = TestServer::start().await;
    let people = server.family().await;
    let main = server.data_dir().join("blobs");
    std::fs::rename(&main, server.data_dir().join("blobs-unmounted")).unwrap();
    std::fs::create_dir(&main).unwrap();
    let response = send(&server, &people, photos::jpeg(64, 48, 4)).await;
    assert_eq!(std::fs::read_dir(&main).unwrap().count(), 0, "bytes landed under an empty mount point");
    response
}

/// FAILURES 29: a disk of 24 MB that is full before the file is whole.
pub(crate) async fn full_disk() -> Response {
    let server = TestServer::builder().small_disk(24 << 20).start().await;
    let people = server.family().await;
    let mut bytes = photos::jpeg(64, 48, 5);
    // The server reads 16 MB of what it has refused; unread bytes beyond could reset the connection before its answer.
    bytes.resize(30 << 20, 1);
    let response = send(&server, &people, bytes).await;
    assert!(people.owner.me().await.is_ok(), "the server did not survive");
    response
}

/// Somebody else holds the database's write lock for longer than the server waits.
pub(crate) async fn locked_database() -> Response {
    let server = TestServer::start().await;
    let people = server.family().await;
    let token = people.owner.access_token().await.unwrap();
    let options = SqliteConnectOptions::new().filename(server.data_dir().join("library.db"));
    let mut connection = options.connect().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
    let path = format!("/v1/families/{}/albums", people.family);
    let request = reqwest::Client::new().post(server.base_url().join(&path).unwrap());
    let response = request.bearer_auth(token).json(&json!({ "title": "Sea" })).send().await.unwrap();
    sqlx::query("ROLLBACK").execute(&mut connection).await.unwrap();
    response
}

/// More passwords at once than may wait for a hash.
pub(crate) async fn flood_of_sign_ins(stage: &Stage) -> Response {
    let body = json!({ "email": stage.people.owner_email, "password": "a wrong password", "client": "app" });
    let attempts = (0..300).map(|_| stage.post("/v1/auth/signin", &body));
    let flood = futures::future::join_all(attempts);
    let answers = tokio::time::timeout(Duration::from_secs(120), flood).await.unwrap();
    answers.into_iter().find(|answer| answer.status() == 503).expect("three hundred passwords waited")
}

/// A database that is not the one this build made.
pub(crate) async fn lost_table(stage: &Stage) -> Response {
    stage.meddle("library.db", "ALTER TABLE comments RENAME TO comments_of_another_build").await;
    stage.get_as(&stage.people.owner, &format!("/v1/photos/{}/comments", stage.photo)).await
}

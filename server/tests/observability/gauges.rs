//! What waits, what is missing and who is away shows in the gauges, and stops showing when it is over.

use std::fs;

use picup_testkit::{People, TestServer, daemons::MariaDbPair, eventually};
use sqlx::{Connection, SqliteConnection};
use uuid::Uuid;

use crate::{
    photo,
    scrape::{Scrape, until},
};

#[tokio::test]
async fn a_store_that_is_not_mounted_shows_until_it_is_back_and_has_its_copies() {
    let server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    people.upload(&photo(1), "sea.jpg").await;
    until(&server, "blob_store_up", &[("store", "backup")], 1.0).await;
    until(&server, "copies", &[("store", "backup"), ("state", "present")], 1.0).await;

    let (marker, aside) = (server.backup_dir().join(".picup-store"), server.directory().join("aside"));
    fs::rename(&marker, &aside).unwrap();
    people.upload(&photo(2), "sea.jpg").await;
    until(&server, "blob_store_up", &[("store", "backup")], 0.0).await;
    until(&server, "copies", &[("store", "backup"), ("state", "missing")], 1.0).await;
    let seen = Scrape::of(&server).await;
    assert_eq!(seen.value("blob_store_up", &[("store", "main")]), Some(1.0));
    assert_eq!(seen.value("copies", &[("store", "main"), ("state", "missing")]), Some(0.0));
    let failed = [("store", "backup"), ("operation", "put"), ("error", "unavailable")];
    assert!(seen.value("blob_errors_total", &failed).unwrap() >= 1.0);

    fs::rename(&aside, &marker).unwrap();
    until(&server, "blob_store_up", &[("store", "backup")], 1.0).await;
    until(&server, "copies", &[("store", "backup"), ("state", "missing")], 0.0).await;
    until(&server, "copies", &[("store", "backup"), ("state", "present")], 2.0).await;
}

#[tokio::test]
async fn jobs_that_wait_and_dead_ones_show() {
    // One was given up; the other one somebody has taken, and will not give back.
    let server = TestServer::builder().own_databases().start().await;
    let url = format!("sqlite://{}", server.data_dir().join("library.db").display());
    let mut library = SqliteConnection::connect(&url).await.unwrap();
    let hours_ago =
        i64::try_from(Uuid::now_v7().get_timestamp().unwrap().to_unix().0 * 1000).unwrap() - 7_200_000;
    for (state, leased_until) in [("dead", 0_i64), ("waiting", 1_i64 << 60)] {
        sqlx::query("INSERT INTO jobs (id, kind, payload, state, run_at, leased_until, created_at) VALUES (?, 'old', '{}', ?, ?, ?, 0)")
            .bind(Uuid::now_v7())
            .bind(state)
            .bind(hours_ago)
            .bind(leased_until)
            .execute(&mut library)
            .await
            .unwrap();
    }
    let of_library = [("database", "library")];
    until(&server, "jobs_dead", &of_library, 1.0).await;
    until(&server, "jobs_waiting", &of_library, 1.0).await;
    until(&server, "jobs_dead", &[("database", "accounts")], 0.0).await;
    // The one of two hours ago is somebody's; the server's own are due for a moment.
    until(&server, "jobs_oldest_due_seconds", &of_library, 0.0).await;
}

#[tokio::test]
async fn a_listener_and_an_unfinished_upload_show_until_they_go() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let token = people.owner.access_token().await.unwrap();
    let http = reqwest::Client::new();
    let events =
        http.get(server.base_url().join("/v1/events").unwrap()).bearer_auth(&token).send().await.unwrap();
    let upload = crate::traces::create_upload(&server, &people, &token, 1000)
        .header("content-type", "application/offset+octet-stream");
    assert_eq!(upload.body("half of it").send().await.unwrap().status(), 201);
    until(&server, "event_listeners", &[], 1.0).await;
    until(&server, "uploads_under_way", &[], 1.0).await;
    until(&server, "spool_bytes", &[], 10.0).await;
    let seen = Scrape::of(&server).await;
    let (free, size) = (
        seen.value("spool_disk_free_bytes", &[]).unwrap(),
        seen.value("spool_disk_size_bytes", &[]).unwrap(),
    );
    assert!(0.0 < free && free < size, "{free} of {size}");
    drop(events);
    until(&server, "event_listeners", &[], 0.0).await;
}

async fn timeline(people: &People) {
    people.owner.timeline(people.family).await.unwrap();
}

#[tokio::test]
async fn a_stopped_replica_shows_as_left_out_and_a_dead_primary_as_away() {
    let mut pair = MariaDbPair::start().await;
    let server = TestServer::builder().own_databases().config(&pair.config()).start().await;
    let people = server.family().await;
    let replica = pair.replica.address().to_string();
    let of_replica = [("database", "library"), ("replica", replica.as_str())];
    until(&server, "sql_replica_left_out", &of_replica, 0.0).await;
    until(&server, "sql_replica_lag_seconds", &of_replica, 0.0).await;
    until(&server, "sql_primary_away", &[("database", "library")], 0.0).await;

    pair.replica.sql("STOP SLAVE").await;
    until(&server, "sql_replica_left_out", &of_replica, 1.0).await;
    let lag = Scrape::of(&server).await.value("sql_replica_lag_seconds", &of_replica);
    assert!(lag.unwrap().is_nan(), "nobody knows: {lag:?}");
    pair.replica.sql("START SLAVE").await;
    until(&server, "sql_replica_left_out", &of_replica, 0.0).await;
    eventually("reads by the replica are counted as its own", async || {
        timeline(&people).await;
        let reads = [("database", "library"), ("server", "replica"), ("operation", "read")];
        (Scrape::of(&server).await.value("sql_seconds_count", &reads)? > 0.0).then_some(())
    })
    .await;

    pair.primary.kill9();
    until(&server, "sql_primary_away", &[("database", "library")], 1.0).await;
    pair.primary.start_again().await;
    until(&server, "sql_primary_away", &[("database", "library")], 0.0).await;
}

//! A primary and a replica, both real: who reads where, and what goes on while one of them is away.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use picup_client::Client;
use picup_testkit::{People, TestServer, daemons::MariaDbPair, eventually, photos};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

async fn server_on(pair: &MariaDbPair) -> TestServer {
    TestServer::builder().own_databases().config(&pair.config()).start().await
}

/// SELECTs the replica has answered.
async fn answered(pair: &MariaDbPair) -> u64 {
    let row = pair.replica.sql("SHOW GLOBAL STATUS LIKE 'Com_select'").await;
    row.split_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn photos_in_timeline(client: &Client, people: &People) -> u64 {
    client.timeline(people.family).await.unwrap().months.iter().map(|month| month.photos).sum()
}

/// Once, not tried again as our own client would.
async fn create_album(server: &TestServer, people: &People, token: &str) -> Response {
    let url = server.base_url().join(&format!("/v1/families/{}/albums", people.family)).unwrap();
    reqwest::Client::new().post(url).bearer_auth(token).json(&json!({ "title": "Sea" })).send().await.unwrap()
}

#[tokio::test]
async fn a_replica_answers_what_may_be_stale() {
    let pair = MariaDbPair::start().await;
    let server = server_on(&pair).await;
    let people = server.family().await;
    people.upload(&photos::jpeg(64, 48, 1), "sea.jpg").await;
    let before = answered(&pair).await;
    for _ in 0..40 {
        assert_eq!(photos_in_timeline(&people.owner, &people).await, 1);
    }
    let answered = answered(&pair).await - before;
    assert!(answered >= 40, "the replica answered {answered} of 40 timelines");
}

#[tokio::test]
async fn a_member_sees_its_own_last_write_while_the_replica_is_an_hour_behind() {
    let pair = MariaDbPair::start().await;
    let server = server_on(&pair).await;
    let people = server.family().await;
    pair.replica.sql("STOP SLAVE; CHANGE MASTER TO MASTER_DELAY=3600; START SLAVE").await;
    people.upload(&photos::jpeg(64, 48, 1), "sea.jpg").await;
    assert_eq!(photos_in_timeline(&people.owner, &people).await, 1);
}

#[tokio::test]
async fn a_broken_replica_is_left_out_and_taken_back() {
    let pair = MariaDbPair::start().await;
    let server = server_on(&pair).await;
    let people = server.family().await;
    pair.replica.sql("STOP SLAVE SQL_THREAD").await;
    people.upload(&photos::jpeg(64, 48, 1), "sea.jpg").await;
    assert_eq!(photos_in_timeline(&people.owner, &people).await, 1);
    pair.replica.sql("START SLAVE SQL_THREAD").await;
    eventually("the replica answers again", async || {
        let before = answered(&pair).await;
        for _ in 0..10 {
            photos_in_timeline(&people.owner, &people).await;
        }
        (answered(&pair).await - before >= 10).then_some(())
    })
    .await;
}

#[tokio::test]
async fn failure_23_reads_go_on_and_writes_are_put_off_while_the_primary_is_down() {
    let mut pair = MariaDbPair::start().await;
    let server = server_on(&pair).await;
    let people = server.family().await;
    let photo = people.upload(&photos::jpeg(64, 48, 1), "sea.jpg").await;
    let token = people.owner.access_token().await.unwrap();
    // What the replica has not got when the primary dies, it cannot show.
    let place = pair.primary.sql("SELECT @@gtid_binlog_pos").await;
    assert_eq!(pair.replica.sql(&format!("SELECT MASTER_GTID_WAIT('{place}', 60)")).await, "0");

    pair.primary.kill9();
    assert_eq!(people.owner.photo(photo).await.unwrap().id, photo);
    assert_eq!(photos_in_timeline(&people.owner, &people).await, 1);
    let refused = create_album(&server, &people, &token).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "database_unavailable");

    pair.primary.start_again().await;
    eventually("writes go on by themselves", async || {
        let answer = create_album(&server, &people, &token).await;
        (answer.status() == StatusCode::CREATED).then_some(())
    })
    .await;
}

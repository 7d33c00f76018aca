//! A primary and a replica, both real: who reads where, and what goes on while one of them is away.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use picup_client::Client;
use picup_testkit::{People, TestServer, daemons::MariaDb, eventually, photos};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

/// A primary of both databases, and a replica that follows it.
struct Pair {
    primary: MariaDb,
    replica: MariaDb,
}

impl Pair {
    async fn start() -> Self {
        let primary = MariaDb::builder().server_id(1).start().await;
        let replica = MariaDb::builder().server_id(2).start().await;
        let follow = format!(
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={}, MASTER_USER='picup', \
             MASTER_PASSWORD='picup', MASTER_CONNECT_RETRY=1, MASTER_USE_GTID=slave_pos; START SLAVE",
            primary.address().port()
        );
        replica.sql(&follow).await;
        for database in ["accounts", "library"] {
            primary.database(database).await;
        }
        Self { primary, replica }
    }

    async fn server(&self) -> TestServer {
        let database = |name: &str| {
            format!(
                "[databases.{name}]\nprimary = \"{}\"\nreplicas = [\"{}\"]\n",
                self.primary.url(name),
                self.replica.url(name)
            )
        };
        // The variables of a run on another database would outrank this file.
        let config = database("accounts") + &database("library");
        TestServer::builder().own_databases().config(&config).start().await
    }

    /// SELECTs the replica has answered.
    async fn answered(&self) -> u64 {
        let row = self.replica.sql("SHOW GLOBAL STATUS LIKE 'Com_select'").await;
        row.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
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
    let pair = Pair::start().await;
    let server = pair.server().await;
    let people = server.family().await;
    people.upload(&photos::jpeg(64, 48, 1), "sea.jpg").await;
    let before = pair.answered().await;
    for _ in 0..40 {
        assert_eq!(photos_in_timeline(&people.owner, &people).await, 1);
    }
    let answered = pair.answered().await - before;
    assert!(answered >= 40, "the replica answered {answered} of 40 timelines");
}

#[tokio::test]
async fn a_member_sees_its_own_last_write_while_the_replica_is_an_hour_behind() {
    let pair = Pair::start().await;
    let server = pair.server().await;
    let people = server.family().await;
    pair.replica.sql("STOP SLAVE; CHANGE MASTER TO MASTER_DELAY=3600; START SLAVE").await;
    people.upload(&photos::jpeg(64, 48, 1), "sea.jpg").await;
    assert_eq!(photos_in_timeline(&people.owner, &people).await, 1);
}

#[tokio::test]
async fn a_broken_replica_is_left_out_and_taken_back() {
    let pair = Pair::start().await;
    let server = pair.server().await;
    let people = server.family().await;
    pair.replica.sql("STOP SLAVE SQL_THREAD").await;
    people.upload(&photos::jpeg(64, 48, 1), "sea.jpg").await;
    assert_eq!(photos_in_timeline(&people.owner, &people).await, 1);
    pair.replica.sql("START SLAVE SQL_THREAD").await;
    eventually("the replica answers again", async || {
        let before = pair.answered().await;
        for _ in 0..10 {
            photos_in_timeline(&people.owner, &people).await;
        }
        (pair.answered().await - before >= 10).then_some(())
    })
    .await;
}

#[tokio::test]
async fn failure_23_reads_go_on_and_writes_are_put_off_while_the_primary_is_down() {
    let mut pair = Pair::start().await;
    let server = pair.server().await;
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

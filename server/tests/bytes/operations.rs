//! `picup-server admin jobs`: what was given up can be seen, tried again, and dropped.

use picup_testkit::{TestServer, eventually};
use serde_json::Value;
use sqlx::{Connection, SqliteConnection};
use uuid::Uuid;

async fn admin(server: &TestServer, arguments: &[&str]) -> Value {
    let output = server.run(arguments).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn add_dead_job(server: &TestServer, payload: &str) -> Uuid {
    let url = format!("sqlite://{}", server.data_dir().join("library.db").display());
    let mut library = SqliteConnection::connect(&url).await.unwrap();
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO jobs (id, kind, payload, state, run_at, attempts, last_error, created_at) \
                 VALUES (?, 'scrub_copies', ?, 'dead', 0, 12, 'the disk was away', 0)",
    )
    .bind(id)
    .bind(payload)
    .execute(&mut library)
    .await
    .unwrap();
    library.close().await.unwrap();
    id
}

#[tokio::test]
async fn dead_jobs_are_listed_retried_and_dropped() {
    let server = TestServer::start().await;
    let good = add_dead_job(&server, r#"{"kind":"scrub_copies"}"#).await;
    let unwanted = add_dead_job(&server, r#"{"kind":"invented_tomorrow"}"#).await;
    let listed = admin(&server, &["admin", "jobs", "list"]).await;
    let ids: Vec<_> =
        listed["jobs"].as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [good.to_string(), unwanted.to_string()]);
    assert_eq!(listed["jobs"][0]["last_error"], "the disk was away");

    admin(&server, &["admin", "jobs", "drop", &unwanted.to_string()]).await;
    admin(&server, &["admin", "jobs", "retry", &good.to_string()]).await;
    let done = || async {
        let dead = admin(&server, &["admin", "jobs", "list"]).await;
        let waiting = admin(&server, &["admin", "jobs", "list", "--state", "waiting"]).await;
        let is_empty = |list: &Value| list["jobs"].as_array().unwrap().is_empty();
        (is_empty(&dead) && is_empty(&waiting)).then_some(())
    };
    eventually("the retried job ran", done).await;
    assert!(!server.run(&["admin", "jobs", "drop", &good.to_string()]).await.status.success());
}

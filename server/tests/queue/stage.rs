//! What the tests share: servers on either backend, and looks at their jobs.

use std::sync::Arc;

use picup_api::PhotoId;
use picup_client::Client;
use picup_server::{
    cache::{fanout::Fanout, last_write::LastWrite},
    store::{
        engine::Place,
        library::{self, LibraryStore},
    },
};
use picup_testkit::{People, TestServer, TestServerBuilder, daemons::RabbitMq, eventually, photos, rendered};
use serde_json::Value;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Notify;
use uuid::Uuid;

/// How workers hear of jobs.
pub(crate) struct Backend(Option<RabbitMq>);

impl Backend {
    pub(crate) fn tables() -> Self {
        Self(None)
    }

    pub(crate) async fn rabbitmq() -> Self {
        Self(Some(RabbitMq::start().await))
    }

    pub(crate) fn builder(&self) -> TestServerBuilder {
        match &self.0 {
            Some(rabbit) => TestServer::builder().queue(rabbit),
            None => TestServer::builder(),
        }
    }

    /// A home: all roles, and databases that are files.
    pub(crate) async fn home(&self) -> TestServer {
        self.builder().own_databases().start().await
    }

    /// A process of a cluster that only serves requests.
    pub(crate) async fn front(&self) -> TestServer {
        self.builder().mariadb().arg("--roles").arg("accounts,library").start().await
    }
}

pub(crate) async fn run(server: &TestServer, arguments: &[&str]) -> Value {
    let output = server.run(arguments).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `waiting` or `dead`, oldest first.
pub(crate) async fn jobs(server: &TestServer, state: &str) -> Vec<Value> {
    run(server, &["admin", "jobs", "list", "--state", state]).await["jobs"].as_array().unwrap().clone()
}

pub(crate) async fn job(server: &TestServer, state: &str, id: Uuid) -> Option<Value> {
    jobs(server, state).await.into_iter().find(|job| job["id"] == id.to_string())
}

pub(crate) async fn until_no_jobs(server: &TestServer) {
    let none = || async {
        (jobs(server, "waiting").await.is_empty() && jobs(server, "dead").await.is_empty()).then_some(())
    };
    eventually("all jobs are done", none).await;
}

/// A home's library, as one of its operations has it.
pub(crate) async fn library_of(server: &TestServer) -> LibraryStore {
    let place = Place::File(server.data_dir().join("library.db"));
    let (fanout, wake) = (Arc::new(Fanout::default()), Arc::new(Notify::new()));
    LibraryStore::open(&place, &library::SCHEMA, LastWrite::new("library", None), fanout, wake).await.unwrap()
}

/// A statement in a home's library. Answers how many rows it changed.
pub(crate) async fn in_library(server: &TestServer, statement: &'static str) -> u64 {
    let url = format!("sqlite://{}", server.data_dir().join("library.db").display());
    let mut library = SqliteConnection::connect(&url).await.unwrap();
    let done = sqlx::query(statement).execute(&mut library).await.unwrap();
    library.close().await.unwrap();
    done.rows_affected()
}

/// How many rows a home's table has.
pub(crate) async fn rows(server: &TestServer, database: &str, count: &'static str) -> i64 {
    let url = format!("sqlite://{}", server.data_dir().join(database).display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let rows = sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows
}

/// The sum of a counter's lines that have all the labels, such as `kind="render"`.
pub(crate) async fn counted(server: &TestServer, counter: &str, labels: &[&str]) -> u64 {
    let text = reqwest::get(server.admin_url().join("metrics").unwrap()).await.unwrap().text().await.unwrap();
    let lines = text.lines().filter(|line| line.starts_with(&format!("{counter}{{")));
    let meant = lines.filter(|line| labels.iter().all(|label| line.contains(label)));
    meant.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

/// Jobs a worker has finished well.
pub(crate) async fn done(server: &TestServer, kind: &str) -> u64 {
    counted(server, "jobs_total", &[&format!("kind=\"{kind}\""), "status=\"done\""]).await
}

pub(crate) async fn upload(people: &People, seeds: std::ops::Range<u64>) -> Vec<PhotoId> {
    let mut uploaded = Vec::new();
    for seed in seeds {
        uploaded.push(people.upload(&photos::jpeg(320, 240, seed), "sea.jpg").await);
    }
    uploaded
}

/// Waits until the pictures of all are made.
pub(crate) async fn until_ready(client: &Client, photos: &[PhotoId]) {
    for photo in photos {
        rendered(client, *photo).await;
    }
}

//! Server processes on one MariaDB, with one main store, and what else they may share.
//!
//! An upload belongs to the process that began it.

use std::path::{Path, PathBuf};

use picup_testkit::{
    TestServer,
    daemons::{MariaDb, Redis},
};
use tempfile::TempDir;

use crate::SETTINGS;

pub(crate) struct Cluster {
    primary: MariaDb,
    replica: MariaDb,
    redis: Redis,
    directory: TempDir,
}

/// What a server of it uses beside the primary.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) redis: bool,
    pub(crate) replica: bool,
}

impl Cluster {
    pub(crate) async fn start() -> Self {
        let memory = "innodb_buffer_pool_size=512M";
        let primary = MariaDb::builder().server_id(1).setting(memory).start().await;
        let replica = MariaDb::builder().server_id(2).setting(memory).start().await;
        let follow = format!(
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={}, MASTER_USER='picup', \
             MASTER_PASSWORD='picup', MASTER_CONNECT_RETRY=1, MASTER_USE_GTID=slave_pos",
            primary.address().port()
        );
        replica.sql(&follow).await;
        for database in ["accounts", "library"] {
            primary.database(database).await;
        }
        let directory = tempfile::Builder::new().prefix("picup-load-").tempdir().unwrap();
        Self { primary, replica, redis: Redis::start().await, directory }
    }

    /// The process of that number, which has its data again when it was there before.
    pub(crate) async fn server(&self, number: usize, form: &Form) -> TestServer {
        // Its work is nobody's loss until somebody reads it.
        self.replica.sql(if form.replica { "START SLAVE" } else { "STOP SLAVE" }).await;
        if form.replica {
            let written = self.primary.sql("SELECT @@gtid_binlog_pos").await;
            self.replica.sql(&format!("SELECT MASTER_GTID_WAIT('{written}', 300)")).await;
        }
        let data = self.data(number);
        if number > 0 && !data.exists() {
            copy_keys(&self.data(0), &data);
        }
        let config = self.config(form);
        TestServer::builder().own_databases().config(&config).data_dir(data).start().await
    }

    fn data(&self, number: usize) -> PathBuf {
        self.directory.path().join(format!("data-{number}"))
    }

    fn config(&self, form: &Form) -> String {
        let database = |name: &str| {
            let replicas = if form.replica { format!("{:?}", self.replica.url(name)) } else { String::new() };
            let primary = self.primary.url(name);
            format!("[databases.{name}]\nprimary = {primary:?}\nreplicas = [{replicas}]\n")
        };
        let store = |name: &str| {
            let path = self.directory.path().join(name);
            std::fs::create_dir_all(&path).unwrap();
            format!("[storage.{name}]\npath = {path:?}\n")
        };
        let cache =
            if form.redis { format!("[cache]\nurl = {:?}\n", self.redis.url()) } else { String::new() };
        [SETTINGS, &database("accounts"), &database("library"), &store("main"), &store("backup"), &cache]
            .concat()
    }
}

/// Processes of one installation have one master key.
fn copy_keys(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.join("keys")).unwrap();
    std::fs::copy(from.join("keys/master.json"), to.join("keys/master.json")).unwrap();
}

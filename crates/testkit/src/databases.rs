//! The databases of one test: files, or with `PICUP_TEST_DATABASES=mariadb` a real MariaDB of its own.
//!
//! The tests of a home are the same for both; only this asks.

use std::{fs, path::Path};

use crate::daemons::MariaDb;

pub struct TestDatabases {
    pub accounts: String,
    pub library: String,
    pub server: MariaDb,
}

impl TestDatabases {
    /// None for files. Panics for a word it does not know: a misspelt one would test nothing.
    pub async fn from_environment() -> Option<Self> {
        match std::env::var("PICUP_TEST_DATABASES").as_deref() {
            Err(_) | Ok("files") => None,
            Ok("mariadb") => Some(Self::start().await),
            Ok(other) => panic!("PICUP_TEST_DATABASES is files or mariadb, not {other}"),
        }
    }

    pub async fn start() -> Self {
        let server = MariaDb::start().await;
        let (accounts, library) = (server.database("accounts").await, server.database("library").await);
        Self { accounts, library, server }
    }

    /// A replica of both, following from the first commit on.
    pub async fn replicate(&self) -> MariaDb {
        let replica = MariaDb::builder().server_id(2).start().await;
        let port = self.server.address().port();
        let follow = format!(
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={port}, MASTER_USER='picup', \
             MASTER_PASSWORD='picup', MASTER_CONNECT_RETRY=1, MASTER_USE_GTID=slave_pos; START SLAVE"
        );
        replica.sql(&follow).await;
        replica
    }

    /// Whether the bytes are anywhere in what the server keeps of ours: both databases' tables, the binary log.
    pub fn hold(&self, needle: &str) -> bool {
        let data = self.server.directory().join("data");
        let entries = fs::read_dir(&data).unwrap().flatten();
        let ours = entries.filter(|entry| {
            let name = entry.file_name().into_string().unwrap_or_default();
            name == "accounts" || name == "library" || name.starts_with("binlog.0")
        });
        ours.map(|entry| entry.path()).any(|path| holds(&path, needle))
    }

    /// For the environment of `picup-server`.
    pub fn settings(&self) -> [(String, String); 2] {
        [
            ("PICUP__DATABASES__ACCOUNTS__PRIMARY".into(), self.accounts.clone()),
            ("PICUP__DATABASES__LIBRARY__PRIMARY".into(), self.library.clone()),
        ]
    }
}

fn holds(path: &Path, needle: &str) -> bool {
    if path.is_dir() {
        return fs::read_dir(path).unwrap().flatten().any(|entry| holds(&entry.path(), needle));
    }
    fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle.as_bytes())
}

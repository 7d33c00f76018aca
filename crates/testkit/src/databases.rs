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

    /// Whether the bytes are anywhere in the server's files: tables, logs, binary log.
    pub fn hold(&self, needle: &str) -> bool {
        files_hold(self.server.directory(), needle)
    }

    /// For the environment of `picup-server`.
    pub fn settings(&self) -> [(String, String); 2] {
        [
            ("PICUP__DATABASES__ACCOUNTS__PRIMARY".into(), self.accounts.clone()),
            ("PICUP__DATABASES__LIBRARY__PRIMARY".into(), self.library.clone()),
        ]
    }
}

/// Sockets and files that vanish meanwhile hold nothing.
fn files_hold(directory: &Path, needle: &str) -> bool {
    fs::read_dir(directory).into_iter().flatten().flatten().any(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => files_hold(&entry.path(), needle),
        Ok(kind) if kind.is_file() => fs::read(entry.path())
            .is_ok_and(|bytes| bytes.windows(needle.len()).any(|window| window == needle.as_bytes())),
        _ => false,
    })
}

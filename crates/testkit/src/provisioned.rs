//! MariaDB servers that run with the files of `provisioning/mariadb`, and its scripts, as they are.

use std::{
    path::{Path, PathBuf},
    process::Output,
};

use crate::daemons::MariaDb;

/// Where the scripts are.
pub fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../provisioning/mariadb").canonicalize().unwrap()
}

/// A server that runs with the named files of `provisioning/mariadb`.
pub async fn server(server_id: u32, domain_id: u32, files: &[&str]) -> MariaDb {
    let builder = MariaDb::builder().server_id(server_id).domain_id(domain_id);
    let builder = files.iter().fold(builder, |builder, file| builder.config_file(scripts().join(file)));
    let server = builder.start().await;
    std::fs::write(client_file(&server), client(&server)).unwrap();
    server
}

/// What an administrator keeps beside the scripts.
fn client(server: &MariaDb) -> String {
    let port = server.address().port();
    format!("[client]\nhost=127.0.0.1\nport={port}\nuser=picup\npassword=picup\n")
}

/// Names the server to the scripts.
pub fn client_file(server: &MariaDb) -> PathBuf {
    server.directory().join("client.cnf")
}

/// A script's arguments; a server stands for its client file.
pub struct Script(tokio::process::Command);

impl Script {
    pub fn new(name: &str) -> Self {
        let mut command = tokio::process::Command::new(scripts().join(name));
        command.env("PICUP_DB_PASSWORD", "picup").env("REPLICATION_PASSWORD", "replication");
        Self(command)
    }

    pub fn server(mut self, server: &MariaDb) -> Self {
        self.0.arg(client_file(server));
        self
    }

    pub fn word(mut self, word: &str) -> Self {
        self.0.arg(word);
        self
    }

    /// Where other servers reach this one.
    pub fn address(self, server: &MariaDb) -> Self {
        self.word("127.0.0.1").word(&server.address().port().to_string())
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub async fn output(mut self) -> Output {
        self.0.output().await.unwrap()
    }

    pub async fn succeeds(self) {
        let output = self.output().await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Answers its reason.
    pub async fn refuses(self) -> String {
        let output = self.output().await;
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    }
}

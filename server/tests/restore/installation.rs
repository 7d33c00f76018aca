//! A cluster with everything it needs, what is left of it, and what becomes of that.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use picup_testkit::{
    S3Server, TestServer,
    daemons::MariaDb,
    provisioned::{Script, client_file, scripts, server},
};
use tempfile::TempDir;

use crate::runbook;

const ACCOUNTS: u32 = 1;
const LIBRARY: u32 = 2;

/// Photos in S3 and on a disk; two primaries, a replica, and the server that backs up both.
pub(crate) struct Installation {
    pub(crate) server: TestServer,
    accounts: MariaDb,
    library: MariaDb,
    replica: MariaDb,
    bucket: S3Server,
    left: Left,
}

/// What survives: the backup server, the backup store, and the copy of the master key.
pub(crate) struct Left {
    backup: MariaDb,
    /// `photos` is the backup store; the rest is what somebody restoring has at hand.
    directory: TempDir,
}

pub(crate) struct Restored {
    pub(crate) server: TestServer,
    databases: [MariaDb; 3],
    _bucket: S3Server,
    left: Left,
}

impl Installation {
    pub(crate) async fn start() -> Self {
        let accounts = server(11, ACCOUNTS, &["primary.cnf"]).await;
        let library = server(21, LIBRARY, &["primary.cnf"]).await;
        for (primary, database) in [(&accounts, "accounts"), (&library, "library")] {
            Script::new("setup-primary.sh").server(primary).word(database).succeeds().await;
        }
        let replica = server(22, LIBRARY, &["primary.cnf", "replica.cnf"]).await;
        let follow = Script::new("setup-replica.sh").server(&library).server(&replica);
        follow.address(&library).succeeds().await;
        let backup = server(91, 9, &["backup.cnf"]).await;
        for (primary, database) in [(&accounts, "accounts"), (&library, "library")] {
            let follow = Script::new("setup-backup.sh").server(&backup).word(database).server(primary);
            follow.word(database).address(primary).succeeds().await;
        }
        let left = Left { backup, directory: tempfile::tempdir().unwrap() };
        fs::create_dir(left.photos()).unwrap();
        let bucket = S3Server::start().await;
        let config = left.config(&accounts, &library, &bucket);
        let server = TestServer::builder().own_databases().config(&config).start().await;
        let kept = server.data_dir().join("keys/master.json");
        fs::copy(kept, left.directory.path().join("master.json")).unwrap();
        Self { server, accounts, library, replica, bucket, left }
    }

    /// Killed; the backup server had time to receive what was written until then. Then everything else is deleted.
    pub(crate) async fn destroy(mut self) -> Left {
        self.server.kill9().await;
        for primary in [&self.accounts, &self.library] {
            self.left.receive_from(primary).await;
        }
        let Self { server, accounts, library, replica, bucket, left } = self;
        let lost = server.data_dir();
        drop((server, accounts, library, replica, bucket));
        assert!(!lost.exists());
        left
    }
}

impl Left {
    /// Waits until the backup server has everything the primary wrote.
    async fn receive_from(&self, primary: &MariaDb) {
        let written = primary.sql("SELECT @@gtid_binlog_pos").await;
        let waited = self.backup.sql(&format!("SELECT MASTER_GTID_WAIT('{written}', 120)")).await;
        assert_eq!(waited, "0", "the backup server has {written}");
    }

    fn photos(&self) -> PathBuf {
        self.directory.path().join("photos")
    }

    /// `picup.toml`, with each database's own user as the scripts make it.
    fn config(&self, accounts: &MariaDb, library: &MariaDb, bucket: &S3Server) -> String {
        let database = |name: &str, primary: &MariaDb| {
            let address = primary.address();
            format!("[databases.{name}]\nprimary = \"mysql://picup_{name}:picup@{address}/{name}\"\n")
        };
        let backup = format!("[storage.backup]\npath = {:?}\n", self.photos());
        let databases = database("accounts", accounts) + &database("library", library);
        databases + &bucket.config("storage.main") + &backup
    }

    /// By the runbook.
    pub(crate) async fn restore(self) -> Restored {
        let accounts = server(12, ACCOUNTS, &["primary.cnf"]).await;
        let library = server(24, LIBRARY, &["primary.cnf"]).await;
        let replica = server(25, LIBRARY, &["primary.cnf", "replica.cnf"]).await;
        let bucket = S3Server::start().await;
        let (desk, config) = (self.directory.path(), self.config(&accounts, &library, &bucket));
        fs::write(desk.join("picup.toml"), &config).unwrap();
        for (name, server) in [
            ("backup.cnf", &self.backup),
            ("accounts.cnf", &accounts),
            ("library.cnf", &library),
            ("library-2.cnf", &replica),
        ] {
            fs::copy(client_file(server), desk.join(name)).unwrap();
        }
        let data = desk.join("data");
        let output = run_the_page(desk, &data, &accounts, &library).await;
        let (told, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{told}\n{complained}");
        let server = TestServer::builder().own_databases().config(&config).data_dir(data).start().await;
        Restored { server, databases: [accounts, library, replica], _bucket: bucket, left: self }
    }
}

async fn run_the_page(desk: &Path, data: &Path, accounts: &MariaDb, library: &MariaDb) -> Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_picup-server")).parent().unwrap();
    let usual = std::env::var_os("PATH").unwrap();
    let path =
        [scripts(), programs.to_owned()].into_iter().chain(std::env::split_paths(&usual).collect::<Vec<_>>());
    let mut shell = tokio::process::Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", &runbook::commands("runbook-restore.md")]).current_dir(desk);
    shell.env("PATH", std::env::join_paths(path).unwrap());
    shell.env("PICUP_DB_PASSWORD", "picup").env("REPLICATION_PASSWORD", "replication");
    shell.env("PICUP_DATA_DIR", data);
    for (name, server) in [("ACCOUNTS", accounts), ("LIBRARY", library)] {
        shell.env(format!("{name}_HOST"), "127.0.0.1");
        shell.env(format!("{name}_PORT"), server.address().port().to_string());
    }
    shell.output().await.unwrap()
}

impl Restored {
    /// The backup server follows the new primaries.
    pub(crate) async fn backup_follows(&self) {
        for primary in &self.databases[..2] {
            self.left.receive_from(primary).await;
        }
    }

    pub(crate) async fn stores_are_equal(&self) {
        let compared = self.server.run(&["admin", "store", "compare", "--read"]).await;
        assert!(compared.status.success(), "{}", String::from_utf8_lossy(&compared.stdout));
    }
}

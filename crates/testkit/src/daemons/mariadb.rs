//! A real MariaDB with a row-based binary log and GTIDs. A commit is on disk before it is answered.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

use super::{
    directory,
    port::Port,
    process::Process,
    template::{self, LOG_FILE_SIZE, PASSWORD, USER},
};

pub struct MariaDb {
    // Ended before its directory goes: fields are dropped in this order.
    process: Process,
    port: Port,
    directory: TempDir,
}

/// What a server is told beside its port and directory.
pub struct MariaDbBuilder {
    server_id: u32,
    domain_id: u32,
    files: Vec<PathBuf>,
    settings: Vec<String>,
}

impl Default for MariaDbBuilder {
    fn default() -> Self {
        Self { server_id: 1, domain_id: 0, files: Vec::new(), settings: Vec::new() }
    }
}

impl MariaDbBuilder {
    /// Its own among the servers that replicate each other.
    pub fn server_id(self, server_id: u32) -> Self {
        Self { server_id, ..self }
    }

    /// The number its own writes carry in their GTIDs: one per primary that a backup server replicates.
    pub fn domain_id(self, domain_id: u32) -> Self {
        Self { domain_id, ..self }
    }

    /// A configuration file, read as it is.
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(path.into());
        self
    }

    /// A line such as `read_only=1`; outranks the files.
    pub fn setting(mut self, line: impl Into<String>) -> Self {
        self.settings.push(line.into());
        self
    }

    pub async fn start(self) -> MariaDb {
        let server =
            MariaDb { process: Process::new("mariadbd"), port: Port::reserve(), directory: directory() };
        let mut server = server;
        let data = server.data();
        tokio::task::spawn_blocking(move || template::copy_to(&data)).await.unwrap();
        std::fs::write(server.defaults_file(), self.defaults(&server)).unwrap();
        server.start_again().await;
        server
    }

    fn defaults(&self, server: &MariaDb) -> String {
        let place = server.directory.path().display();
        let base = format!(
            "[client-server]\nport={}\nsocket={place}/s\n\n[mariadbd]\nbind_address=127.0.0.1\ndatadir={place}/data\n\
             pid_file={place}/pid\ntmpdir={place}\nskip_name_resolve=1\ninnodb_buffer_pool_size=64M\n{LOG_FILE_SIZE}\n\
             log_bin=binlog\nbinlog_format=ROW\ninnodb_flush_log_at_trx_commit=1\nsync_binlog=1\n",
            server.port.number(),
        );
        let files = self.files.iter().map(|path| format!("!include {}\n", path.display()));
        let own = format!("[mariadbd]\nserver_id={}\ngtid_domain_id={}\n", self.server_id, self.domain_id);
        let settings = self.settings.iter().map(|line| format!("{line}\n"));
        [base].into_iter().chain(files).chain([own]).chain(settings).collect()
    }
}

controls!(MariaDb, process);

impl MariaDb {
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    pub fn builder() -> MariaDbBuilder {
        MariaDbBuilder::default()
    }

    /// The same port, data and settings.
    pub async fn start_again(&mut self) {
        let mut command = Command::new("mariadbd");
        command.arg(format!("--defaults-file={}", self.defaults_file().display()));
        // It refuses to run as root unless told so; for anybody else the name means nothing.
        if rustix::process::geteuid().is_root() {
            command.arg("--user=root");
        }
        let address = self.address();
        self.process.start(command, || async move { run(address, "SELECT 1").await.status.success() }).await;
    }

    /// Of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("mysql://{USER}:{PASSWORD}@{}/{database}", self.address())
    }

    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// A fresh database; answers its URL.
    pub async fn database(&self, name: &str) -> String {
        self.sql(&format!("CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")).await;
        self.url(name)
    }

    /// Runs statements with the real client; answers rows as lines, columns parted by tabs.
    pub async fn sql(&self, statements: &str) -> String {
        self.try_sql(statements).await.unwrap_or_else(|error| panic!("{statements}: {error}"))
    }

    /// Errors: the client's own words.
    pub async fn try_sql(&self, statements: &str) -> Result<String, String> {
        let output = run(self.address(), statements).await;
        let text = |bytes| String::from_utf8_lossy(bytes).trim_end().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// The whole configuration, for scripts that take `--defaults-file`.
    pub fn defaults_file(&self) -> PathBuf {
        self.directory.path().join("my.cnf")
    }

    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What it wrote so far.
    pub fn log(&self) -> String {
        self.process.log()
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }
}

async fn run(address: SocketAddr, statements: &str) -> Output {
    let mut client = tokio::process::Command::new("mariadb");
    client.args(["--no-defaults", "--protocol=tcp", "--host=127.0.0.1", "--connect-timeout=5"]);
    client.args([
        format!("--port={}", address.port()),
        format!("--user={USER}"),
        format!("--password={PASSWORD}"),
    ]);
    client.args(["--batch", "--skip-column-names", "--execute", statements]).kill_on_drop(true);
    client.output().await.expect("mariadb-client is installed")
}

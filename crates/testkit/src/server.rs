//! A real `picup-server` process with a directory of its own.

pub(crate) mod binary;
pub(crate) mod process;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    sync::Arc,
};

use picup_client::{Client, Url};
use tempfile::TempDir;

use crate::{
    MemberRole, TestCluster, TestDatabases,
    daemons::{Port, RabbitMq},
};
use process::Process;

/// Stopped and swept away when dropped; its log is printed when the test panics.
pub struct TestServer {
    directory: Arc<TempDir>,
    data: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    addresses: Addresses,
    disk_bytes: Option<u64>,
    process: Option<Process>,
    /// In the place of the one process.
    cluster: Option<TestCluster>,
    // After the process: it ends in peace.
    databases: Option<TestDatabases>,
    log: process::Log,
}

struct Addresses {
    listen: SocketAddr,
    admin: SocketAddr,
    /// Nobody else's while the server is stopped. None where a cluster has them.
    _kept: Option<[Port; 2]>,
}

impl Addresses {
    fn reserve() -> Self {
        let ports = [Port::reserve(), Port::reserve()];
        let [listen, admin] = ports.each_ref().map(Port::address);
        Self { listen, admin, _kept: Some(ports) }
    }
}

#[derive(Default)]
pub struct TestServerBuilder {
    config: String,
    backup: bool,
    disk_bytes: Option<u64>,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    own_databases: bool,
    mariadb: bool,
    own_queue: bool,
    data: Option<PathBuf>,
}

impl TestServerBuilder {
    /// The test's configuration says where the databases are, whatever the run is on.
    pub fn own_databases(self) -> Self {
        Self { own_databases: true, ..self }
    }

    /// On a real MariaDB, whatever the run is on: several servers can share it.
    pub fn mariadb(self) -> Self {
        Self { mariadb: true, ..self }
    }

    /// Jobs go through this RabbitMQ, whatever the run is on. Else workers look into the tables.
    pub fn queue(self, rabbit: &RabbitMq) -> Self {
        Self { own_queue: true, ..self }.env("PICUP__QUEUE__URL", rabbit.url())
    }

    /// Goes on with data that is somewhere already.
    pub fn data_dir(self, path: impl Into<PathBuf>) -> Self {
        Self { data: Some(path.into()), ..self }
    }

    /// A second store.
    pub fn backup_dir(self) -> Self {
        Self { backup: true, ..self }
    }

    /// The data directory is a file system of its own, this small. It is gone when the server ends.
    pub fn small_disk(self, bytes: u64) -> Self {
        Self { disk_bytes: Some(bytes), ..self }
    }

    /// The configuration file, as TOML.
    pub fn config(self, toml: &str) -> Self {
        Self { config: toml.into(), ..self }
    }

    /// A further argument of `serve`.
    pub fn arg(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Outranks the configuration file.
    pub fn env(mut self, name: &str, value: impl ToString) -> Self {
        self.environment.push((name.into(), value.to_string()));
        self
    }

    pub async fn start(self) -> TestServer {
        let directory = tempfile::Builder::new().prefix("picup-test-").tempdir().unwrap();
        let config = directory.path().join("config.toml");
        std::fs::write(&config, &self.config).unwrap();
        let mut environment = vec![
            // A test signs in more often than a family does.
            ("PICUP__AUTH__SIGNIN_PER_MINUTE".into(), "10000".into()),
            ("PICUP_CONFIG".into(), text(&config)),
        ];
        if self.backup {
            let backup = directory.path().join("backup");
            std::fs::create_dir(&backup).unwrap();
            environment.push(("PICUP__STORAGE__BACKUP__PATH".into(), text(&backup)));
        }
        if self.is_for_any_home() && runs_on_a_cluster() {
            return self.start_cluster(directory, environment).await;
        }
        let databases = match self {
            Self { mariadb: true, .. } => Some(TestDatabases::start().await),
            Self { own_databases: true, .. } => None,
            _ => TestDatabases::from_environment().await,
        };
        environment.extend(databases.iter().flat_map(TestDatabases::settings));
        environment.extend(self.environment);
        let mut server = TestServer {
            data: self.data.unwrap_or_else(|| directory.path().join("data")),
            directory: Arc::new(directory),
            arguments: self.arguments,
            environment,
            addresses: Addresses::reserve(),
            disk_bytes: self.disk_bytes,
            process: None,
            cluster: None,
            databases,
            log: process::Log::default(),
        };
        server.start_again().await;
        server
    }

    /// Whether the test leaves open how the server is run.
    fn is_for_any_home(&self) -> bool {
        !(self.own_databases || self.mariadb || self.own_queue)
            && self.disk_bytes.is_none()
            && self.data.is_none()
            && self.arguments.is_empty()
    }

    async fn start_cluster(self, directory: TempDir, environment: Vec<(String, String)>) -> TestServer {
        let mut builder = TestCluster::builder().queue();
        // Where the second copies are is the cluster's own matter.
        let environment = environment.into_iter().filter(|(name, _)| !name.contains("__BACKUP__"));
        for (name, value) in environment.chain(self.environment) {
            builder = builder.env(&name, value);
        }
        let cluster = builder.start().await;
        let (listen, admin) = (cluster.front.nginx.address(), cluster.members[0].admin_address());
        TestServer {
            data: cluster.data_dir(),
            directory: Arc::new(directory),
            arguments: Vec::new(),
            environment: Vec::new(),
            addresses: Addresses { listen, admin, _kept: None },
            disk_bytes: None,
            process: None,
            cluster: Some(cluster),
            databases: None,
            log: process::Log::default(),
        }
    }
}

/// `PICUP_TEST_HOME=cluster` runs the tests of a home on several processes of every role and real daemons.
fn runs_on_a_cluster() -> bool {
    match std::env::var("PICUP_TEST_HOME").as_deref() {
        Err(_) | Ok("one") => false,
        Ok("cluster") => true,
        Ok(other) => panic!("PICUP_TEST_HOME is one or cluster, not {other}"),
    }
}

impl TestServer {
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    pub fn builder() -> TestServerBuilder {
        TestServerBuilder::default()
    }

    /// A further process of the same installation, with other roles. Not for databases that are files.
    pub async fn another(&self, roles: &str) -> Self {
        let mut another = Self {
            directory: Arc::clone(&self.directory),
            data: self.data.clone(),
            arguments: vec!["--roles".into(), roles.into()],
            environment: self.environment.clone(),
            addresses: Addresses::reserve(),
            disk_bytes: None,
            process: None,
            cluster: None,
            databases: None,
            log: process::Log::default(),
        };
        another.start_again().await;
        another
    }

    /// Starts a stopped server: the same directory, the same ports.
    pub async fn start_again(&mut self) {
        if let Some(cluster) = &mut self.cluster {
            return cluster.start_all().await;
        }
        assert!(self.process.is_none(), "the server is running");
        let arguments = self.command_line();
        let command = self.command(&arguments);
        let (process, ready) = Process::start(command, &self.log).await;
        self.process = Some(process);
        assert_eq!(ready["listen"], self.addresses.listen.to_string(), "the ready line names the address");
    }

    fn command(&self, arguments: &[String]) -> Command {
        let mut command = match self.disk_bytes {
            Some(bytes) => on_small_disk(&self.data_dir(), bytes),
            None => Command::new(binary::path()),
        };
        command.args(arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn command_line(&self) -> Vec<String> {
        let mut arguments = vec!["serve".into(), "--data-dir".into(), text(&self.data_dir())];
        arguments.extend(["--listen".into(), self.addresses.listen.to_string()]);
        arguments.extend(["--admin-listen".into(), self.addresses.admin.to_string()]);
        arguments.extend(self.arguments.clone());
        arguments
    }

    /// `kill -9`.
    pub async fn kill9(&mut self) {
        if let Some(cluster) = &mut self.cluster {
            cluster.kill9_all();
        }
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    /// `kill -9`, then started again.
    pub async fn restart(&mut self) {
        self.kill9().await;
        self.start_again().await;
    }

    /// SIGTERM, and its end.
    pub async fn stop(&mut self) -> ExitStatus {
        if let Some(cluster) = &mut self.cluster {
            return cluster.stop_all().await;
        }
        let process = self.process.take().expect("the server is running");
        process.terminate().await
    }

    pub fn pid(&self) -> u32 {
        match &self.cluster {
            Some(cluster) => cluster.members[cluster.of(MemberRole::Library)[0]].pid(),
            None => self.process.as_ref().expect("the server is running").pid(),
        }
    }

    pub fn addr(&self) -> SocketAddr {
        self.addresses.listen
    }

    pub fn base_url(&self) -> Url {
        Url::parse(&format!("http://{}", self.addresses.listen)).unwrap()
    }

    pub fn admin_url(&self) -> Url {
        Url::parse(&format!("http://{}", self.addresses.admin)).unwrap()
    }

    pub fn data_dir(&self) -> PathBuf {
        self.data.clone()
    }

    /// Where the bytes of the main store are.
    pub fn main_dir(&self) -> PathBuf {
        self.cluster.as_ref().map_or_else(|| self.data.join("blobs"), |cluster| cluster.s3.object("home"))
    }

    pub fn backup_dir(&self) -> PathBuf {
        self.cluster.as_ref().map_or_else(|| self.directory.path().join("backup"), TestCluster::backup_dir)
    }

    /// None while they are files in the data directory.
    pub fn databases(&self) -> Option<&TestDatabases> {
        self.cluster.as_ref().map(|cluster| &cluster.databases).or(self.databases.as_ref())
    }

    /// For a test's own files.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What it wrote to stderr so far.
    pub fn logs(&self) -> String {
        self.cluster.as_ref().map_or_else(|| self.log.text(), TestCluster::logs)
    }

    /// Runs another command of the binary on the same data, such as `["admin", "jobs", "list"]`.
    pub async fn run(&self, arguments: &[&str]) -> std::process::Output {
        if let Some(cluster) = &self.cluster {
            return cluster.run(arguments).await;
        }
        let mut command = tokio::process::Command::new(binary::path());
        command.args(arguments).arg("--data-dir").arg(self.data_dir());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.output().await.unwrap()
    }

    /// Signed out.
    pub fn client(&self) -> Client {
        Client::builder(self.base_url()).build().unwrap()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
        if std::thread::panicking() {
            eprintln!("---- the server's log ----\n{}", self.log.text());
        }
    }
}

/// In a mount namespace of its own, which also works for somebody who is not root.
fn on_small_disk(directory: &Path, bytes: u64) -> Command {
    std::fs::create_dir_all(directory).unwrap();
    let script = r#"mount -t tmpfs -o size="$1" picup-test "$2" && shift 2 && exec "$@""#;
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", script, "sh", &bytes.to_string()]);
    command.arg(directory).arg(binary::path());
    command
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

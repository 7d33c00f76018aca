//! A whole cluster: accounts, library and worker processes, two of each, behind nginx, over real daemons.
//!
//! nginx runs on the files of `provisioning/nginx`. The processes share the keys and the spool; photos go to S3 and to a
//! mounted share.

mod front;
mod members;

use std::{
    path::{Path, PathBuf},
    process::ExitStatus,
};

use picup_client::Url;
use tempfile::TempDir;

use crate::{
    FaultyMount, People, S3Server, TestDatabases,
    daemons::{MariaDb, RabbitMq, Redis},
    server::{binary, process::Log},
};
use front::Front;
pub use members::{Member, Role};

/// Stopped and swept away when dropped.
pub struct TestCluster {
    pub members: Vec<Member>,
    pub front: Front,
    pub databases: TestDatabases,
    pub replica: Option<MariaDb>,
    pub redis: Redis,
    /// None: jobs are taken from the tables.
    pub queue: Option<RabbitMq>,
    pub s3: S3Server,
    /// The second copies, where the test wants to fail them; else a plain directory.
    pub share: Option<FaultyMount>,
    environment: Vec<(String, String)>,
    log: Log,
    directory: TempDir,
}

/// What differs from two processes of each role.
#[derive(Default)]
pub struct TestClusterBuilder {
    replica: bool,
    share: bool,
    queue: bool,
    shipped_limits: bool,
    environment: Vec<(String, String)>,
}

impl TestClusterBuilder {
    /// A replica of both databases.
    pub fn replica(self) -> Self {
        Self { replica: true, ..self }
    }

    /// Second copies go to a share that fails on command.
    pub fn share(self) -> Self {
        Self { share: true, ..self }
    }

    /// Jobs go by way of RabbitMQ.
    pub fn queue(self) -> Self {
        Self { queue: true, ..self }
    }

    /// nginx limits requests as shipped. Else it lets through what a test asks from its one address.
    pub fn shipped_limits(self) -> Self {
        Self { shipped_limits: true, ..self }
    }

    /// A setting of every process.
    pub fn env(mut self, name: &str, value: impl ToString) -> Self {
        self.environment.push((name.into(), value.to_string()));
        self
    }

    pub async fn start(self) -> TestCluster {
        let directory = tempfile::Builder::new().prefix("picup-cluster-").tempdir().unwrap();
        let (databases, redis, s3) = tokio::join!(TestDatabases::start(), Redis::start(), S3Server::start());
        let replica = if self.replica { Some(databases.replicate().await) } else { None };
        let queue = if self.queue { Some(RabbitMq::start().await) } else { None };
        let share = self.share.then(FaultyMount::start);
        let backup = share.as_ref().map_or(directory.path().join("backup"), FaultyMount::path);
        std::fs::create_dir_all(&backup).unwrap();
        let mut environment = settings(directory.path(), &backup, &redis);
        environment.extend(databases.settings());
        environment.extend(s3.settings("MAIN"));
        let config = directory.path().join("cluster.toml");
        std::fs::write(&config, replica.as_ref().map(replicas).unwrap_or_default()).unwrap();
        environment.push(("PICUP_CONFIG".into(), config.to_str().unwrap().into()));
        environment.extend(queue.iter().map(|queue| ("PICUP__QUEUE__URL".into(), queue.url())));
        environment.extend(self.environment);
        let members = Member::two_of_each(directory.path());
        let front = Front::start(&members, !self.shipped_limits).await;
        environment.push(("PICUP__HTTP__PUBLIC_URL".into(), front.url().to_string()));
        let log = Log::default();
        let mut cluster = TestCluster {
            members,
            front,
            databases,
            replica,
            redis,
            queue,
            s3,
            share,
            environment,
            log,
            directory,
        };
        cluster.start_all().await;
        cluster
    }
}

/// A list stands in a file only.
fn replicas(replica: &MariaDb) -> String {
    let of = |name: &str| format!("[databases.{name}]\nreplicas = [{:?}]\n", replica.url(name));
    of("accounts") + &of("library")
}

fn settings(directory: &Path, backup: &Path, redis: &Redis) -> Vec<(String, String)> {
    let text = |path: PathBuf| path.to_str().unwrap().to_owned();
    let settings = [
        ("KEYS_DIR", text(directory.join("keys"))),
        ("STORAGE__SPOOL_DIR", text(directory.join("spool"))),
        ("STORAGE__BACKUP__PATH", text(backup.to_owned())),
        ("CACHE__URL", redis.url()),
        ("HTTP__TRUSTED_PROXIES", "1".into()),
        ("AUTH__SIGNIN_PER_MINUTE", "10000".into()),
    ];
    settings.into_iter().map(|(name, value)| (format!("PICUP__{name}"), value)).collect()
}

impl TestCluster {
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    pub fn builder() -> TestClusterBuilder {
        TestClusterBuilder::default()
    }

    pub async fn start_member(&mut self, index: usize) {
        self.members[index].start(&self.environment, &self.log).await;
    }

    /// The first makes keys, tables and stores at the first start; the others find them.
    pub async fn start_all(&mut self) {
        for index in 0..self.members.len() {
            self.start_member(index).await;
        }
    }

    pub fn kill9_all(&mut self) {
        self.members.iter_mut().for_each(Member::kill9);
    }

    /// SIGTERM to one after the other; the end of the first that did not end well, else of the last.
    pub async fn stop_all(&mut self) -> ExitStatus {
        let mut ended = ExitStatus::default();
        for member in &mut self.members {
            let status = member.stop().await;
            ended = if ended.success() { status } else { ended };
        }
        ended
    }

    /// `kill -9`, then started again.
    pub async fn restart_member(&mut self, index: usize) {
        self.members[index].kill9();
        self.start_member(index).await;
    }

    /// A further process, and nginx is told.
    pub async fn scale_out(&mut self, role: Role) -> usize {
        self.members.push(Member::new(role, self.directory.path()));
        let index = self.members.len() - 1;
        self.start_member(index).await;
        self.front.upstream("add", &self.members[index]).await;
        index
    }

    /// As `provisioning/nginx/upstream.sh` says: taken out, stopped in order, started, put back.
    pub async fn roll_member(&mut self, index: usize) {
        self.front.upstream("out", &self.members[index]).await;
        let status = self.members[index].stop().await;
        assert!(status.success(), "{status}");
        self.start_member(index).await;
        self.front.upstream("in", &self.members[index]).await;
    }

    /// The positions of the processes of a role.
    pub fn of(&self, role: Role) -> Vec<usize> {
        (0..self.members.len()).filter(|&index| self.members[index].role() == role).collect()
    }

    /// Where people come in.
    pub fn base_url(&self) -> Url {
        self.front.url()
    }

    /// A new family each time.
    pub async fn family(&self) -> People {
        People::gather(&self.base_url()).await
    }

    /// Runs another command of the binary with the settings of the processes, such as `["admin", "jobs", "list"]`.
    pub async fn run(&self, arguments: &[&str]) -> std::process::Output {
        let mut command = tokio::process::Command::new(binary::path());
        command.args(arguments).arg("--data-dir").arg(self.directory.path().join("admin"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.output().await.unwrap()
    }

    /// Second copies, behind the back of a share.
    pub fn backup_dir(&self) -> PathBuf {
        self.share.as_ref().map_or(self.directory.path().join("backup"), FaultyMount::behind)
    }

    /// The keys and the spool are here.
    pub fn data_dir(&self) -> PathBuf {
        self.directory.path().to_owned()
    }

    pub fn spool_dir(&self) -> PathBuf {
        self.directory.path().join("spool")
    }

    /// What all processes wrote to stderr so far.
    pub fn logs(&self) -> String {
        self.log.text()
    }
}

impl Drop for TestCluster {
    fn drop(&mut self) {
        self.kill9_all();
        if std::thread::panicking() {
            eprintln!("---- the cluster's log ----\n{}", self.log.text());
        }
    }
}

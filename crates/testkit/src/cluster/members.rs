//! The processes of a cluster.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

use picup_client::Url;

use crate::{
    daemons::Port,
    server::{
        binary,
        process::{Log, Process},
    },
    signals::{pause, resume},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Accounts,
    Library,
    Worker,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Library => "library",
            Self::Worker => "worker",
        }
    }
}

/// One process; it keeps its ports and directory while it is stopped.
pub struct Member {
    role: Role,
    public: Port,
    admin: Port,
    data_dir: PathBuf,
    process: Option<Process>,
}

impl Member {
    pub(super) fn two_of_each(directory: &Path) -> Vec<Self> {
        let roles = [Role::Accounts, Role::Library, Role::Worker];
        roles.into_iter().flat_map(|role| [role; 2]).map(|role| Self::new(role, directory)).collect()
    }

    pub(super) fn new(role: Role, directory: &Path) -> Self {
        let public = Port::reserve();
        let data_dir = directory.join(format!("{}-{}", role.name(), public.number()));
        Self { role, public, admin: Port::reserve(), data_dir, process: None }
    }

    pub(super) async fn start(&mut self, environment: &[(String, String)], log: &Log) {
        assert!(self.process.is_none(), "it is running");
        let mut command = Command::new(binary::path());
        command.args(["serve", "--roles", self.role.name()]);
        command.args(["--listen", &self.address().to_string()]);
        command.args(["--admin-listen", &self.admin.address().to_string()]);
        command.arg("--data-dir").arg(&self.data_dir);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        self.process = Some(Process::start(command, log).await.0);
    }

    pub fn role(&self) -> Role {
        self.role
    }

    pub fn address(&self) -> SocketAddr {
        self.public.address()
    }

    /// Past nginx.
    pub fn url(&self) -> Url {
        Url::parse(&format!("http://{}", self.address())).unwrap()
    }

    pub fn admin_url(&self) -> Url {
        Url::parse(&format!("http://{}", self.admin_address())).unwrap()
    }

    pub fn admin_address(&self) -> SocketAddr {
        self.admin.address()
    }

    pub fn pid(&self) -> u32 {
        self.process.as_ref().expect("it is running").pid()
    }

    /// `kill -9`. Nothing when it is not running.
    pub fn kill9(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    /// SIGTERM, and its end.
    pub async fn stop(&mut self) -> ExitStatus {
        self.process.take().expect("it is running").terminate().await
    }

    /// Hung: connections stay open and nothing is answered.
    pub fn pause(&self) {
        pause(self.pid());
    }

    pub fn resume(&self) {
        resume(self.pid());
    }
}

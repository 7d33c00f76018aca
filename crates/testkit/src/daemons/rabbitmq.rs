//! A real RabbitMQ node with an Erlang port mapper, a cookie and a home of its own.
//!
//! Debian's wrapper changes to a user of its own; the server's script behind it does not. With input allowed the script
//! becomes the Erlang machine instead of starting it, so the id we have is the machine's.
//!
//! A node reads every plugin it could be told to enable before it starts, which is a third of its work: ours see none.

use std::{
    net::SocketAddr,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;
use tokio::net::TcpStream;

use super::{directory, port::Port, process::Process};

const PROGRAMS: &str = "/usr/lib/rabbitmq/bin";
/// Its last word before it serves.
const STARTED: &str = " completed with ";

pub struct RabbitMq {
    // Ended before its directory goes: fields are dropped in this order.
    node: Process,
    _names: Process,
    ports: Ports,
    directory: TempDir,
}

struct Ports {
    amqp: Port,
    distribution: Port,
    names: Port,
}

controls!(RabbitMq, node);

impl RabbitMq {
    pub async fn start() -> Self {
        let ports = Ports { amqp: Port::reserve(), distribution: Port::reserve(), names: Port::reserve() };
        let mut names = Process::new("epmd");
        start_port_mapper(&mut names, &ports.names).await;
        let directory = directory();
        write_configuration(directory.path(), &ports);
        link_home_without_plugins(&directory.path().join("home"));
        let mut rabbit = Self { node: Process::new("rabbitmq-server"), _names: names, ports, directory };
        rabbit.start_again().await;
        rabbit
    }

    /// The same port, node name and data.
    pub async fn start_again(&mut self) {
        let mut command = Command::new(format!("{PROGRAMS}/rabbitmq-server"));
        command.envs(self.environment());
        command
            .env("RABBITMQ_SCRIPTS_DIR", self.directory.path().join("home/sbin"))
            .env("RABBITMQ_ALLOW_INPUT", "1")
            // Its schedulers sleep when they have nothing to do.
            .env(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-noinput +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
            );
        // The listener opens before the last of the queues are back; this is said after them.
        let log = self.node.followed();
        let starts = log.text().matches(STARTED).count();
        self.node.start(command, || async { log.text().matches(STARTED).count() > starts }).await;
    }

    /// Everything it kept, while it is stopped.
    pub fn lose_data(&self) {
        std::fs::remove_dir_all(self.directory.path().join("data")).unwrap();
    }

    /// The default virtual host, as the default user.
    pub fn url(&self) -> String {
        format!("amqp://guest:guest@{}/%2f", self.address())
    }

    pub fn address(&self) -> SocketAddr {
        self.ports.amqp.address()
    }

    /// Runs `rabbitmqctl`, `rabbitmq-diagnostics` or `rabbitmq-queues` on this node.
    pub async fn tool(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = tokio::process::Command::new(format!("{PROGRAMS}/{program}"));
        command.envs(self.environment()).args(arguments).kill_on_drop(true);
        command.output().await.expect("rabbitmq-server is installed")
    }

    fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let place = self.directory.path();
        vec![
            ("HOME", place.into()),
            ("LANG", "C.UTF-8".into()),
            ("ERL_EPMD_ADDRESS", "127.0.0.1".into()),
            ("ERL_EPMD_PORT", self.ports.names.number().to_string().into()),
            ("RABBITMQ_NODENAME", format!("picup{}@localhost", self.ports.amqp.number()).into()),
            ("RABBITMQ_CONF_ENV_FILE", "/dev/null".into()),
            ("RABBITMQ_CONFIG_FILE", place.join("rabbitmq.conf")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", place.join("enabled_plugins")),
            ("RABBITMQ_MNESIA_BASE", place.join("data")),
            ("RABBITMQ_LOG_BASE", place.join("log")),
            ("RABBITMQ_LOGS", "-".into()),
            ("RABBITMQ_DIST_PORT", self.ports.distribution.number().to_string().into()),
        ]
    }
}

fn write_configuration(place: &Path, ports: &Ports) {
    let config = format!(
        "listeners.tcp.default = {}\nlog.console = true\nlog.console.level = warning\n",
        ports.amqp.address()
    );
    std::fs::write(place.join("rabbitmq.conf"), config).unwrap();
    std::fs::write(place.join("enabled_plugins"), "[].\n").unwrap();
}

/// The directory above its scripts, where a node looks for its libraries: Debian's own keeps the plugins among them.
fn link_home_without_plugins(home: &Path) {
    let script =
        Path::new(PROGRAMS).join("rabbitmq-server").canonicalize().expect("rabbitmq-server is installed");
    let debian = script.ancestors().nth(2).unwrap();
    std::fs::create_dir_all(home.join("plugins")).unwrap();
    symlink(debian.join("sbin"), home.join("sbin")).unwrap();
    for library in std::fs::read_dir(debian.join("plugins")).unwrap().map(Result::unwrap) {
        if !is_plugin(&library.file_name().to_string_lossy()) {
            symlink(library.path(), home.join("plugins").join(library.file_name())).unwrap();
        }
    }
}

fn is_plugin(library: &str) -> bool {
    library.starts_with("rabbitmq_") && !library.starts_with("rabbitmq_prelaunch-")
}

/// In the foreground: the one a node starts for itself would outlive it.
async fn start_port_mapper(names: &mut Process, port: &Port) {
    let mut command = Command::new("epmd");
    command.args(["-address", "127.0.0.1", "-port", &port.number().to_string()]);
    let address = port.address();
    names.start(command, || async move { TcpStream::connect(address).await.is_ok() }).await;
}

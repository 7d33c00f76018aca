//! A real nginx in front of whatever a test puts behind it.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::Signal;
use tempfile::TempDir;
use tokio::net::TcpStream;

use super::{directory, port::Port, process::Process};

pub struct Nginx {
    // Ended before its directory goes: fields are dropped in this order.
    process: Process,
    port: Port,
    directory: TempDir,
}

controls!(Nginx, process);

impl Nginx {
    /// `http` is what stands inside `http { … }`; `$LISTEN` in it becomes the address to listen on.
    pub async fn start(http: &str) -> Self {
        Self::start_with(http, &[]).await
    }

    /// The same, with files that `include` finds by their names.
    pub async fn start_with(http: &str, files: &[(&str, String)]) -> Self {
        let mut nginx =
            Self { process: Process::isolated("nginx"), port: Port::reserve(), directory: directory() };
        for (name, text) in files {
            std::fs::write(nginx.directory().join(name), text).unwrap();
        }
        nginx.write(http);
        nginx.start_again().await;
        nginx
    }

    /// The same port and configuration.
    pub async fn start_again(&mut self) {
        let mut command = Command::new("nginx");
        command.arg("-p").arg(self.directory.path()).arg("-c").arg(self.file());
        command.args(["-e", "stderr"]);
        let address = self.address();
        self.process.start(command, || async move { TcpStream::connect(address).await.is_ok() }).await;
    }

    /// Takes another configuration while open requests finish under the old one.
    pub fn reload(&self, http: &str) {
        self.write(http);
        self.signal_reload();
    }

    /// Reads its files again.
    pub fn signal_reload(&self) {
        self.process.signal(Signal::HUP);
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// The command line that speaks to this nginx, for `-t` and `-s`, among its own processes.
    pub fn command(&self) -> String {
        format!("nginx -p {} -c {} -e stderr", self.directory().display(), self.file().display())
    }

    /// `program` as it runs on nginx's machine: it sees the processes nginx sees.
    pub fn beside(&self, program: &Path) -> Command {
        self.process.beside(program)
    }

    /// Of its configuration.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What it wrote to its error log so far.
    pub fn log(&self) -> String {
        self.process.log()
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("nginx.conf")
    }

    fn write(&self, http: &str) {
        let place = self.directory.path().display();
        let http = http.replace("$LISTEN", &self.address().to_string());
        let text = format!(
            "daemon off;\nworker_processes 1;\npid {place}/pid;\nuser root;\nerror_log stderr notice;\nevents {{}}\nhttp {{\n\
             access_log off;\nclient_body_temp_path {place}/body;\nproxy_temp_path {place}/proxy;\n\
             fastcgi_temp_path {place}/fastcgi;\nuwsgi_temp_path {place}/uwsgi;\nscgi_temp_path {place}/scgi;\n{http}\n}}\n"
        );
        std::fs::write(self.file(), text).unwrap();
    }
}

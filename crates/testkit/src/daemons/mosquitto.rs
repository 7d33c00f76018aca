//! A real Mosquitto, the MQTT broker of most homes. What it keeps is on disk after a stop, and lost after a kill.

use std::{
    net::SocketAddr,
    process::{Command, Stdio},
};

use tempfile::TempDir;
use tokio::net::TcpStream;

use super::{directory, port::Port, process::Process};

pub struct Mosquitto {
    // Ended before its directory goes: fields are dropped in this order.
    process: Process,
    port: Port,
    directory: TempDir,
}

controls!(Mosquitto, process);

impl Mosquitto {
    /// Lets everybody in.
    pub async fn start() -> Self {
        Self::configured("allow_anonymous true\n").await
    }

    /// Lets nobody in but this user.
    pub async fn start_guarded(user: &str, password: &str) -> Self {
        let mut broker = Self::stopped();
        let passwords = broker.directory.path().join("passwords");
        let mut command = Command::new("mosquitto_passwd");
        command.args(["-b", "-c"]).arg(&passwords).args([user, password]);
        let made = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(made.expect("mosquitto is installed").success(), "mosquitto_passwd failed");
        broker.configure(&format!("allow_anonymous false\npassword_file {}\n", passwords.display()));
        broker.start_again().await;
        broker
    }

    async fn configured(access: &str) -> Self {
        let mut broker = Self::stopped();
        broker.configure(access);
        broker.start_again().await;
        broker
    }

    fn stopped() -> Self {
        Self { process: Process::new("mosquitto"), port: Port::reserve(), directory: directory() }
    }

    fn configure(&self, access: &str) {
        let place = self.directory.path().display();
        let config = format!(
            // As root it would change to a user of its own, who may not write here.
            "listener {} 127.0.0.1\nuser root\npersistence true\npersistence_location {place}/\n{access}",
            self.port.number()
        );
        std::fs::write(self.directory.path().join("mosquitto.conf"), config).unwrap();
    }

    /// The same port, and what it kept.
    pub async fn start_again(&mut self) {
        let mut command = Command::new("mosquitto");
        command.arg("-c").arg(self.directory.path().join("mosquitto.conf"));
        let address = self.address();
        self.process.start(command, || async move { TcpStream::connect(address).await.is_ok() }).await;
    }

    pub fn url(&self) -> String {
        format!("mqtt://{}", self.address())
    }

    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }
}

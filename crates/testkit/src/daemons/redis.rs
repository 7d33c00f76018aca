//! A real Redis. Every write is in its log before it is answered: a kill loses nothing, only a power cut would.

use std::{net::SocketAddr, process::Command};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{directory, port::Port, process::Process};

pub struct Redis {
    // Ended before its directory goes: fields are dropped in this order.
    process: Process,
    port: Port,
    directory: TempDir,
}

controls!(Redis, process);

impl Redis {
    pub async fn start() -> Self {
        let mut redis =
            Self { process: Process::new("redis-server"), port: Port::reserve(), directory: directory() };
        redis.start_again().await;
        redis
    }

    /// The same port and data.
    pub async fn start_again(&mut self) {
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &self.port.number().to_string()]);
        command.arg("--dir").arg(self.directory.path());
        command.args(["--save", "", "--appendonly", "yes", "--appendfsync", "no"]);
        let address = self.address();
        self.process.start(command, || answers(address)).await;
    }

    /// Database 0.
    pub fn url(&self) -> String {
        format!("redis://{}/0", self.address())
    }

    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }
}

/// Whether it answers a PING, which it does only after it has read its data.
async fn answers(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address).await else { return false };
    if stream.write_all(b"PING\r\n").await.is_err() {
        return false;
    }
    let mut answer = [0; 5];
    stream.read_exact(&mut answer).await.is_ok() && &answer == b"+PONG"
}

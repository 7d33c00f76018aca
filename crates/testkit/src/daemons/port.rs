//! A loopback port that stays ours while its daemon is stopped.
//!
//! Below the range the kernel gives to outgoing connections, so that none of them takes it meanwhile; a lock file keeps
//! other test processes away.

use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    ops::Range,
};

use rand::RngExt;

use super::shared_directory;

/// Linux gives 32768 and up to outgoing connections.
const PORTS: Range<u16> = 20_000..32_000;

pub(crate) struct Port {
    number: u16,
    /// Held by the process; free again when it ends, however it ends.
    lock: File,
}

impl Port {
    pub(crate) fn reserve() -> Self {
        let directory = shared_directory().join("ports");
        std::fs::create_dir_all(&directory).unwrap();
        for _ in 0..1000 {
            let number = rand::rng().random_range(PORTS);
            let lock = File::create(directory.join(number.to_string())).unwrap();
            let port = Self { number, lock };
            if port.lock.try_lock().is_ok() && TcpListener::bind(port.address()).is_ok() {
                return port;
            }
        }
        panic!("no port is free in {PORTS:?}");
    }

    pub(crate) fn number(&self) -> u16 {
        self.number
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.number))
    }
}

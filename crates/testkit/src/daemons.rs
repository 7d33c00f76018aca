//! The real daemons of a cluster, from Debian's packages, as child processes on loopback ports of their own.
//!
//! Each is started by its program, never by a service, with a directory that is swept away. It is ended by its id when
//! its value is dropped, also in a panic, and by the kernel when the test itself is killed. It keeps its port and its
//! data while stopped.

/// What every daemon can be told, by way of the field that is its process.
macro_rules! controls {
    ($daemon:ty, $process:ident) => {
        impl $daemon {
            /// SIGTERM, and its end.
            pub async fn stop(&mut self) {
                self.$process.terminate().await;
            }

            pub fn kill9(&mut self) {
                self.$process.kill();
            }

            /// Hung: connections stay open and nothing is answered.
            pub fn pause(&self) {
                self.$process.pause();
            }

            pub fn resume(&self) {
                self.$process.resume();
            }

            pub fn pid(&self) -> u32 {
                self.$process.pid()
            }
        }
    };
}

mod mariadb;
mod mariadb_pair;
mod mosquitto;
mod nginx;
mod port;
mod process;
mod rabbitmq;
mod redis;
mod template;

pub use mariadb::{MariaDb, MariaDbBuilder};
pub use mariadb_pair::MariaDbPair;
pub use mosquitto::Mosquitto;
pub use nginx::Nginx;
pub(crate) use port::Port;
pub use rabbitmq::RabbitMq;
pub use redis::Redis;

use std::path::PathBuf;

/// What outlives one test: ports in use, the empty MariaDB.
fn shared_directory() -> PathBuf {
    let cache = std::env::var_os("PICUP_CACHE").map(PathBuf::from).unwrap_or_else(|| {
        let home = std::env::var_os("HOME").map_or_else(std::env::temp_dir, PathBuf::from);
        home.join(".cache/picup")
    });
    let directory = cache.join("testkit");
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

fn directory() -> tempfile::TempDir {
    // Short, for a socket's path has room for 107 bytes.
    tempfile::Builder::new().prefix("picup-").tempdir().unwrap()
}

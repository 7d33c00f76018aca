//! For tests only: photo builders, real daemons on free ports, fault proxies.
//!
//! Everything here panics with the reason instead of returning an error: a test that cannot be set up has failed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cluster;
pub mod daemons;
mod databases;
mod fault_proxy;
mod faulty_mount;
mod people;
pub mod photos;
pub mod provisioned;
mod s3_server;
pub mod script;
mod server;
mod signals;
mod volatile_disk;
mod wait;

pub use cluster::{Member, Role as MemberRole, TestCluster, TestClusterBuilder};
pub use databases::TestDatabases;
pub use fault_proxy::{Fault, FaultProxy};
pub use faulty_mount::{FaultyMount, MountFault};
pub use people::{PASSWORD, PairedFrame, People, newcomer, rendered, sha256, upload_as};
pub use s3_server::{S3Fault, S3Server};
pub use server::{TestServer, TestServerBuilder};
pub use signals::{pause, resume};
pub use volatile_disk::VolatileDisk;
pub use wait::eventually;

//! What is kept in memory and may be lost: event fan-out, limits, leases, places in a log, answers. Several processes share it through Redis.
//!
//! Nothing here is the truth; a process that starts anew is only slower.

pub mod fanout;
pub mod generation;
pub mod last_write;
pub mod leases;
pub mod limits;
pub mod reads;
pub mod redis_server;

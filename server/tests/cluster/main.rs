//! Several processes of every role behind nginx, over real daemons, as one service.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod front;
mod kept;
mod own_writes;
mod rolling;
#[expect(dead_code, reason = "shared with the tests of bytes, which use more of it")]
#[path = "../bytes/tus.rs"]
mod tus;
mod upload_lock;

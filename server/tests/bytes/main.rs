//! Uploads, media and stores against the real server, over the wire and through crashes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod compare;
mod full_database;
mod kill9;
mod media;
mod operations;
mod remote;
mod small_disk;
mod storage;
mod tus;
mod tus_faults;
mod tus_rules;
mod unreadable;

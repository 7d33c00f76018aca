//! Accounts through the real HTTP surface: sign-in, families, frames, and the shell beside them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod attacks;
mod birthdays;
mod families;
mod frame_pictures;
mod frames;
mod home;
mod invites;
mod limits;
mod me;
mod pairing;
mod sealed;
mod session_store;
mod shell;
mod signin;

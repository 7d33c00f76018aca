//! The frame as a person meets it: the real program, a real server, folders and a screen.
//!
//! Tests are named after what they survive.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod formats;
mod harness;
mod inbox;
mod power;
mod remote;
mod screen;

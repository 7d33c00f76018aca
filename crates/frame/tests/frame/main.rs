//! The frame as a person meets it: the real program, a real server, folders and a screen.
//!
//! Tests are named after what they survive.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bus;
mod certificates;
mod crowd;
mod family;
mod formats;
mod harness;
mod home;
mod home_assistant;
mod inbox;
mod keyring;
mod night;
mod panel;
mod people;
mod power;
mod remote;
mod screen;
mod small_disk;
mod stick;
mod tls;
mod updates;

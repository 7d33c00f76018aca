//! The frame as a person meets it: the real program, a real server, folders and a screen.
//!
//! Tests are named after what they survive.

mod harness;
mod inbox;
mod power;
mod remote;
mod screen;

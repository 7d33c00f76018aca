//! What processes share through a real Redis, and what they do without it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fanout;
mod limits;
mod reads;
mod servers;

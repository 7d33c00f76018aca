//! What a server tells about itself: metrics, traces and log lines, and that nobody pays when their reader is away.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod collector;
mod documents;
mod gauges;
mod outages;
mod ports;
mod scrape;
mod traces;

use picup_testkit::{TestServer, photos};

/// A small photo unlike any other seed's.
fn photo(seed: u64) -> Vec<u8> {
    photos::jpeg(64, 48, seed)
}

/// The server's log as lines of JSON.
fn log_lines(server: &TestServer) -> Vec<serde_json::Value> {
    server.logs().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

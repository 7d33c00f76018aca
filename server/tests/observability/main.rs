//! What a server tells about itself: metrics, traces and log lines, and that nobody pays when their reader is away.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod collector;
mod documents;
mod gauges;
mod outages;
mod ports;
mod scrape;
mod traces;

use picup_testkit::{TestServer, eventually, photos};

/// A small photo unlike any other seed's.
fn photo(seed: u64) -> Vec<u8> {
    photos::jpeg(64, 48, seed)
}

/// The line of the server's log that says `message`. Waited for: the log comes by a pipe of its own, perhaps after the answer.
async fn log_line(server: &TestServer, message: &str) -> serde_json::Value {
    let said = || async {
        let logs = server.logs();
        let mut lines = logs.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        lines.find(|line| line["message"] == message)
    };
    eventually(&format!("a line says {message:?}"), said).await
}

//! The fault table: what a whole cluster does while one of its parts fails, a row for each fault.
//!
//! People upload and browse through nginx without ever trying again. When the fault has ended, every acknowledged photo
//! has to get both its copies; each is then read from both stores and through the service. Ends with 1 when a photo is
//! lost or has another digest.
//!
//! FAULT_SECONDS (8) is how long each fault lasts; arguments name the rows to run, all without.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for the shell that fails by panicking"
)]

mod fault;
mod ledger;
mod load;
mod table;

use std::{process::ExitCode, time::Duration};

use picup_testkit::TestCluster;

use fault::{FAULTS, Fault};
use load::Load;
use table::Row;

#[tokio::main]
async fn main() -> ExitCode {
    let seconds = std::env::var("FAULT_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let names: Vec<_> = std::env::args().skip(1).collect();
    let mut rows = Vec::new();
    println!("{}", table::head());
    for fault in FAULTS.iter().filter(|fault| names.is_empty() || names.contains(&fault.name.to_owned())) {
        let row = run(fault, Duration::from_secs(seconds)).await;
        println!("{row}");
        rows.push(row);
    }
    println!("{}", table::foot(&rows));
    ExitCode::from(u8::from(rows.is_empty() || rows.iter().any(|row| row.lost + row.wrong > 0)))
}

/// On a cluster of its own, so that no fault leaves anything to the next.
async fn run(fault: &Fault, lasting: Duration) -> Row {
    let mut cluster = TestCluster::builder()
        .replica()
        .share()
        .queue()
        .env("PICUP__STORAGE__DEADLINE_SECONDS", 5)
        .start()
        .await;
    let people = cluster.family().await;
    let load = Load::start(&cluster, &people).await;
    load.until_acknowledged(5).await;
    fault.hold(&mut cluster, lasting).await;
    let ended = std::time::Instant::now();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let report = load.stop().await;
    let both = ledger::until_both(&cluster, &people, &report.acknowledged, ended).await;
    let found = ledger::check(&cluster, &people, &report.acknowledged).await;
    Row::new(fault.name, report, both, found)
}

//! The table's lines.

use std::{fmt, time::Duration};

use crate::{ledger::Found, load::Report};

pub(crate) struct Row {
    name: &'static str,
    report: Report,
    /// When the last photo had both copies, after the fault's end.
    both: Duration,
    pub(crate) lost: u64,
    pub(crate) wrong: u64,
}

impl Row {
    pub(crate) fn new(name: &'static str, report: Report, both: Vec<Duration>, found: Found) -> Self {
        let both = both.into_iter().max().unwrap_or_default();
        Self { name, report, both, lost: found.lost, wrong: found.wrong }
    }
}

pub(crate) fn head() -> String {
    "| fault | requests | succeeded | photos acknowledged | failed with | slowest | both copies after | lost | wrong digest |\n\
     |---|---|---|---|---|---|---|---|---|"
        .to_owned()
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.report.failed.iter().map(|(code, times)| format!("{times} x {code}"));
        let failed = failed.collect::<Vec<_>>().join(", ");
        write!(
            f,
            "| {} | {} | {} | {} | {} | {:.1} s | {:.1} s | {} | {} |",
            self.name,
            self.report.sent,
            self.report.succeeded,
            self.report.acknowledged.len(),
            if failed.is_empty() { "-" } else { &failed },
            self.report.slowest.as_secs_f64(),
            self.both.as_secs_f64(),
            self.lost,
            self.wrong
        )
    }
}

pub(crate) fn foot(rows: &[Row]) -> String {
    let sum = |of: fn(&Row) -> u64| rows.iter().map(of).sum::<u64>();
    format!(
        "{} faults, {} photos acknowledged, {} lost, {} with another digest",
        rows.len(),
        sum(|row| row.report.acknowledged.len() as u64),
        sum(|row| row.lost),
        sum(|row| row.wrong)
    )
}

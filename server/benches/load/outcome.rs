//! What came of a run: times, errors, and what it cost the servers.

use std::{
    collections::BTreeMap,
    fs,
    time::{Duration, Instant},
};

use picup_testkit::TestServer;

use crate::users::{Act, MIX};

/// Milliseconds; of everything but uploads.
const BUDGET: f64 = 100.0;

/// One thing a user did.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) act: Act,
    pub(crate) took: Duration,
    pub(crate) error: Option<String>,
}

pub(crate) struct Outcome {
    done: Vec<Done>,
    seconds: f64,
    servers: Vec<Cost>,
}

/// Of one process; pictures are decoded in children, which count.
struct Cost {
    processor_seconds: f64,
    megabytes: f64,
    most_megabytes: f64,
}

/// Watches the servers while users are at work.
pub(crate) async fn watch(servers: &[TestServer], users: impl Future<Output = Vec<Done>>) -> Outcome {
    let before: Vec<_> = servers.iter().map(|server| processor_seconds(server.pid())).collect();
    let began = Instant::now();
    let done = users.await;
    let seconds = began.elapsed().as_secs_f64();
    let costs = servers.iter().zip(before).map(|(server, before)| Cost {
        processor_seconds: processor_seconds(server.pid()) - before,
        megabytes: megabytes(server.pid(), "VmRSS:"),
        most_megabytes: megabytes(server.pid(), "VmHWM:"),
    });
    Outcome { done, seconds, servers: costs.collect() }
}

/// Its own and that of its children that have ended: proc(5), utime to cstime, in hundredths.
fn processor_seconds(pid: u32) -> f64 {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = line.rsplit_once(") ").unwrap();
    let times = fields.split_whitespace().skip(11).take(4);
    times.map(|time| time.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn megabytes(pid: u32, field: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

impl Outcome {
    pub(crate) fn print(&self, users: usize) {
        let rate = self.done.len() as f64 / self.seconds;
        println!("  {users} users: {rate:.0} acts/s");
        let browsing = self.times(|act| act != Act::Upload);
        let verdict =
            if percentile(&browsing, 95) <= BUDGET && self.errors() == 0 { "kept" } else { "MISSED" };
        let note = if users == 500 {
            format!("  (budget p95 <= {BUDGET} ms, 0 errors: {verdict})")
        } else {
            String::new()
        };
        println!("    {:<10} {}{note}", "browsing", told(&browsing));
        for (act, _) in MIX {
            println!("    {:<10} {}", format!("{act:?}"), told(&self.times(|other| other == act)));
        }
        println!("    {} errors", self.errors());
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for reason in self.done.iter().filter_map(|done| done.error.as_deref()) {
            *reasons.entry(reason).or_default() += 1;
        }
        reasons.iter().take(5).for_each(|(reason, times)| println!("      {times} x {reason:.200}"));
        for (number, cost) in self.servers.iter().enumerate() {
            println!(
                "    process {}: {:.2} processors busy, {:.0} MB (at most {:.0} MB)",
                number + 1,
                cost.processor_seconds / self.seconds,
                cost.megabytes,
                cost.most_megabytes
            );
        }
    }

    fn errors(&self) -> usize {
        self.done.iter().filter(|done| done.error.is_some()).count()
    }

    /// Milliseconds, sorted.
    fn times(&self, wanted: impl Fn(Act) -> bool) -> Vec<f64> {
        let wanted = self.done.iter().filter(|done| wanted(done.act));
        let mut times: Vec<_> = wanted.map(|done| done.took.as_secs_f64() * 1000.0).collect();
        times.sort_by(f64::total_cmp);
        times
    }
}

fn told(times: &[f64]) -> String {
    let [half, most, nearly_all] = [50, 95, 99].map(|percent| percentile(times, percent));
    format!("{:>7} p50 {half:>8.1}  p95 {most:>8.1}  p99 {nearly_all:>8.1} ms", times.len())
}

fn percentile(times: &[f64], percent: usize) -> f64 {
    let place = (times.len() * percent).div_ceil(100).max(1) - 1;
    times.get(place).copied().unwrap_or(0.0)
}

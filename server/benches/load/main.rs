//! Families that browse and upload, against real server processes, embedded and as a cluster.
//!
//! A closed loop: each user does one thing, waits for its answer, looks at it for a while, and does the next. The
//! users share the machine with the servers they measure.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and fails by panicking")]

mod cluster;
mod outcome;
mod stage;
mod users;

use std::time::Duration;

use clap::Parser;
use picup_testkit::TestServer;

use cluster::Cluster;
use stage::Stage;

/// Longer than any run: nobody signs in again while time is taken.
const SETTINGS: &str = "[auth]\naccess_minutes = 600\n";

#[derive(Clone, Parser)]
struct Options {
    /// Users at the same time, one run each.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 300, 500])]
    users: Vec<usize>,
    /// Of each run, after a warm-up of a quarter of it.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Between an answer and the next thing a user does: this long, give or take half.
    #[arg(long, default_value_t = 1000)]
    think_ms: u64,
    #[arg(long, default_value_t = 25)]
    families: usize,
    #[arg(long, default_value_t = 80)]
    photos_per_family: u64,
    /// Leaves out what is not named: embedded, mariadb, two, redis, replica.
    #[arg(long, value_delimiter = ',', default_value = "embedded,mariadb,two,redis,replica")]
    variants: Vec<String>,
    /// Cargo says so.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    fn wants(&self, variant: &str) -> bool {
        self.variants.iter().any(|name| name == variant)
    }

    fn length(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

#[tokio::main]
async fn main() {
    let options = Options::parse();
    users::describe(&options);
    if options.wants("embedded") {
        embedded(&options).await;
    }
    if ["mariadb", "two", "redis", "replica"].into_iter().any(|variant| options.wants(variant)) {
        clustered(&options).await;
    }
}

async fn embedded(options: &Options) {
    let server = TestServer::builder().own_databases().config(SETTINGS).backup_dir().start().await;
    let stage = Stage::build(&server, options).await;
    run("embedded: SQLite, one process", &[server], &stage, options).await;
}

async fn clustered(options: &Options) {
    let cluster = Cluster::start().await;
    let first = cluster.server(0, &cluster::Form::default()).await;
    let stage = Stage::build(&first, options).await;
    if options.wants("mariadb") {
        run("MariaDB, one process", &[first], &stage, options).await;
    } else {
        drop(first);
    }
    let forms = [
        ("two", "MariaDB, two processes", cluster::Form::default()),
        ("redis", "MariaDB, two processes, Redis", cluster::Form { redis: true, replica: false }),
        (
            "replica",
            "MariaDB and a replica, two processes, Redis",
            cluster::Form { redis: true, replica: true },
        ),
    ];
    for (variant, title, form) in forms {
        if options.wants(variant) {
            let servers = [cluster.server(0, &form).await, cluster.server(1, &form).await];
            run(title, &servers, &stage, options).await;
        }
    }
}

async fn run(title: &str, servers: &[TestServer], stage: &Stage, options: &Options) {
    println!("\n{title}");
    for &users in &options.users {
        let warm_up = options.length() / 4;
        users::browse(servers, stage, users, warm_up, options).await;
        let outcome =
            outcome::watch(servers, users::browse(servers, stage, users, options.length(), options));
        outcome.await.print(users);
    }
}

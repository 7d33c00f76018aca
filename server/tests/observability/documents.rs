//! What is written about the metrics is true: the table in the documentation, and the alert rules.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use picup_testkit::{
    TestServer,
    daemons::{MariaDbPair, RabbitMq, Redis},
    eventually,
};
use serde::Deserialize;

use crate::{collector::Collector, photo, scrape::Scrape};

/// Words of the query language, and labels it joins by.
const WORDS: [&str; 18] = [
    "absent",
    "and",
    "by",
    "database",
    "group_left",
    "increase",
    "instance",
    "job",
    "max",
    "min",
    "on",
    "or",
    "rate",
    "replica",
    "state",
    "store",
    "sum",
    "time",
];
/// Metrics of Prometheus itself and of other exporters.
const OTHERS: [&str; 2] = ["up", "mysql_"];

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// A server with everything that can be configured, after it did a little of everything.
async fn families_of_a_whole_server() -> BTreeMap<String, BTreeSet<String>> {
    let (pair, redis, rabbit, collector) =
        tokio::join!(MariaDbPair::start(), Redis::start(), RabbitMq::start(), Collector::start());
    let config = format!(
        "[cache]\nurl = \"{}\"\n[telemetry]\notlp_endpoint = \"{}\"\n{}",
        redis.url(),
        collector.endpoint,
        pair.config()
    );
    let server =
        TestServer::builder().own_databases().queue(&rabbit).backup_dir().config(&config).start().await;
    let people = server.family().await;
    people.upload(&photo(1), "sea.jpg").await;
    let unknown = reqwest::get(server.base_url().join("/v1/me").unwrap()).await.unwrap();
    assert_eq!(unknown.status(), 401);
    let last = [
        "render_seconds",
        "trace_batches_total",
        "sql_replica_left_out",
        "scrub_verified_ratio",
        "jobs_dead",
        "jobs_published_total",
        "queue_messages",
    ];
    eventually("everything was told once", async || {
        let families = Scrape::of(&server).await.families();
        last.iter().all(|name| families.contains_key(*name)).then_some(families)
    })
    .await
}

/// Metric and labels of each row of the table.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let text = read("docs/observability.md");
    let rows = text.lines().filter_map(|line| {
        let (name, rest) = line.strip_prefix("| `")?.split_once("` |")?;
        let labels = rest.split('|').next()?.split(',').map(str::trim).filter(|label| !label.is_empty());
        Some((name.to_owned(), labels.map(str::to_owned).collect()))
    });
    rows.collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    alert: String,
    expr: String,
    #[serde(default)]
    r#for: String,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

fn rules() -> Rules {
    serde_norway::from_str(&read("provisioning/monitoring/alerts.yml")).unwrap()
}

/// Identifiers of an expression outside braces, brackets and quotes.
fn metrics_in(expression: &str) -> BTreeSet<String> {
    let mut bare = String::new();
    let (mut depth, mut quoted) = (0, false);
    for letter in expression.chars() {
        match letter {
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth -= 1,
            other if depth == 0 && !quoted => bare.push(other),
            _ => {}
        }
    }
    let words = bare.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let is_metric =
        |word: &&str| word.starts_with(|letter: char| letter.is_ascii_lowercase()) && !WORDS.contains(word);
    words.filter(is_metric).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_documentation_and_the_alerts_name_the_metrics_there_are() {
    let told = families_of_a_whole_server().await;
    assert_eq!(documented(), told);
    for rule in rules().groups.into_iter().flat_map(|group| group.rules) {
        for metric in metrics_in(&rule.expr) {
            let is_known = told.contains_key(&metric) || OTHERS.iter().any(|other| metric.starts_with(other));
            assert!(is_known, "{}: {metric} is not told", rule.alert);
        }
    }
}

#[test]
fn every_alert_says_what_is_wrong_and_what_to_do() {
    let mut names = BTreeSet::new();
    for group in rules().groups {
        assert!(group.name.starts_with("picup-"));
        for rule in group.rules {
            assert!(
                ["info", "warning", "critical"].contains(&rule.labels["severity"].as_str()),
                "{}",
                rule.alert
            );
            assert!(rule.annotations.contains_key("summary") && rule.annotations.contains_key("description"));
            assert!(rule.r#for.is_empty() || rule.r#for.ends_with(['m', 'h']), "{}", rule.alert);
            assert!(!metrics_in(&rule.expr).is_empty(), "{}", rule.alert);
            assert!(names.insert(rule.alert.clone()), "{} stands twice", rule.alert);
        }
    }
    for needed in [
        "JobsWait",
        "DeadJobs",
        "ReplicaLags",
        "ReplicaLeftOut",
        "CommitsUnconfirmed",
        "QueueAway",
        "CopiesMissing",
        "StoreAway",
        "ScrubBehind",
        "ManyFailedRequests",
        "SpoolDiskFull",
    ] {
        assert!(names.contains(&format!("Picup{needed}")), "{needed}");
    }
}

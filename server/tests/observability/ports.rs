//! Every port is measured: after one upload each has told of its operations.

use picup_testkit::{
    TestServer,
    daemons::{RabbitMq, Redis},
    eventually,
};

use crate::{
    photo,
    scrape::{Scrape, until},
};

#[tokio::test]
async fn one_upload_is_seen_at_every_port() {
    let (redis, rabbit) = tokio::join!(Redis::start(), RabbitMq::start());
    let config = format!("[cache]\nurl = \"{}\"\n", redis.url());
    let server = TestServer::builder().backup_dir().queue(&rabbit).config(&config).start().await;
    let people = server.family().await;
    let photo = people.upload(&photo(1), "sea.jpg").await;
    until(&server, "job_seconds_count", &[("kind", "render")], 1.0).await;
    until(&server, "queue_messages", &[("queue", "dead")], 0.0).await;
    let url = people.owner.photo(photo).await.unwrap().renditions[&picup_api::photo::Rendition::Original]
        .url
        .clone();
    people.owner.media_bytes(&url, 1 << 20).await.unwrap();

    // An event goes out, and a message is acknowledged, just after what they tell of.
    for (name, operation) in [("cache_seconds_count", "publish"), ("queue_seconds_count", "acknowledge")] {
        let told = async || Scrape::of(&server).await.value(name, &[("operation", operation)]);
        eventually("it is counted", async || told().await.filter(|count| *count >= 1.0)).await;
    }
    let seen = Scrape::of(&server).await;
    let at_least = |name: &str, labels: &[(&str, &str)], least: f64| {
        let value = seen.value(name, labels);
        assert!(value.is_some_and(|value| value >= least), "{name} {labels:?} is {value:?}");
    };
    at_least(
        "http_request_seconds_count",
        &[("method", "POST"), ("path", "/v1/uploads"), ("status", "201")],
        1.0,
    );
    for operation in ["connect", "read", "write", "commit"] {
        for database in ["accounts", "library"] {
            at_least(
                "sql_seconds_count",
                &[("database", database), ("operation", operation), ("server", server_word())],
                1.0,
            );
        }
    }
    for store in ["main", "backup"] {
        at_least("blob_seconds_count", &[("store", store), ("operation", "put")], 1.0);
        at_least("blob_written_bytes_total", &[("store", store)], 500.0);
    }
    at_least("blob_seconds_count", &[("store", "main"), ("operation", "read")], 1.0);
    at_least("blob_read_bytes_total", &[("store", "main")], 500.0);
    at_least("cache_seconds_count", &[("operation", "limit")], 1.0);
    at_least("cache_seconds_count", &[("operation", "publish")], 1.0);
    for operation in ["connect", "publish", "acknowledge"] {
        at_least("queue_seconds_count", &[("operation", operation)], 1.0);
    }
    for queue in ["accounts", "render", "copies", "library", "retry", "dead"] {
        at_least("queue_messages", &[("queue", queue)], 0.0);
    }
    at_least("render_seconds_count", &[("outcome", "rendered")], 1.0);
}

/// Where the tests' databases are.
fn server_word() -> &'static str {
    match std::env::var("PICUP_TEST_DATABASES").as_deref() {
        Ok("mariadb") => "primary",
        _ => "file",
    }
}

#[tokio::test]
async fn nothing_is_under_way_when_everything_is_done() {
    let server = TestServer::builder().backup_dir().start().await;
    let people = server.family().await;
    people.upload(&photo(1), "sea.jpg").await;
    // A client that goes away in the middle is no longer under way either.
    let waiting = reqwest::Client::new().post(server.base_url().join("/v1/auth/signin").unwrap());
    let (sender, body) = tokio::io::duplex(16);
    let body = reqwest::Body::wrap_stream(tokio_util::io::ReaderStream::new(body));
    let request = tokio::spawn(waiting.header("content-type", "application/json").body(body).send());
    until(&server, "http_requests_in_flight", &[], 1.0).await;
    request.abort();
    drop(sender);
    eventually("no gauge counts anything", async || {
        let seen = Scrape::of(&server).await;
        let busy =
            seen.samples.iter().filter(|sample| sample.name.ends_with("_in_flight") && sample.value != 0.0);
        (busy.count() == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_strangers_words_make_no_new_series() {
    let server = TestServer::start().await;
    let http = reqwest::Client::new();
    for n in 0..20 {
        let method = reqwest::Method::from_bytes(format!("WORD{n}").as_bytes()).unwrap();
        http.request(method, server.base_url().join(&format!("/nowhere/{n}")).unwrap()).send().await.unwrap();
    }
    let seen = Scrape::of(&server).await;
    let series: Vec<_> = seen
        .samples
        .iter()
        .filter(|sample| sample.name == "http_requests_total")
        .map(|sample| &sample.labels)
        .collect();
    assert_eq!(series.len(), 1, "{series:?}");
    assert_eq!(series[0]["method"], "other");
    assert_eq!(series[0]["path"], "other");
}

#[tokio::test]
async fn a_refused_sign_in_is_counted_by_what_it_was_refused_for() {
    let server = TestServer::builder().env("PICUP__AUTH__SIGNIN_PER_MINUTE", 1).start().await;
    let url = server.base_url().join("/v1/auth/signin").unwrap();
    let sign_in = async || {
        let body = serde_json::json!({"email": "nobody@example.org", "password": "a long wrong one", "client": "app"});
        reqwest::Client::new().post(url.clone()).json(&body).send().await.unwrap().status().as_u16()
    };
    assert_eq!([sign_in().await, sign_in().await], [401, 429]);
    let seen = Scrape::of(&server).await;
    assert_eq!(seen.value("rate_limit_refusals_total", &[("whose", "name")]), Some(1.0));
    assert_eq!(seen.value("rate_limit_refusals_total", &[("whose", "address")]), Some(0.0));
    assert_eq!(seen.value("http_errors_total", &[("code", "rate_limited")]), Some(1.0));
}

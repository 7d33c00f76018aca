//! A collector that is away or hangs: requests do not notice, memory stays bounded, and the end does not wait for it.

use picup_testkit::TestServer;
use tokio::net::TcpListener;

use crate::photo;

/// Connections are taken and nothing is ever answered.
async fn hanging_collector() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            open.push(connection);
        }
    });
    endpoint
}

/// Nobody listens there any more.
async fn absent_collector() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn resident_kilobytes(server: &TestServer) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Each is a request with two statements: more spans than the queue has room for.
async fn ask_often(server: &TestServer) {
    let (http, url) = (reqwest::Client::new(), server.base_url().join("/readyz").unwrap());
    for _ in 0..2000 {
        assert_eq!(http.get(url.clone()).send().await.unwrap().status(), 200);
    }
}

async fn check_that_nobody_notices(endpoint: &str) {
    let config = format!("[telemetry]\notlp_endpoint = \"{endpoint}\"\n");
    let mut server = TestServer::builder().config(&config).start().await;
    let people = server.family().await;
    people.upload(&photo(1), "sea.jpg").await;
    ask_often(&server).await;
    let before = resident_kilobytes(&server);
    ask_often(&server).await;
    let grown = resident_kilobytes(&server).saturating_sub(before);
    assert!(grown < 8 * 1024, "6,000 spans nobody takes cost {grown} KiB");
    assert!(server.stop().await.success());
    let told = server.logs().matches("the collector of traces is away").count();
    assert!(told <= 1, "told {told} times");
}

#[tokio::test]
async fn a_collector_that_hangs_costs_requests_nothing() {
    check_that_nobody_notices(&hanging_collector().await).await;
}

#[tokio::test]
async fn a_collector_that_is_away_costs_requests_nothing() {
    check_that_nobody_notices(&absent_collector().await).await;
}

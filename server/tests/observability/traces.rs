//! One trace goes from the client's request through SQL and the stores to the job it caused.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use opentelemetry_proto::tonic::trace::v1::Span;
use picup_testkit::{People, TestServer, sha256};
use reqwest::RequestBuilder;

use crate::{
    collector::{Collector, attribute},
    log_line, photo,
};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CLIENT: &str = "b7ad6b7169203331";
const FILENAME: &str = "our-secret-beach.jpg";

async fn traced_server(collector: &Collector) -> TestServer {
    let config =
        format!("[telemetry]\notlp_endpoint = \"{}\"\nservice_name = \"picup-test\"\n", collector.endpoint);
    TestServer::builder().backup_dir().config(&config).start().await
}

/// Asks for room for an upload.
pub(crate) fn create_upload(
    server: &TestServer,
    people: &People,
    token: &str,
    length: usize,
) -> RequestBuilder {
    let pair = |name: &str, value: &str| format!("{name} {}", BASE64.encode(value));
    let metadata = [pair("filename", FILENAME), pair("family", &people.family.to_string())].join(",");
    let url = server.base_url().join("/v1/uploads").unwrap();
    let request = reqwest::Client::new().post(url).bearer_auth(token);
    request
        .header("Tus-Resumable", "1.0.0")
        .header("Upload-Length", length)
        .header("Upload-Metadata", metadata)
}

/// The whole file with its creation; answers the request's id.
async fn upload_traced(server: &TestServer, people: &People, bytes: Vec<u8>, flags: &str) -> String {
    let token = people.owner.access_token().await.unwrap();
    let answer = create_upload(server, people, &token, bytes.len())
        .header("traceparent", format!("00-{TRACE}-{CLIENT}-{flags}"))
        .header("content-type", "application/offset+octet-stream")
        .body(bytes)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    answer.headers()["x-request-id"].to_str().unwrap().to_owned()
}

fn named<'a>(spans: &'a [Span], name: &str) -> Option<&'a Span> {
    spans.iter().find(|span| span.name == name)
}

fn are_whole(spans: &[Span]) -> bool {
    named(spans, "job render").is_some() && named(spans, "POST /v1/uploads").is_some()
}

/// Whether `span` is below `ancestor`.
fn is_below(spans: &[Span], span: &Span, ancestor: &Span) -> bool {
    let parent = spans.iter().find(|other| other.span_id == span.parent_span_id);
    parent.is_some_and(|parent| parent.span_id == ancestor.span_id || is_below(spans, parent, ancestor))
}

#[tokio::test]
async fn one_trace_goes_from_the_request_through_sql_and_stores_to_the_job_it_caused() {
    let collector = Collector::start().await;
    let server = traced_server(&collector).await;
    let people = server.family().await;
    let bytes = photo(1);
    upload_traced(&server, &people, bytes.clone(), "01").await;
    let spans = collector.trace(TRACE, are_whole).await;

    let request = named(&spans, "POST /v1/uploads").unwrap();
    assert_eq!(hex::encode(&request.parent_span_id), CLIENT);
    assert_eq!(attribute(request, "http.route").as_deref(), Some("/v1/uploads"));
    assert_eq!(attribute(request, "http.response.status_code").as_deref(), Some("201"));
    let job = named(&spans, "job render").unwrap();
    assert_eq!(job.parent_span_id, request.span_id);
    let below = |ancestor: &Span, name: &str| {
        spans.iter().any(|span| span.name == name && is_below(&spans, span, ancestor))
    };
    for name in ["INSERT photos", "INSERT jobs", "COMMIT", "blob put"] {
        assert!(below(request, name), "{name} is in the request's part");
    }
    for name in ["SELECT photos", "UPDATE photos", "COMMIT", "blob read", "blob put"] {
        assert!(below(job, name), "{name} is in the job's part");
    }
    let sql = named(&spans, "INSERT photos").unwrap();
    assert_eq!(attribute(sql, "db.namespace").as_deref(), Some("library"));
    assert_eq!(attribute(sql, "db.collection.name").as_deref(), Some("photos"));
    let stores: Vec<_> = spans.iter().filter_map(|span| attribute(span, "store")).collect();
    assert!(stores.contains(&"main".to_owned()) && stores.contains(&"backup".to_owned()), "{stores:?}");
    assert!(collector.spans().iter().all(|(service, _)| service == "picup-test"));
}

#[tokio::test]
async fn nothing_personal_and_no_secret_is_in_a_span_or_a_log_line() {
    let collector = Collector::start().await;
    let server = traced_server(&collector).await;
    let people = server.family().await;
    let bytes = photo(1);
    upload_traced(&server, &people, bytes.clone(), "01").await;
    collector.trace(TRACE, are_whole).await;
    let told = format!("{:?}\n{}", collector.spans(), server.logs());
    let token = people.owner.access_token().await.unwrap();
    let signature = token.rsplit('.').next().unwrap();
    for secret in [FILENAME, &people.owner_email, &people.password, signature, "Kim", "127.0.0.1:5"] {
        assert!(!told.contains(secret), "{secret} is told");
    }
    assert!(!format!("{:?}", collector.spans()).contains(&sha256(&bytes).to_string()), "a key is told");
}

#[tokio::test]
async fn every_log_line_of_a_request_and_its_job_names_the_trace() {
    let collector = Collector::start().await;
    let server = traced_server(&collector).await;
    let people = server.family().await;
    let request_id =
        upload_traced(&server, &people, b"\xff\xd8\xff\xe0 begins like a picture".to_vec(), "01").await;
    collector.trace(TRACE, are_whole).await;
    let accepted = log_line(&server, "photo accepted").await;
    assert_eq!(accepted["request_id"], request_id);
    assert_eq!(accepted["trace_id"], TRACE);
    let broken = log_line(&server, "a photo cannot be shown").await;
    assert_eq!(broken["trace_id"], TRACE, "the job's line");
    assert!(broken["job"].is_string());
}

#[tokio::test]
async fn a_client_that_keeps_no_trace_is_not_traced_but_its_lines_name_it() {
    let collector = Collector::start().await;
    let mut server = traced_server(&collector).await;
    let people = server.family().await;
    upload_traced(&server, &people, photo(1), "00").await;
    assert!(server.stop().await.success());
    let spans = collector.spans();
    assert!(spans.iter().any(|(_, span)| span.name == "POST /v1/auth/signup"), "the end sends what is left");
    assert!(!spans.iter().any(|(_, span)| hex::encode(&span.trace_id) == TRACE));
    let accepted = log_line(&server, "photo accepted").await;
    assert_eq!(accepted["trace_id"], TRACE);
}

#[tokio::test]
async fn without_a_collector_lines_still_name_the_clients_trace() {
    let server = TestServer::start().await;
    let people = server.family().await;
    upload_traced(&server, &people, photo(1), "01").await;
    let accepted = log_line(&server, "photo accepted").await;
    assert_eq!(accepted["trace_id"], TRACE);
}

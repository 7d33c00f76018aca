//! Counts and times of requests, by matched route, for Prometheus.

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
    routing::get,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::{App, telemetry::InFlight};

pub type Recorder = PrometheusHandle;

const SECONDS: &[f64] = &[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0];

/// A statement on a file takes a tenth of a millisecond.
const SHORT_SECONDS: &[f64] =
    &[0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0];

/// Installs the process-wide recorder. Errors when there is one already.
pub fn install() -> anyhow::Result<Recorder> {
    let mut builder = PrometheusBuilder::new().set_buckets(SECONDS)?;
    for port in ["sql_", "blob_", "cache_"] {
        builder = builder.set_buckets_for_metric(Matcher::Prefix(port.to_owned()), SHORT_SECONDS)?;
    }
    Ok(builder.install_recorder()?)
}

pub fn route(recorder: Recorder) -> Router<Arc<App>> {
    Router::new().route("/metrics", get(move || std::future::ready(recorder.render())))
}

/// Counts a request and how long it took. Labels are bounded: the route's pattern, never the path.
pub async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = method_word(request.method()).to_owned();
    let path = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    // Also ends when the client goes away.
    let in_flight = InFlight::enter(metrics::gauge!("http_requests_in_flight"));
    let response = next.run(request).await;
    drop(in_flight);
    let labels = [("method", method), ("path", path), ("status", response.status().as_u16().to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels).record(started.elapsed().as_secs_f64());
    response
}

/// Clients may send any word for a method: only known ones are labels.
pub(super) fn method_word(method: &Method) -> &str {
    let is_known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ]
    .contains(method);
    if is_known { method.as_str() } else { "other" }
}

//! Counts and times of requests, by matched route, for Prometheus.

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
    routing::get,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::App;

pub type Recorder = PrometheusHandle;

const SECONDS: &[f64] = &[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0];

/// Installs the process-wide recorder. Errors when there is one already.
pub fn install() -> anyhow::Result<Recorder> {
    let builder = PrometheusBuilder::new().set_buckets(SECONDS)?;
    Ok(builder.install_recorder()?)
}

pub fn route(recorder: Recorder) -> Router<Arc<App>> {
    Router::new().route("/metrics", get(move || std::future::ready(recorder.render())))
}

/// Counts a request and how long it took. Labels are bounded: the route's pattern, never the path.
pub async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().to_string();
    let path = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    metrics::gauge!("http_requests_in_flight").increment(1);
    let response = next.run(request).await;
    metrics::gauge!("http_requests_in_flight").decrement(1);
    let labels = [("method", method), ("path", path), ("status", response.status().as_u16().to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels).record(started.elapsed().as_secs_f64());
    response
}

//! The spans a request is answered in: one for the log, one for its trace. Both last until the answer's last byte.
//!
//! Routes are patterns and ids are ours: nothing personal is in them.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, HttpBody},
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use http_body::Frame;
use tracing::{Span, field::Empty};
use uuid::Uuid;

use super::{extract::RequestId, metrics::method_word};
use crate::telemetry::trace::{self, Spans};

const REQUEST_ID: &str = "x-request-id";

/// Gives each request an id, its own or the caller's, and its spans.
pub(super) async fn identify_request(mut request: Request, next: Next) -> Response {
    let id = given(request.headers(), REQUEST_ID).filter(|id| is_plain(id));
    let id = id.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let trace = trace_span(&request);
    let spans = Spans { log: log_span(&request, &id, &trace), trace };
    let mut response = spans.run(next.run(request)).await;
    note(&spans.trace, &response);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if is_endless(&response) { response } else { response.map(|body| Body::new(Answer { body, spans })) }
}

fn trace_span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str);
    let method = method_word(request.method());
    let span = tracing::debug_span!(
        parent: None,
        "http",
        otel.kind = "server",
        otel.name = format!("{method} {route}"),
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty
    );
    trace::follow(&span, given(request.headers(), trace::TRACEPARENT));
    span
}

/// Of the highest level: whatever is logged of a request says which.
fn log_span(request: &Request, id: &str, trace: &Span) -> Span {
    let trace_id = trace::id_of(trace, given(request.headers(), trace::TRACEPARENT));
    tracing::error_span!(parent: None, "request", request_id = id, trace_id, method = method_word(request.method()))
}

fn note(trace: &Span, response: &Response) {
    trace.record("http.response.status_code", response.status().as_u16());
    if response.status().is_server_error() {
        trace.record("otel.status_code", "ERROR");
    }
}

fn given<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Only short plain text is taken over: it ends up in logs.
fn is_plain(id: &str) -> bool {
    id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && (8..=64).contains(&id.len())
}

/// A listener's stream is open for minutes: a span that long tells nothing.
fn is_endless(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

/// The rest of an answer, in the spans it began in: what is found while a photo is read is logged with its request.
struct Answer {
    body: Body,
    spans: Spans,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let answer = &mut *self;
        answer.spans.run_now(|| Pin::new(&mut answer.body).poll_frame(context))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

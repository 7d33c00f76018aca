//! Errors to answers: RFC 9457 problem details, in this one place.

use std::any::Any;

use axum::{
    Json,
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use picup_api::{ErrorCode, Problem};

use super::extract::RequestId;
use crate::Error;

impl IntoResponse for Error {
    /// An empty answer that carries the error: `finish` knows the request's id and writes the body.
    fn into_response(self) -> Response {
        let mut response = status(self.code()).into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

fn status(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Answers a panic like any other fault of ours.
pub fn from_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic.downcast_ref::<String>().cloned();
    let message = message.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Error::internal(anyhow::anyhow!("panic: {}", message.unwrap_or_default())).into_response()
}

/// Writes the body of every failed answer, and logs faults of ours once.
pub async fn finish(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let response = next.run(request).await;
    let error = response.extensions().get::<std::sync::Arc<Error>>().cloned();
    match error.or_else(|| unnamed(&response)) {
        Some(error) => write(response, &error, &id),
        None => response,
    }
}

/// Answers made by the framework carry no error of ours.
fn unnamed(response: &Response) -> Option<std::sync::Arc<Error>> {
    let code = match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::REQUEST_TIMEOUT => ErrorCode::Unavailable,
        _ => return None,
    };
    Some(std::sync::Arc::new(Error::new(code)))
}

fn write(response: Response, error: &Error, id: &RequestId) -> Response {
    log(error);
    let (mut parts, _) = response.into_parts();
    parts.status = status(error.code());
    parts.headers.remove(header::CONTENT_LENGTH);
    let json = Json(problem(error, id)).into_response();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if parts.status == StatusCode::UNAUTHORIZED {
        parts.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(wait) = error.retry_after() {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    Response::from_parts(parts, Body::new(json.into_body()))
}

fn problem(error: &Error, id: &RequestId) -> Problem {
    let status = status(error.code());
    let oauth = matches!(
        error.code(),
        ErrorCode::PairingPending
            | ErrorCode::PairingTooFast
            | ErrorCode::PairingExpired
            | ErrorCode::PairingInvalid
            | ErrorCode::GrantTypeUnsupported
    );
    Problem {
        kind: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        code: error.code(),
        detail: error.detail().map(str::to_owned),
        request_id: id.0.clone(),
        errors: error.fields().to_vec(),
        error: oauth.then(|| error.code().as_str().to_owned()),
    }
}

fn log(error: &Error) {
    metrics::counter!("http_errors_total", "code" => error.code().as_str()).increment(1);
    if error.code().status() >= 500 {
        tracing::error!(code = error.code().as_str(), error = %error, "request failed");
    } else {
        tracing::debug!(code = error.code().as_str(), error = %error, "request refused");
    }
}

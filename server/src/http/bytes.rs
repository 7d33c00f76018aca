//! Bodies that are bytes, not JSON: small enough to be held in memory, and never run by whoever gets them.

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderName, HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use picup_api::ErrorCode;

use super::BODY_TIMEOUT;
use crate::Error;

/// A request's body of at most `MAX` bytes. What it is, its reader tells from the bytes.
pub(super) struct Raw<const MAX: usize>(pub Bytes);

impl<S: Send + Sync, const MAX: usize> FromRequest<S> for Raw<MAX> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let malformed = |why: &str| Error::new(ErrorCode::MalformedRequest).with_detail(why);
        let body = Limited::new(request.into_body(), MAX).collect();
        match tokio::time::timeout(BODY_TIMEOUT, body).await {
            Ok(Ok(body)) => Ok(Self(body.to_bytes())),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ErrorCode::PayloadTooLarge.into()),
            Ok(Err(_)) => Err(malformed("the body was cut off")),
            Err(_) => Err(malformed("the body came too slowly")),
        }
    }
}

/// An answer of bytes that a browser shows or plays as what we say they are, and as nothing else.
pub(super) fn answer(bytes: Vec<u8>, media_type: &'static str, caching: &'static str) -> Response {
    let mut answer = Response::new(Body::from(bytes));
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, caching),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    answer.headers_mut().extend(headers.map(|(name, text)| (name, HeaderValue::from_static(text))));
    answer
}

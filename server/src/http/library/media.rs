//! `GET /media/{photo}/{rendition}?e=&s=`: bytes, whole or in part.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use picup_api::{ErrorCode, PhotoId, photo::Rendition};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Error, Result,
    domain::range::{Wanted, parse_range},
    http::extract::{Path, Query},
    ops::library::media::{self, Address, Medium},
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(read))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Signature {
    /// When the address stops working, epoch seconds.
    e: i64,
    /// Proof that this server made the address.
    s: String,
}

/// Sends a rendition or the original. The address is the permission.
#[utoipa::path(get, path = "/media/{photo}/{rendition}", tag = "media", security(()),
    params(("photo" = PhotoId, Path), ("rendition" = String, Path), Signature),
    responses((status = OK, content_type = "application/octet-stream"), (status = PARTIAL_CONTENT)))]
async fn read(
    State(app): State<Arc<App>>,
    Path((photo, rendition)): Path<(PhotoId, String)>,
    Query(signature): Query<Signature>,
    headers: HeaderMap,
) -> Result<Response> {
    let rendition = Rendition::from_name(&rendition).ok_or(ErrorCode::NotFound)?;
    let address = Address { photo, rendition, expires: signature.e, signature: signature.s };
    let medium = media::find(&app, &address).await?;
    let mut answer = Response::new(Body::empty());
    *answer.headers_mut() = describe(&medium)?;
    if has_it(&headers, &medium) {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(answer);
    }
    let (range, length) = match wanted(&headers, &medium) {
        Wanted::Whole => (None, medium.size),
        Wanted::Part(range) => (Some(range.clone()), range.end - range.start),
        Wanted::Unsatisfiable => return unsatisfiable(&medium),
    };
    if let Some(range) = &range {
        *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        let of = format!("bytes {}-{}/{}", range.start, range.end - 1, medium.size);
        answer.headers_mut().insert(header::CONTENT_RANGE, value(&of)?);
    }
    answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    *answer.body_mut() = Body::from_stream(media::open(&app, &medium, range).await?.stream);
    Ok(answer)
}

/// Tells how much there is (RFC 9110, 15.5.17).
fn unsatisfiable(medium: &Medium) -> Result<Response> {
    let mut answer = Error::new(ErrorCode::RangeNotSatisfiable).into_response();
    answer.headers_mut().insert(header::CONTENT_RANGE, value(&format!("bytes */{}", medium.size))?);
    Ok(answer)
}

fn describe(medium: &Medium) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let caching = format!("private, max-age={}, immutable", medium.seconds_left.max(0));
    let fixed = [
        (header::CONTENT_TYPE, medium.media_type),
        (header::ACCEPT_RANGES, "bytes"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    headers.extend(fixed.map(|(name, text)| (name, HeaderValue::from_static(text))));
    headers.insert(header::CACHE_CONTROL, value(&caching)?);
    headers.insert(header::ETAG, value(&quoted(medium))?);
    if let Some(filename) = &medium.filename {
        headers.insert(header::CONTENT_DISPOSITION, value(&disposition(filename))?);
    }
    Ok(headers)
}

fn value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(Error::internal)
}

fn quoted(medium: &Medium) -> String {
    format!("\"{}\"", medium.tag)
}

fn has_it(headers: &HeaderMap, medium: &Medium) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tag = quoted(medium);
    known
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// A part of other bytes is of no use: `If-Range` asks for the whole then.
fn wanted(headers: &HeaderMap, medium: &Medium) -> Wanted {
    let same = headers.get(header::IF_RANGE).is_none_or(|tag| tag.as_bytes() == quoted(medium).as_bytes());
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).filter(|_| same);
    range.map_or(Wanted::Whole, |range| parse_range(range, medium.size))
}

/// The sender's name for the file (RFC 6266): plain ASCII for old readers, the real one percent-encoded.
fn disposition(filename: &str) -> String {
    let plain: String = filename
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " ._-()".contains(c) { c } else { '_' })
        .collect();
    let encoded: String = filename
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"._-".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("inline; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FAILURES 30: path tricks and header tricks in file names.
    #[test]
    fn a_file_name_cannot_leave_its_header() {
        let text = disposition("바다\"; x=\r\n../a.jpg");
        assert!(text.is_ascii() && !text.contains('\n'));
        assert_eq!(text.matches('"').count(), 2);
        assert!(HeaderValue::from_str(&text).is_ok());
    }
}

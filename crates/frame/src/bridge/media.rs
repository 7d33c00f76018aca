//! Pictures, videos and voices from the cache. What plays wants the token, in its address or in the page's cookie.

use std::path::Path as FilePath;

use axum::{
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use picup_api::{CommentId, PhotoId};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::{Bridge, NOT_FOUND};
use crate::{CachedPicture, PanelSize, cache::Heard};

pub(super) const COOKIE: &str = "picup_video";

#[derive(serde::Deserialize)]
pub(super) struct Fit {
    /// `{width}x{height}`, in pixels.
    fit: Option<String>,
}

pub(super) async fn photo(
    State(bridge): State<Bridge>,
    Path(id): Path<String>,
    Query(query): Query<Fit>,
    request: Request,
) -> Response {
    let Ok(photo) = id.parse::<PhotoId>() else { return NOT_FOUND.into_response() };
    if let Some(panel) = query.fit.and_then(|fit| fit.parse::<PanelSize>().ok()) {
        return bridge.engine.picture_within(photo, panel).await.map_or(NOT_FOUND.into_response(), whole);
    }
    match bridge.engine.picture(photo).await {
        Some(file) => send(file, request).await,
        None => NOT_FOUND.into_response(),
    }
}

#[derive(serde::Deserialize)]
pub(super) struct Token {
    token: Option<String>,
}

pub(super) async fn video(
    State(bridge): State<Bridge>,
    Path(id): Path<String>,
    Query(query): Query<Token>,
    request: Request,
) -> Response {
    if !is_let_in(&bridge, query, &request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let video = match id.parse::<PhotoId>() {
        Ok(photo) => bridge.engine.video(photo).await,
        Err(_) => None,
    };
    match video {
        Some(file) => send(file, request).await,
        None => NOT_FOUND.into_response(),
    }
}

/// What a child has said of a photo.
pub(super) async fn voice(
    State(bridge): State<Bridge>,
    Path(id): Path<String>,
    Query(query): Query<Token>,
    request: Request,
) -> Response {
    if !is_let_in(&bridge, query, &request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let heard = match id.parse::<CommentId>() {
        Ok(comment) => bridge.engine.voice(comment).await,
        Err(_) => None,
    };
    match heard {
        Some(Heard { bytes, media_type }) => whole((media_type, bytes)),
        None => NOT_FOUND.into_response(),
    }
}

fn is_let_in(bridge: &Bridge, query: Token, request: &Request) -> bool {
    let expected = bridge.engine.videos().token;
    let shown = query.token.or_else(|| cookie(request));
    shown.is_some_and(|shown| is_same(shown.as_bytes(), expected.as_bytes()))
}

fn cookie(request: &Request) -> Option<String> {
    let all = request.headers().get(header::COOKIE)?.to_str().ok()?;
    let pairs = all.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned()).next()
}

fn is_same(shown: &[u8], expected: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(shown, expected).is_ok()
}

fn whole((media_type, bytes): (String, Vec<u8>)) -> Response {
    let kind = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache".to_owned())];
    (kind, [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")], bytes).into_response()
}

/// With Range and conditional requests.
async fn send(file: CachedPicture, request: Request<Body>) -> Response {
    let served = ServeFile::new(FilePath::new(&file.path)).oneshot(request).await;
    let mut response = served.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&file.media_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

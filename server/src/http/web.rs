//! The built album manager, as static files.
//!
//! Paths of pages, which only the page itself knows, answer its entry; paths of the API never do.

use std::{convert::Infallible, path::PathBuf};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use picup_api::ErrorCode;
use tower::{ServiceExt, service_fn, util::BoxCloneSyncService};
use tower_http::services::{ServeDir, ServeFile};

use crate::Error;

const ENTRY: &str = "manager.html";
const API: [&str; 3] = ["/v1/", "/media/", "/metrics"];
/// The manager loads nothing from elsewhere; pictures come from here or from memory.
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; \
                      connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

pub fn service(directory: Option<PathBuf>) -> BoxCloneSyncService<Request, Response, Infallible> {
    BoxCloneSyncService::new(service_fn(move |request: Request| {
        let directory = directory.clone();
        async move { Ok(answer(directory, request).await) }
    }))
}

async fn answer(directory: Option<PathBuf>, request: Request) -> Response {
    let path = request.uri().path();
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    let Some(directory) = directory.filter(|_| readable && !API.iter().any(|api| path.starts_with(api)))
    else {
        return Error::new(ErrorCode::NotFound).into_response();
    };
    let hashed = path.starts_with("/assets/");
    let mut response = file(directory, request).await;
    let caching = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    if response.status().is_success() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    }
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

async fn file(directory: PathBuf, request: Request) -> Response {
    let entry = directory.join(ENTRY);
    if request.uri().path() == "/" {
        return ServeFile::new(entry)
            .oneshot(request)
            .await
            .map_or_else(|e| match e {}, |r| r.map(Body::new));
    }
    let files =
        ServeDir::new(directory).append_index_html_on_directories(false).fallback(ServeFile::new(entry));
    files.oneshot(request).await.map_or_else(|e| match e {}, |r| r.map(Body::new))
}

//! `photo://localhost/{id}`: a picture of the cache, by the photo's id and nothing else.
//!
//! Invariant: no path from the page ever reaches the file system.

use picup_api::PhotoId;
use picup_frame::Engine;
use tauri::{
    UriSchemeResponder,
    http::{Request, Response, StatusCode, header},
};

/// Answers in its own time; the window is never blocked by the disk.
pub(crate) fn answer(engine: &Engine, request: &Request<Vec<u8>>, responder: UriSchemeResponder) {
    let photo = asked_for(request.uri().path());
    let engine = engine.clone();
    tauri::async_runtime::spawn(async move {
        let picture = match photo {
            Some(photo) => read(&engine, photo).await,
            None => None,
        };
        responder.respond(response(picture));
    });
}

fn asked_for(path: &str) -> Option<PhotoId> {
    path.strip_prefix('/')?.parse().ok()
}

async fn read(engine: &Engine, photo: PhotoId) -> Option<(String, Vec<u8>)> {
    let picture = engine.picture(photo).await?;
    match tokio::fs::read(&picture.path).await {
        Ok(bytes) => Some((picture.media_type, bytes)),
        Err(error) => {
            tracing::warn!(photo = %photo, %error, "a cached picture cannot be read");
            None
        }
    }
}

fn response(picture: Option<(String, Vec<u8>)>) -> Response<Vec<u8>> {
    let (status, media_type, bytes) = match picture {
        Some((media_type, bytes)) => (StatusCode::OK, media_type, bytes),
        None => (StatusCode::NOT_FOUND, "text/plain".to_owned(), Vec::new()),
    };
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(media_type) = media_type.parse() {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    // A picture that was fetched anew must not be hidden by its torn predecessor.
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_is_a_photo() {
        assert!(asked_for("/018f6f6e-7c1a-7000-8000-000000000001").is_some());
        for path in ["/", "", "/etc/passwd", "/../x", "/018f6f6e-7c1a-7000-8000-000000000001/.."] {
            assert!(asked_for(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_photo_the_cache_has_not_got_is_not_found() {
        assert_eq!(response(None).status(), StatusCode::NOT_FOUND);
    }
}

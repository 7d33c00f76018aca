//! `photo://localhost/{id}?fit={width}x{height}`: a picture of the cache, by the photo's id and nothing else, no larger
//! than the panel.
//!
//! Invariant: no path from the page ever reaches the file system.

use picup_api::PhotoId;
use picup_frame::{Engine, PanelSize};
use tauri::{
    UriSchemeResponder,
    http::{Request, Response, StatusCode, Uri, header},
};

/// Answers in its own time; the window is never blocked by the disk.
pub(crate) fn answer(engine: &Engine, request: &Request<Vec<u8>>, responder: UriSchemeResponder) {
    let asked = asked_for(request.uri());
    let engine = engine.clone();
    tauri::async_runtime::spawn(async move {
        let picture = match asked {
            Some((photo, panel)) => engine.picture_within(photo, panel).await,
            None => None,
        };
        responder.respond(response(picture));
    });
}

fn asked_for(address: &Uri) -> Option<(PhotoId, PanelSize)> {
    let photo = address.path().strip_prefix('/')?.parse().ok()?;
    let panel = address.query()?.strip_prefix("fit=")?.parse().ok()?;
    Some((photo, panel))
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
    fn only_an_id_and_a_panel_are_a_photo() {
        let asked = |address: &str| asked_for(&format!("photo://localhost{address}").parse().unwrap());
        let (_, panel) = asked("/018f6f6e-7c1a-7000-8000-000000000001?fit=1280x800").unwrap();
        assert_eq!(panel, PanelSize { width: 1280, height: 800 });
        for address in [
            "/",
            "/etc/passwd?fit=1280x800",
            "/../x?fit=1280x800",
            "/018f6f6e-7c1a-7000-8000-000000000001",
            "/018f6f6e-7c1a-7000-8000-000000000001?fit=large",
            "/018f6f6e-7c1a-7000-8000-000000000001/..?fit=1280x800",
        ] {
            assert!(asked(address).is_none(), "{address}");
        }
    }

    #[test]
    fn a_photo_the_cache_has_not_got_is_not_found() {
        assert_eq!(response(None).status(), StatusCode::NOT_FOUND);
    }
}

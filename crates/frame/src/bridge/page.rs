//! The screen itself: `frame.html` and what it needs, or a plain page where it was not built.

use axum::{
    Router,
    extract::State,
    http::header,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use tower_http::services::ServeDir;

use super::{Bridge, media};
use crate::Engine;

/// Inline style and script are this page's own; pictures come from the bridge.
const PLAIN: &str = include_str!("page/plain.html");
const SCREEN: &str = "frame.html";

pub(super) fn routes(engine: &Engine) -> Router<Bridge> {
    let routes = Router::new().route("/", get(screen)).route("/frame.html", get(screen));
    match engine.web_dir() {
        Some(folder) => routes.fallback_service(ServeDir::new(folder)),
        None => routes,
    }
}

async fn screen(State(bridge): State<Bridge>) -> Response {
    let built = match bridge.engine.web_dir() {
        Some(folder) => tokio::fs::read_to_string(folder.join(SCREEN)).await.ok(),
        None => None,
    };
    let page = built.unwrap_or_else(|| PLAIN.to_owned());
    let token = bridge.engine.videos().token;
    let cookie = format!("{}={token}; Path=/; HttpOnly; SameSite=Strict", media::COOKIE);
    ([(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, "no-cache".to_owned())], Html(page))
        .into_response()
}

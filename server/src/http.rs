//! The HTTP face: routes, middleware, and the OpenAPI document made from them.
//!
//! A handler extracts, calls one operation, answers. Errors become answers in `problem` alone.

pub mod accounts;
mod bytes;
pub mod extract;
pub mod health;
pub mod library;
pub mod metrics;
pub mod openapi;
pub mod problem;
mod spans;
pub mod web;

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::{App, config::Role};

/// JSON bodies. Uploads stream past this limit and count their own bytes.
pub const MAX_JSON_BYTES: usize = 1 << 20;

/// Time a client has to send a small request's body.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Every route of the given roles with the document that describes them.
pub fn routes(roles: &[Role]) -> OpenApiRouter<Arc<App>> {
    let mut router = OpenApiRouter::with_openapi(openapi::base()).merge(health::routes());
    if roles.contains(&Role::Accounts) {
        router = router.merge(accounts::routes());
    }
    if roles.contains(&Role::Library) {
        router = router.merge(library::routes());
    }
    router
}

/// The public service.
pub fn router(app: Arc<App>) -> Router {
    let (router, _) = routes(&app.config.roles).split_for_parts();
    let web_dir = app.config.http.web_dir.clone();
    router
        .merge(openapi::route())
        .fallback_service(web::service(web_dir))
        .layer(DefaultBodyLimit::max(MAX_JSON_BYTES))
        .layer(CatchPanicLayer::custom(problem::from_panic))
        .layer(middleware::from_fn(problem::finish))
        .layer(middleware::from_fn(metrics::observe))
        .layer(middleware::from_fn(spans::identify_request))
        .with_state(app)
}

/// The admin service: metrics, and health for probes that must not pass the public port.
pub fn admin_router(app: Arc<App>, metrics: metrics::Recorder) -> Router {
    let (health, _) = OpenApiRouter::new().merge(health::routes()).split_for_parts();
    Router::new().merge(metrics::route(metrics)).merge(health).with_state(app)
}

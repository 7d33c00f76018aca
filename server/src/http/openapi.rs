//! The OpenAPI document, generated from the routes.

use std::sync::Arc;

use axum::{Json, Router, routing::get};
use utoipa::{
    OpenApi,
    openapi::{
        SecurityRequirement,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{App, config::Role};

#[derive(OpenApi)]
#[openapi(info(title = "Picup", description = "A family's photos, and the frames that show them."))]
struct Base;

/// Title, and the bearer token every route asks for unless it says otherwise.
pub fn base() -> utoipa::openapi::OpenApi {
    let mut document = Base::openapi();
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("access_token", SecurityScheme::Http(scheme));
    document.security = Some(vec![SecurityRequirement::new("access_token", Vec::<String>::new())]);
    document
}

/// The whole document, whatever roles this process has.
pub fn document() -> utoipa::openapi::OpenApi {
    super::routes(&[Role::Accounts, Role::Library]).split_for_parts().1
}

/// Of any process: behind nginx nobody knows which one answers.
pub fn route() -> Router<Arc<App>> {
    let document = Arc::new(document());
    Router::new().route("/openapi.json", get(move || std::future::ready(Json(Arc::clone(&document)))))
}

//! Routes into the trash and out of it.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use picup_api::{PhotoId, photo::Photo};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, Result, domain::access::Caller, http::extract::Path, ops::library::trash};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(put_in)).routes(routes!(restore))
}

/// Puts a photo in the trash; `purge_at` tells when it goes for good.
#[utoipa::path(delete, path = "/v1/photos/{photo}", tag = "photos",
    params(("photo" = PhotoId, Path)), responses((status = NO_CONTENT)))]
async fn put_in(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
) -> Result<StatusCode> {
    trash::trash(&app, &caller, photo).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Back out of the trash, into the albums it was in.
#[utoipa::path(post, path = "/v1/photos/{photo}/restore", tag = "photos",
    params(("photo" = PhotoId, Path)), responses((status = OK, body = Photo)))]
async fn restore(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
) -> Result<Json<Photo>> {
    Ok(Json(trash::restore(&app, &caller, photo).await?))
}

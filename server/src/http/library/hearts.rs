//! Routes of hearts.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use picup_api::PhotoId;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, Result, domain::access::Caller, http::extract::Path, ops::library::hearts};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(give, take_back))
}

/// Gives the caller's heart; a second one changes nothing.
#[utoipa::path(put, path = "/v1/photos/{photo}/heart", tag = "photos",
    params(("photo" = PhotoId, Path)), responses((status = NO_CONTENT)))]
async fn give(State(app): State<Arc<App>>, caller: Caller, Path(photo): Path<PhotoId>) -> Result<StatusCode> {
    hearts::give(&app, &caller, photo).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/v1/photos/{photo}/heart", tag = "photos",
    params(("photo" = PhotoId, Path)), responses((status = NO_CONTENT)))]
async fn take_back(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
) -> Result<StatusCode> {
    hearts::take_back(&app, &caller, photo).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Routes that hide a photo from the frames, and that propose its removal.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use picup_api::PhotoId;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, Result, domain::access::Caller, http::extract::Path, ops::library::set_aside};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(hide, unhide)).routes(routes!(propose_removal, withdraw_removal))
}

/// Takes a photo out of every slideshow; lists and albums keep it. Once more changes nothing.
#[utoipa::path(put, path = "/v1/photos/{photo}/hidden", tag = "photos",
    params(("photo" = PhotoId, Path)), responses((status = NO_CONTENT)))]
async fn hide(State(app): State<Arc<App>>, caller: Caller, Path(photo): Path<PhotoId>) -> Result<StatusCode> {
    set_aside::hide(&app, &caller, photo).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/v1/photos/{photo}/hidden", tag = "photos",
    params(("photo" = PhotoId, Path)), responses((status = NO_CONTENT)))]
async fn unhide(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
) -> Result<StatusCode> {
    set_aside::unhide(&app, &caller, photo).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the children to take a photo away. Putting it in the trash settles the proposal.
#[utoipa::path(put, path = "/v1/photos/{photo}/removal", tag = "photos",
    params(("photo" = PhotoId, Path)), responses((status = NO_CONTENT)))]
async fn propose_removal(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
) -> Result<StatusCode> {
    set_aside::propose_removal(&app, &caller, photo).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a proposal back, or declines it.
#[utoipa::path(delete, path = "/v1/photos/{photo}/removal", tag = "photos",
    params(("photo" = PhotoId, Path)), responses((status = NO_CONTENT)))]
async fn withdraw_removal(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
) -> Result<StatusCode> {
    set_aside::withdraw_removal(&app, &caller, photo).await?;
    Ok(StatusCode::NO_CONTENT)
}

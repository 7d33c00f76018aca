//! `/v1/families`.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use picup_api::{
    FamilyId,
    account::{Family, FamilyPatch, NewFamily},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path},
    ops::accounts::families,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(read, update, delete))
}

/// The caller becomes its owner; it shows in the next access token.
#[utoipa::path(post, path = "/v1/families", tag = "families", request_body = NewFamily,
    responses((status = CREATED, body = Family)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(body): Body<NewFamily>,
) -> Result<(StatusCode, Json<Family>)> {
    Ok((StatusCode::CREATED, Json(families::create(&app, &caller, body).await?)))
}

#[utoipa::path(get, path = "/v1/families/{family}", tag = "families", params(("family" = FamilyId, Path)),
    responses((status = OK, body = Family)))]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
) -> Result<Json<Family>> {
    Ok(Json(families::read(&app, &caller, family).await?))
}

#[utoipa::path(patch, path = "/v1/families/{family}", tag = "families", params(("family" = FamilyId, Path)),
    request_body = FamilyPatch, responses((status = OK, body = Family)))]
async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Body(patch): Body<FamilyPatch>,
) -> Result<Json<Family>> {
    Ok(Json(families::update(&app, &caller, family, patch).await?))
}

/// Destroys the family's key: nothing of it can be read again, also not from a backup.
#[utoipa::path(delete, path = "/v1/families/{family}", tag = "families", params(("family" = FamilyId, Path)),
    responses((status = NO_CONTENT)))]
async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
) -> Result<StatusCode> {
    families::delete(&app, &caller, family).await?;
    Ok(StatusCode::NO_CONTENT)
}

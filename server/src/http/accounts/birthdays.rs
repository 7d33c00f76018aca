//! `/v1/families/{family}/birthdays`.

use std::sync::Arc;

use axum::{Json, extract::State};
use picup_api::{FamilyId, frame::Birthdays};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path},
    ops::accounts::birthdays,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(read, replace))
}

#[utoipa::path(get, path = "/v1/families/{family}/birthdays", tag = "families",
    params(("family" = FamilyId, Path)), responses((status = OK, body = Birthdays)))]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
) -> Result<Json<Birthdays>> {
    Ok(Json(birthdays::read(&app, &caller, family).await?))
}

/// The whole list, at most 100; the family's frames hear of it.
#[utoipa::path(put, path = "/v1/families/{family}/birthdays", tag = "families", request_body = Birthdays,
    params(("family" = FamilyId, Path)), responses((status = OK, body = Birthdays)))]
async fn replace(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Body(noted): Body<Birthdays>,
) -> Result<Json<Birthdays>> {
    Ok(Json(birthdays::replace(&app, &caller, family, noted).await?))
}

//! Route of a family's usage.

use std::sync::Arc;

use axum::{Json, extract::State};
use picup_api::{FamilyId, account::Usage};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, Result, domain::access::Caller, http::extract::Path, ops::library::usage};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Bytes used and allowed. What is in the trash counts until it is gone.
#[utoipa::path(get, path = "/v1/families/{family}/usage", tag = "families",
    params(("family" = FamilyId, Path)), responses((status = OK, body = Usage)))]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
) -> Result<Json<Usage>> {
    Ok(Json(usage::read(&app, &caller, family).await?))
}

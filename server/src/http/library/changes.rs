//! Route of the change feed.

use std::sync::Arc;

use axum::{Json, extract::State};
use picup_api::{FamilyId, change::Changes};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Path, Query},
    ops::library::changes::{self, ChangesQuery},
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// What happened after a number, oldest first. Numbers have no gaps.
#[utoipa::path(get, path = "/v1/families/{family}/changes", tag = "feed",
    params(("family" = FamilyId, Path), ChangesQuery), responses((status = OK, body = Changes)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<Changes>> {
    Ok(Json(changes::list(&app, &caller, family, &query).await?))
}

//! `POST /v1/families/{family}/photos/check`.

use std::sync::Arc;

use axum::{Json, extract::State};
use picup_api::{
    FamilyId,
    upload::{CheckAnswer, CheckRequest},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path},
    ops::library::check,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(check_digests))
}

/// Tells which files need not be sent.
#[utoipa::path(post, path = "/v1/families/{family}/photos/check", tag = "uploads", params(("family" = FamilyId, Path)),
    request_body = CheckRequest, responses((status = OK, body = CheckAnswer)))]
async fn check_digests(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Body(request): Body<CheckRequest>,
) -> Result<Json<CheckAnswer>> {
    Ok(Json(check::check(&app, &caller, family, request).await?))
}

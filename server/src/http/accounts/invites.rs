//! Invites: made by an owner, accepted by whoever has the code.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use picup_api::{
    FamilyId,
    account::{FamilyOfMember, Invite, NewInvite},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path},
    ops::accounts::invites,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(accept))
}

/// Good once, for some days.
#[utoipa::path(post, path = "/v1/families/{family}/invites", tag = "families",
    params(("family" = FamilyId, Path)), request_body = NewInvite, responses((status = CREATED, body = Invite)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Body(body): Body<NewInvite>,
) -> Result<(StatusCode, Json<Invite>)> {
    Ok((StatusCode::CREATED, Json(invites::create(&app, &caller, family, body).await?)))
}

/// The family shows in the caller's next access token.
#[utoipa::path(post, path = "/v1/invites/{code}/accept", tag = "families", params(("code" = String, Path)),
    responses((status = OK, body = FamilyOfMember)))]
async fn accept(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(code): Path<String>,
) -> Result<Json<FamilyOfMember>> {
    Ok(Json(invites::accept(&app, &caller, &code).await?))
}

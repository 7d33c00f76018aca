//! `/v1/families/{family}/members`.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use picup_api::{
    FamilyId, MemberId, Page,
    account::{Membership, MembershipPatch},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::answers::whole;
use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path},
    ops::accounts::members,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(change_role, remove))
}

/// In the order of joining.
#[utoipa::path(get, path = "/v1/families/{family}/members", tag = "families",
    params(("family" = FamilyId, Path)), responses((status = OK, body = Page<Membership>)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
) -> Result<Json<Page<Membership>>> {
    Ok(Json(whole(members::list(&app, &caller, family).await?)))
}

/// Takes effect at once.
#[utoipa::path(patch, path = "/v1/families/{family}/members/{member}", tag = "families",
    params(("family" = FamilyId, Path), ("member" = MemberId, Path)), request_body = MembershipPatch,
    responses((status = OK, body = Membership)))]
async fn change_role(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((family, member)): Path<(FamilyId, MemberId)>,
    Body(patch): Body<MembershipPatch>,
) -> Result<Json<Membership>> {
    Ok(Json(members::change_role(&app, &caller, family, member, patch).await?))
}

/// An owner removes anyone, everyone may leave; takes effect at once.
#[utoipa::path(delete, path = "/v1/families/{family}/members/{member}", tag = "families",
    params(("family" = FamilyId, Path), ("member" = MemberId, Path)), responses((status = NO_CONTENT)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((family, member)): Path<(FamilyId, MemberId)>,
) -> Result<StatusCode> {
    members::remove(&app, &caller, family, member).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Pairing a frame: RFC 8628.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use picup_api::{
    FamilyId,
    frame::{Frame, FrameToken, FrameTokenRequest, NewPairing, Pairing, PairingApproval},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::answers::user_agent;
use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, ClientAddress, Path},
    ops::accounts::pairing,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(start)).routes(routes!(poll)).routes(routes!(approve))
}

/// A device asks for codes; the user code is shown on its screen.
#[utoipa::path(post, path = "/v1/frames/pairings", tag = "frames", security(()), request_body = NewPairing,
    responses((status = CREATED, body = Pairing)))]
async fn start(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    Body(body): Body<NewPairing>,
) -> Result<(StatusCode, Json<Pairing>)> {
    Ok((StatusCode::CREATED, Json(pairing::start(&app, address, body).await?)))
}

/// A device asks whether it was approved; until then 400 with the error names of RFC 8628, section 3.5.
#[utoipa::path(post, path = "/v1/frames/token", tag = "frames", security(()), request_body = FrameTokenRequest,
    responses((status = OK, body = FrameToken)))]
async fn poll(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Body(body): Body<FrameTokenRequest>,
) -> Result<Json<FrameToken>> {
    Ok(Json(pairing::poll(&app, &user_agent(&headers), &body).await?))
}

/// Lets the device that shows this code into the family.
#[utoipa::path(post, path = "/v1/families/{family}/frames", tag = "frames", params(("family" = FamilyId, Path)),
    request_body = PairingApproval, responses((status = CREATED, body = Frame)))]
async fn approve(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Body(body): Body<PairingApproval>,
) -> Result<(StatusCode, Json<Frame>)> {
    Ok((StatusCode::CREATED, Json(pairing::approve(&app, &caller, family, &body).await?)))
}

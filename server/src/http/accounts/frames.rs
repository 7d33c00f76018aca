//! `/v1/families/{family}/frames`: frames as members see them.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use picup_api::{
    FamilyId, FrameId, Page,
    frame::{Frame, FrameCommand, FramePatch, NewFrameCommand},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::answers::whole;
use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path},
    ops::accounts::frames,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read, update, remove))
        .routes(routes!(send_command))
}

#[utoipa::path(get, path = "/v1/families/{family}/frames", tag = "frames", params(("family" = FamilyId, Path)),
    responses((status = OK, body = Page<Frame>)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
) -> Result<Json<Page<Frame>>> {
    Ok(Json(whole(frames::list(&app, &caller, family).await?)))
}

#[utoipa::path(get, path = "/v1/families/{family}/frames/{frame}", tag = "frames",
    params(("family" = FamilyId, Path), ("frame" = FrameId, Path)), responses((status = OK, body = Frame)))]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((family, frame)): Path<(FamilyId, FrameId)>,
) -> Result<Json<Frame>> {
    Ok(Json(frames::read(&app, &caller, family, frame).await?))
}

#[utoipa::path(patch, path = "/v1/families/{family}/frames/{frame}", tag = "frames",
    params(("family" = FamilyId, Path), ("frame" = FrameId, Path)), request_body = FramePatch,
    responses((status = OK, body = Frame)))]
async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((family, frame)): Path<(FamilyId, FrameId)>,
    Body(patch): Body<FramePatch>,
) -> Result<Json<Frame>> {
    Ok(Json(frames::update(&app, &caller, family, frame, patch).await?))
}

/// Its credential ends at once, and the frame forgets everything when it hears of it.
#[utoipa::path(delete, path = "/v1/families/{family}/frames/{frame}", tag = "frames",
    params(("family" = FamilyId, Path), ("frame" = FrameId, Path)), responses((status = NO_CONTENT)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((family, frame)): Path<(FamilyId, FrameId)>,
) -> Result<StatusCode> {
    frames::remove(&app, &caller, family, frame).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pushed to the frame, and waiting in its heartbeat's answer until acknowledged or expired.
#[utoipa::path(post, path = "/v1/families/{family}/frames/{frame}/commands", tag = "frames",
    params(("family" = FamilyId, Path), ("frame" = FrameId, Path)), request_body = NewFrameCommand,
    responses((status = CREATED, body = FrameCommand)))]
async fn send_command(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((family, frame)): Path<(FamilyId, FrameId)>,
    Body(body): Body<NewFrameCommand>,
) -> Result<(StatusCode, Json<FrameCommand>)> {
    Ok((StatusCode::CREATED, Json(frames::send_command(&app, &caller, family, frame, body).await?)))
}

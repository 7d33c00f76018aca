//! `/v1/frames/self`: what a frame asks and tells of itself.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use picup_api::{
    CommandId,
    frame::{CommandAck, FrameSelf, Heartbeat},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path},
    ops::accounts::frame_self,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(beat)).routes(routes!(acknowledge))
}

#[utoipa::path(get, path = "/v1/frames/self", tag = "frames", responses((status = OK, body = FrameSelf)))]
async fn read(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<FrameSelf>> {
    Ok(Json(frame_self::read(&app, &caller).await?))
}

/// Once a minute; what waits for the frame is in the answer.
#[utoipa::path(post, path = "/v1/frames/self/heartbeat", tag = "frames", request_body = Heartbeat,
    responses((status = OK, body = FrameSelf)))]
async fn beat(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(heartbeat): Body<Heartbeat>,
) -> Result<Json<FrameSelf>> {
    Ok(Json(frame_self::beat(&app, &caller, heartbeat).await?))
}

/// Safe to send twice.
#[utoipa::path(post, path = "/v1/frames/self/commands/{command}/ack", tag = "frames",
    params(("command" = CommandId, Path)), request_body = CommandAck, responses((status = NO_CONTENT)))]
async fn acknowledge(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(command): Path<CommandId>,
    Body(ack): Body<CommandAck>,
) -> Result<StatusCode> {
    frame_self::acknowledge(&app, &caller, command, &ack).await?;
    Ok(StatusCode::NO_CONTENT)
}

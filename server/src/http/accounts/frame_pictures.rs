//! Pictures of frames' screens.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use picup_api::{FamilyId, FrameId};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::{access::Caller, screen_picture::MAX_BYTES},
    http::{
        bytes::{self, Raw},
        extract::Path,
    },
    ops::accounts::frame_pictures,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(keep)).routes(routes!(read))
}

/// What the calling frame's screen shows, at most 512 KiB. Its type is told from the bytes; only the newest is kept.
#[utoipa::path(put, path = "/v1/frames/self/picture", tag = "frames",
    request_body(content(("image/jpeg"), ("image/webp"), ("image/png"))), responses((status = NO_CONTENT)))]
async fn keep(
    State(app): State<Arc<App>>,
    caller: Caller,
    Raw(picture): Raw<MAX_BYTES>,
) -> Result<StatusCode> {
    frame_pictures::keep(&app, &caller, &picture).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest; `picture_at` of the frame says of when. 404 while there is none.
#[utoipa::path(get, path = "/v1/families/{family}/frames/{frame}/picture", tag = "frames",
    params(("family" = FamilyId, Path), ("frame" = FrameId, Path)),
    responses((status = OK, content_type = "image/jpeg")))]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((family, frame)): Path<(FamilyId, FrameId)>,
) -> Result<Response> {
    let picture = frame_pictures::read(&app, &caller, family, frame).await?;
    Ok(bytes::answer(picture.bytes, picture.media_type, "private, no-store"))
}

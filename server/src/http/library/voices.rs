//! Routes of spoken comments.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode, response::Response};
use picup_api::{CommentId, PhotoId, photo::Comment};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::{access::Caller, voice::MAX_BYTES},
    http::{
        bytes::{self, Raw},
        extract::{Path, Query},
    },
    ops::library::voices,
};

/// Kept for a day: a voice never changes, but whoever leaves the family should not keep it for good.
const CACHING: &str = "private, max-age=86400, immutable";

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(say)).routes(routes!(listen))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Words {
    /// What is written beside the voice, at most 2,000 characters.
    text: Option<String>,
}

/// A recording of at most 1 MiB. Its type is told from the bytes, whatever the header says.
#[utoipa::path(post, path = "/v1/photos/{photo}/comments/voice", tag = "photos",
    params(("photo" = PhotoId, Path), Words),
    request_body(content(("audio/webm"), ("audio/ogg"), ("audio/mp4"))),
    responses((status = CREATED, body = Comment)))]
async fn say(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
    Query(words): Query<Words>,
    Raw(sound): Raw<MAX_BYTES>,
) -> Result<(StatusCode, Json<Comment>)> {
    let comment = voices::say(&app, &caller, photo, &sound, words.text.as_deref()).await?;
    Ok((StatusCode::CREATED, Json(comment)))
}

/// The whole recording.
#[utoipa::path(get, path = "/v1/comments/{comment}/voice", tag = "photos",
    params(("comment" = CommentId, Path)), responses((status = OK, content_type = "audio/webm")))]
async fn listen(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(comment): Path<CommentId>,
) -> Result<Response> {
    let voice = voices::read(&app, &caller, comment).await?;
    Ok(bytes::answer(voice.bytes, voice.media_type, CACHING))
}

//! Routes of comments.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use picup_api::{
    CommentId, Page, PhotoId,
    photo::{Comment, NewComment},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path, Query},
    ops::library::{comments, paging::PageQuery},
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, write)).routes(routes!(remove))
}

/// Oldest first.
#[utoipa::path(get, path = "/v1/photos/{photo}/comments", tag = "photos",
    params(("photo" = PhotoId, Path), PageQuery), responses((status = OK, body = Page<Comment>)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Comment>>> {
    Ok(Json(comments::list(&app, &caller, photo, &query).await?))
}

#[utoipa::path(post, path = "/v1/photos/{photo}/comments", tag = "photos", request_body = NewComment,
    params(("photo" = PhotoId, Path)), responses((status = CREATED, body = Comment)))]
async fn write(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
    Body(new): Body<NewComment>,
) -> Result<(StatusCode, Json<Comment>)> {
    Ok((StatusCode::CREATED, Json(comments::write(&app, &caller, photo, &new).await?)))
}

/// With its voice. For its author and for editors.
#[utoipa::path(delete, path = "/v1/comments/{comment}", tag = "photos",
    params(("comment" = CommentId, Path)), responses((status = NO_CONTENT)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(comment): Path<CommentId>,
) -> Result<StatusCode> {
    comments::remove(&app, &caller, comment).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Routes of photos.

use std::sync::Arc;

use axum::{Json, extract::State};
use picup_api::{
    FamilyId, Page, PhotoId,
    photo::{Photo, PhotoPatch},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path, Query},
    ops::library::{paging::PageQuery, photo_filter::PhotoFilter, photos},
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read, update))
}

/// A family's photos, newest first. With `text`, a page may be short, or empty, and still have a `next_cursor`.
#[utoipa::path(get, path = "/v1/families/{family}/photos", tag = "photos",
    params(("family" = FamilyId, Path), PhotoFilter, PageQuery), responses((status = OK, body = Page<Photo>)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Query(filter): Query<PhotoFilter>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Photo>>> {
    Ok(Json(photos::list(&app, &caller, family, &filter, &query).await?))
}

#[utoipa::path(get, path = "/v1/photos/{photo}", tag = "photos",
    params(("photo" = PhotoId, Path)), responses((status = OK, body = Photo)))]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
) -> Result<Json<Photo>> {
    Ok(Json(photos::read(&app, &caller, photo).await?))
}

/// Caption, date, and who is in the picture. Absent fields stay as they are.
#[utoipa::path(patch, path = "/v1/photos/{photo}", tag = "photos", request_body = PhotoPatch,
    params(("photo" = PhotoId, Path)), responses((status = OK, body = Photo)))]
async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(photo): Path<PhotoId>,
    Body(patch): Body<PhotoPatch>,
) -> Result<Json<Photo>> {
    Ok(Json(photos::update(&app, &caller, photo, &patch).await?))
}

//! Routes of albums and their photos.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use picup_api::{
    AlbumId, FamilyId, Page,
    album::{Album, AlbumPatch, NewAlbum, PhotoIds},
    photo::Photo,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path, Query},
    ops::library::{album_photos, albums, paging::PageQuery},
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, update, remove))
        .routes(routes!(list_photos, add_photos, remove_photos))
        .routes(routes!(order))
}

/// A family's albums, newest first.
#[utoipa::path(get, path = "/v1/families/{family}/albums", tag = "albums",
    params(("family" = FamilyId, Path), PageQuery), responses((status = OK, body = Page<Album>)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Album>>> {
    Ok(Json(albums::list(&app, &caller, family, &query).await?))
}

#[utoipa::path(post, path = "/v1/families/{family}/albums", tag = "albums", request_body = NewAlbum,
    params(("family" = FamilyId, Path)), responses((status = CREATED, body = Album)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Body(new): Body<NewAlbum>,
) -> Result<(StatusCode, Json<Album>)> {
    Ok((StatusCode::CREATED, Json(albums::create(&app, &caller, family, &new).await?)))
}

#[utoipa::path(get, path = "/v1/albums/{album}", tag = "albums",
    params(("album" = AlbumId, Path)), responses((status = OK, body = Album)))]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(album): Path<AlbumId>,
) -> Result<Json<Album>> {
    Ok(Json(albums::read(&app, &caller, album).await?))
}

#[utoipa::path(patch, path = "/v1/albums/{album}", tag = "albums", request_body = AlbumPatch,
    params(("album" = AlbumId, Path)), responses((status = OK, body = Album)))]
async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(album): Path<AlbumId>,
    Body(patch): Body<AlbumPatch>,
) -> Result<Json<Album>> {
    Ok(Json(albums::update(&app, &caller, album, &patch).await?))
}

/// The photos stay in the family.
#[utoipa::path(delete, path = "/v1/albums/{album}", tag = "albums",
    params(("album" = AlbumId, Path)), responses((status = NO_CONTENT)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(album): Path<AlbumId>,
) -> Result<StatusCode> {
    albums::remove(&app, &caller, album).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An album's photos in its order.
#[utoipa::path(get, path = "/v1/albums/{album}/photos", tag = "albums",
    params(("album" = AlbumId, Path), PageQuery), responses((status = OK, body = Page<Photo>)))]
async fn list_photos(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(album): Path<AlbumId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Photo>>> {
    Ok(Json(album_photos::list(&app, &caller, album, &query).await?))
}

/// Appends photos; those it has already stay where they are.
#[utoipa::path(post, path = "/v1/albums/{album}/photos", tag = "albums", request_body = PhotoIds,
    params(("album" = AlbumId, Path)), responses((status = NO_CONTENT)))]
async fn add_photos(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(album): Path<AlbumId>,
    Body(photos): Body<PhotoIds>,
) -> Result<StatusCode> {
    album_photos::add(&app, &caller, album, &photos.photo_ids).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes photos out of the album; they stay in the family.
#[utoipa::path(delete, path = "/v1/albums/{album}/photos", tag = "albums", request_body = PhotoIds,
    params(("album" = AlbumId, Path)), responses((status = NO_CONTENT)))]
async fn remove_photos(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(album): Path<AlbumId>,
    Body(photos): Body<PhotoIds>,
) -> Result<StatusCode> {
    album_photos::remove(&app, &caller, album, &photos.photo_ids).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the album a new order, which names each of its photos once.
#[utoipa::path(put, path = "/v1/albums/{album}/order", tag = "albums", request_body = PhotoIds,
    params(("album" = AlbumId, Path)), responses((status = NO_CONTENT)))]
async fn order(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(album): Path<AlbumId>,
    Body(photos): Body<PhotoIds>,
) -> Result<StatusCode> {
    album_photos::order(&app, &caller, album, &photos.photo_ids).await?;
    Ok(StatusCode::NO_CONTENT)
}

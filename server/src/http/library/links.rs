//! Routes of public links, and of what guests see.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use picup_api::{
    AlbumId, LinkId, Page,
    sharing::{
        LINK_PASSWORD_HEADER, Link, LinkUnlock, LinkUnlocked, NewLink, SharedAlbum, SharedPhoto,
        VIEWING_TOKEN_HEADER,
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path, Query},
    ops::library::{
        links::{self, Proof},
        paging::PageQuery,
    },
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(remove))
        .routes(routes!(read))
        .routes(routes!(list_photos))
        .routes(routes!(unlock))
}

/// Makes a public link. Its address is told here and never again.
#[utoipa::path(post, path = "/v1/albums/{album}/links", tag = "sharing", request_body = NewLink,
    params(("album" = AlbumId, Path)), responses((status = CREATED, body = Link)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(album): Path<AlbumId>,
    Body(new): Body<NewLink>,
) -> Result<(StatusCode, Json<Link>)> {
    Ok((StatusCode::CREATED, Json(links::create(&app, &caller, album, &new).await?)))
}

#[utoipa::path(delete, path = "/v1/links/{link}", tag = "sharing",
    params(("link" = LinkId, Path)), responses((status = NO_CONTENT)))]
async fn remove(State(app): State<Arc<App>>, caller: Caller, Path(link): Path<LinkId>) -> Result<StatusCode> {
    links::remove(&app, &caller, link).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The album behind a link.
#[utoipa::path(get, path = "/v1/shared/{token}", tag = "sharing", security(()),
    params(("token" = String, Path), ("x-picup-link-password" = Option<String>, Header),
        ("x-picup-viewing-token" = Option<String>, Header)),
    responses((status = OK, body = SharedAlbum)))]
async fn read(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Json<SharedAlbum>> {
    Ok(Json(links::read(&app, &token, proof(&headers)).await?))
}

/// The photos behind a link, in the album's order.
#[utoipa::path(get, path = "/v1/shared/{token}/photos", tag = "sharing", security(()),
    params(("token" = String, Path), ("x-picup-link-password" = Option<String>, Header),
        ("x-picup-viewing-token" = Option<String>, Header), PageQuery),
    responses((status = OK, body = Page<SharedPhoto>)))]
async fn list_photos(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Query(query): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Json<Page<SharedPhoto>>> {
    Ok(Json(links::photos(&app, &token, proof(&headers), &query).await?))
}

/// Takes the password once; the answer opens the link for an hour.
#[utoipa::path(post, path = "/v1/shared/{token}/unlock", tag = "sharing", security(()), request_body = LinkUnlock,
    params(("token" = String, Path)), responses((status = OK, body = LinkUnlocked)))]
async fn unlock(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Body(asked): Body<LinkUnlock>,
) -> Result<Json<LinkUnlocked>> {
    Ok(Json(links::unlock(&app, &token, asked.password).await?))
}

/// In headers, so that neither ends up in an access log.
fn proof(headers: &HeaderMap) -> Proof {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Proof { password: text(LINK_PASSWORD_HEADER), viewing_token: text(VIEWING_TOKEN_HEADER) }
}

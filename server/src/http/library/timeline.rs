//! Routes by month and by day.

use std::sync::Arc;

use axum::{Json, extract::State};
use picup_api::{
    FamilyId, Page,
    photo::{OnThisDay, Photo, Timeline},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Path, Query},
    ops::library::{paging::PageQuery, timeline},
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(months)).routes(routes!(month)).routes(routes!(on_this_day))
}

/// How many photos each month has, newest month first.
#[utoipa::path(get, path = "/v1/families/{family}/timeline", tag = "photos",
    params(("family" = FamilyId, Path)), responses((status = OK, body = Timeline)))]
async fn months(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
) -> Result<Json<Timeline>> {
    Ok(Json(timeline::months(&app, &caller, family).await?))
}

/// The photos of one month, newest first.
#[utoipa::path(get, path = "/v1/families/{family}/timeline/{month}", tag = "photos",
    params(("family" = FamilyId, Path), ("month" = String, Path, example = "2024-05"), PageQuery),
    responses((status = OK, body = Page<Photo>)))]
async fn month(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((family, month)): Path<(FamilyId, String)>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Photo>>> {
    Ok(Json(timeline::month(&app, &caller, family, &month, &query).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DayQuery {
    /// The asker's local date, `2026-11-22`; today in UTC when absent.
    date: Option<String>,
}

/// Photos of this calendar day in earlier years, newest year first. In years without a 29 February, its photos are
/// shown on the 28th.
#[utoipa::path(get, path = "/v1/families/{family}/on-this-day", tag = "photos",
    params(("family" = FamilyId, Path), DayQuery), responses((status = OK, body = OnThisDay)))]
async fn on_this_day(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(family): Path<FamilyId>,
    Query(query): Query<DayQuery>,
) -> Result<Json<OnThisDay>> {
    Ok(Json(timeline::on_this_day(&app, &caller, family, query.date.as_deref()).await?))
}

//! Whether the process lives, and whether it should get requests.

use std::sync::Arc;

use axum::{Json, extract::State};
use picup_api::ErrorCode;
use serde_json::{Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, Result};

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz))
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operations", security(()), responses((status = OK)))]
async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// The databases answer, and the process is not stopping.
#[utoipa::path(get, path = "/readyz", tag = "operations", security(()), responses((status = OK), (status = SERVICE_UNAVAILABLE)))]
async fn readyz(State(app): State<Arc<App>>) -> Result<Json<Value>> {
    if app.stopping.is_cancelled() {
        return Err(ErrorCode::Unavailable.into());
    }
    app.accounts.engine.ping().await?;
    app.library.engine.ping().await?;
    Ok(Json(json!({ "status": "ready" })))
}

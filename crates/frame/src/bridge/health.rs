//! `GET /api/health`: whether this version of the program does what a frame is for. Asked by the supervisor.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};

use super::Bridge;

/// A newer program may say more.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// There is a photo to show.
    pub(crate) showing: bool,
    /// A screen has painted one.
    pub(crate) painted: bool,
    /// The panel is off.
    #[serde(default)]
    pub(crate) asleep: bool,
}

pub(super) async fn health(State(bridge): State<Bridge>) -> Json<Answer> {
    Json(bridge.engine.health().await)
}

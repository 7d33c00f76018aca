//! `/v1/me`: a member's own account.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use picup_api::{
    Page, SessionId,
    account::{AccountDeletion, Me, MePatch, Member, PasswordChange, Session},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::answers::whole;
use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::{Body, Path},
    ops::accounts::me,
};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(read, update, delete))
        .routes(routes!(change_password))
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
}

#[utoipa::path(get, path = "/v1/me", tag = "me", responses((status = OK, body = Me)))]
async fn read(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Me>> {
    Ok(Json(me::read(&app, &caller).await?))
}

#[utoipa::path(patch, path = "/v1/me", tag = "me", request_body = MePatch, responses((status = OK, body = Member)))]
async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(patch): Body<MePatch>,
) -> Result<Json<Member>> {
    Ok(Json(me::update(&app, &caller, patch).await?))
}

/// Families of which the member is the only one go with the account.
#[utoipa::path(delete, path = "/v1/me", tag = "me", request_body = AccountDeletion,
    responses((status = NO_CONTENT)))]
async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(body): Body<AccountDeletion>,
) -> Result<StatusCode> {
    me::delete(&app, &caller, body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every other session.
#[utoipa::path(put, path = "/v1/me/password", tag = "me", request_body = PasswordChange,
    responses((status = NO_CONTENT)))]
async fn change_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(change): Body<PasswordChange>,
) -> Result<StatusCode> {
    me::change_password(&app, &caller, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open sessions, newest first.
#[utoipa::path(get, path = "/v1/me/sessions", tag = "me", responses((status = OK, body = Page<Session>)))]
async fn list_sessions(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Page<Session>>> {
    Ok(Json(whole(me::list_sessions(&app, &caller).await?)))
}

/// Takes effect at once.
#[utoipa::path(delete, path = "/v1/me/sessions/{session}", tag = "me", params(("session" = SessionId, Path)),
    responses((status = NO_CONTENT)))]
async fn revoke_session(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(session): Path<SessionId>,
) -> Result<StatusCode> {
    me::revoke_session(&app, &caller, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

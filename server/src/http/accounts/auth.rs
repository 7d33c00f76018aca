//! `/v1/auth`: sign-up, sign-in, refresh, sign-out.
//!
//! A browser keeps its refresh token in a cookie that scripts cannot read and other sites cannot send.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use picup_api::{
    ErrorCode,
    account::{ClientKind, Refresh, SignedIn, Signin, Signup},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Error, Result,
    domain::access::Caller,
    http::extract::Body,
    ops::accounts::sessions::{self, Granted, Origin, Refreshed},
};

const COOKIE: &str = "picup_refresh";
/// Sent to these routes only.
const COOKIE_PATH: &str = "/v1/auth";

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(sign_up))
        .routes(routes!(sign_in))
        .routes(routes!(refresh))
        .routes(routes!(sign_out))
}

/// Makes a member with a first family, and signs in.
#[utoipa::path(post, path = "/v1/auth/signup", tag = "auth", security(()), request_body = Signup,
    responses((status = CREATED, body = SignedIn)))]
async fn sign_up(State(app): State<Arc<App>>, origin: Origin, Body(body): Body<Signup>) -> Result<Response> {
    let granted = sessions::sign_up(&app, &origin, body).await?;
    Ok((StatusCode::CREATED, answer(&app, granted)).into_response())
}

#[utoipa::path(post, path = "/v1/auth/signin", tag = "auth", security(()), request_body = Signin,
    responses((status = OK, body = SignedIn)))]
async fn sign_in(State(app): State<Arc<App>>, origin: Origin, Body(body): Body<Signin>) -> Result<Response> {
    let granted = sessions::sign_in(&app, &origin, body).await?;
    Ok(answer(&app, granted))
}

/// Exchanges the refresh token of the body, or of the cookie, for the next one. A frame gets a `FrameToken`.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "auth", security(()), request_body = Option<Refresh>,
    responses((status = OK, body = SignedIn)))]
async fn refresh(State(app): State<Arc<App>>, jar: CookieJar, body: Bytes) -> Result<Response> {
    let token = in_body(&body)?.or_else(|| jar.get(COOKIE).map(|cookie| cookie.value().to_owned()));
    let token = token.ok_or(ErrorCode::RefreshTokenInvalid)?;
    Ok(match sessions::refresh(&app, &token).await? {
        Refreshed::Member(granted) => answer(&app, *granted),
        Refreshed::Frame(token) => Json(token).into_response(),
    })
}

/// A browser may send no body at all.
fn in_body(body: &[u8]) -> Result<Option<String>> {
    if body.is_empty() {
        return Ok(None);
    }
    let read: Refresh = serde_json::from_slice(body)
        .map_err(|error| Error::new(ErrorCode::MalformedRequest).with_detail(error.to_string()))?;
    Ok(read.refresh_token)
}

/// Ends the caller's session at once.
#[utoipa::path(post, path = "/v1/auth/signout", tag = "auth", responses((status = NO_CONTENT)))]
async fn sign_out(State(app): State<Arc<App>>, caller: Caller) -> Result<Response> {
    sessions::sign_out(&app, &caller).await?;
    Ok((StatusCode::NO_CONTENT, set_cookie(&app, "", 0)).into_response())
}

fn answer(app: &App, granted: Granted) -> Response {
    match granted.client {
        ClientKind::App => Json(granted.answer).into_response(),
        ClientKind::Web => {
            let seconds = u64::from(app.config.auth.refresh_days) * 86_400;
            (set_cookie(app, &granted.refresh_token.expose(), seconds), Json(granted.answer)).into_response()
        }
    }
}

/// `value` is base64url, which needs no quoting.
fn set_cookie(app: &App, value: &str, seconds: u64) -> AppendHeaders<[(HeaderName, String); 1]> {
    // Without TLS a browser would refuse a secure cookie, and a home server often has none.
    let secure = if app.config.http.public_url.scheme() == "https" { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE}={value}; HttpOnly; SameSite=Strict; Path={COOKIE_PATH}; Max-Age={seconds}{secure}");
    AppendHeaders([(header::SET_COOKIE, cookie)])
}

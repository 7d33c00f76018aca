//! A small service with sign-in, refresh, and a protected route.
//!
//! ```text
//! cargo run -p picup-auth --example axum
//! curl -s localhost:3000/signin -H 'content-type: application/json' -d '{"name":"alice","password":"correct horse"}'
//! curl -s localhost:3000/me -H "authorization: Bearer $ACCESS_TOKEN"
//! curl -s localhost:3000/refresh -d "$REFRESH_TOKEN"
//! ```

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::{get, post},
};
use picup_auth::{
    AccessTokens, KeyRing, MemorySessions, NewSession, Outcome, Passwords, Policy, Session, UnixMillis,
    Verdict, Verified, open, refresh,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A session ends after thirty days without use.
fn policy() -> Policy<()> {
    Policy::new(|()| Duration::from_secs(30 * 86_400))
}

#[derive(Clone, FromRef)]
struct App {
    tokens: AccessTokens,
    sessions: MemorySessions<()>,
    passwords: Passwords,
    /// The only member's password hash; yours come from a database.
    alice: String,
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
    password: String,
}

#[derive(Serialize)]
struct SignedIn {
    access_token: String,
    expires_in: u64,
    refresh_token: String,
}

/// What this service puts into its tokens beside the registered claims.
#[derive(Serialize, Deserialize)]
struct Extra {
    plan: String,
}

async fn signin(State(app): State<App>, Json(body): Json<SignIn>) -> Result<Json<SignedIn>, StatusCode> {
    let stored = (body.name == "alice").then(|| app.alice.clone());
    match app.passwords.verify(body.password.into(), stored).await {
        Ok(Verdict::Right | Verdict::RightButOutdated) => {}
        Ok(Verdict::Wrong) => return Err(StatusCode::UNAUTHORIZED),
        Err(_) => return Err(StatusCode::SERVICE_UNAVAILABLE),
    }
    let new = NewSession { id: Uuid::now_v7(), subject: body.name, details: () };
    let Ok(opened) = open(&mut app.sessions.clone(), new, &policy(), UnixMillis::now()).await;
    let opened = opened.ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
    signed_in(&app, &opened.session, opened.refresh_token.expose())
}

async fn renew(State(app): State<App>, token: String) -> Result<Json<SignedIn>, StatusCode> {
    let Ok(outcome) = refresh(&mut app.sessions.clone(), token.trim(), &policy(), UnixMillis::now()).await;
    match outcome {
        Outcome::Renewed(renewed) => signed_in(&app, &renewed.session, renewed.refresh_token.expose()),
        _ => Err(StatusCode::UNAUTHORIZED),
    }
}

fn signed_in(app: &App, session: &Session<()>, refresh_token: String) -> Result<Json<SignedIn>, StatusCode> {
    let extra = Extra { plan: "free".into() };
    let issued = app
        .tokens
        .issue(&session.subject, session.id, extra, UnixMillis::now())
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Json(SignedIn { access_token: issued.token, expires_in: issued.expires_in, refresh_token }))
}

async fn me(State(app): State<App>, Verified(claims): Verified<Extra>) -> Result<String, StatusCode> {
    // A signature says nothing about revocation: the store does.
    if !app.sessions.is_open(claims.sid, UnixMillis::now()) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(format!("{} on the {} plan\n", claims.sub, claims.extra.plan))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let passwords = Passwords::new(2, 64)?;
    let app = App {
        tokens: AccessTokens::new("example", Duration::from_secs(900), KeyRing::generate(UnixMillis::now())?),
        sessions: MemorySessions::new(),
        alice: passwords.hash("correct horse".into()).await?,
        passwords,
    };
    let router = Router::new()
        .route("/signin", post(signin))
        .route("/refresh", post(renew))
        .route("/me", get(me))
        .with_state(app);
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    eprintln!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

//! The extractor at the HTTP boundary.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use axum::{Router, body::Body, routing::get};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use picup_auth::{AccessTokens, KeyRing, UnixMillis, Verified};
use serde::{Deserialize, Serialize};
use tower::ServiceExt;
use uuid::Uuid;

#[derive(Clone, Serialize, Deserialize)]
struct Extra {
    admin: bool,
}

async fn whoami(Verified(claims): Verified<Extra>) -> String {
    format!("{} {}", claims.sub, claims.extra.admin)
}

fn tokens() -> AccessTokens {
    let now = UnixMillis::now();
    AccessTokens::new("test", Duration::from_secs(60), KeyRing::generate(now).unwrap())
}

async fn ask(tokens: &AccessTokens, authorization: Option<String>) -> (StatusCode, String, String) {
    let router = Router::new().route("/", get(whoami)).with_state(tokens.clone());
    let mut request = Request::get("/");
    if let Some(value) = authorization {
        request = request.header(header::AUTHORIZATION, value);
    }
    let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let challenge =
        answer.headers().get(header::WWW_AUTHENTICATE).map(|value| value.to_str().unwrap().to_owned());
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, challenge.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_verified_token_reaches_the_handler() {
    let tokens = tokens();
    let token = tokens.issue("alice", Uuid::nil(), Extra { admin: true }, UnixMillis::now()).unwrap().token;
    let (status, _, body) = ask(&tokens, Some(format!("bearer {token}"))).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "alice true"));
}

#[tokio::test]
async fn everything_else_is_a_401_with_a_challenge() {
    let tokens = tokens();
    let foreign =
        self::tokens().issue("eve", Uuid::nil(), Extra { admin: true }, UnixMillis::now()).unwrap().token;
    let long_ago = UnixMillis(UnixMillis::now().0 - 61_000);
    let expired = tokens.issue("alice", Uuid::nil(), Extra { admin: true }, long_ago).unwrap().token;
    let (status, challenge, _) = ask(&tokens, None).await;
    assert_eq!((status, challenge.as_str()), (StatusCode::UNAUTHORIZED, "Bearer"));
    for value in
        [format!("Bearer {foreign}"), format!("Bearer {expired}"), "Basic eDp5".into(), "Bearer".into()]
    {
        let (status, challenge, _) = ask(&tokens, Some(value)).await;
        assert_eq!(
            (status, challenge.as_str()),
            (StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#)
        );
    }
}

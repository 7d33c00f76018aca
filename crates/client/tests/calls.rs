//! How a call behaves when the network or the server has a bad day.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use picup_api::{CommentId, ErrorCode, FamilyId, FrameId};
use picup_client::{Client, Credential, ErrorKind, Holder, MemoryTokens, RetryPolicy, Timeouts, TokenStore};
use picup_testkit::script::{Reply, Script};
use serde_json::json;
use uuid::Uuid;

const FAST: RetryPolicy =
    RetryPolicy { attempts: 3, base: Duration::from_millis(20), cap: Duration::from_secs(3) };

fn me() -> Reply {
    let member = json!({
        "id": Uuid::nil(), "email": "kim@example.org", "display_name": "Kim", "locale": "ko",
        "created_at": "2026-01-01T00:00:00Z", "a_field_of_tomorrow": true,
    });
    Reply::json(200, &json!({ "member": member, "families": [] }))
}

fn refreshed(n: usize) -> Reply {
    Reply::json(
        200,
        &json!({ "access_token": format!("access-{n}"), "expires_in": 900, "refresh_token": format!("refresh-{n}") }),
    )
}

fn frame_tokens() -> Arc<MemoryTokens> {
    let holder = Holder::Frame { frame_id: FrameId(Uuid::nil()), family_id: FamilyId(Uuid::nil()) };
    Arc::new(MemoryTokens::holding(Credential { refresh_token: "refresh-0".into(), holder }))
}

fn client(script: &Script, tokens: Arc<MemoryTokens>) -> Client {
    Client::builder(script.url()).tokens(tokens).retry(FAST).build().unwrap()
}

#[tokio::test]
async fn many_calls_at_once_refresh_once_and_the_new_token_is_saved_first() {
    let script = Script::start(|_, request| match request.line.as_str() {
        "POST /v1/auth/refresh" => refreshed(1).after(Duration::from_millis(100)),
        _ => me(),
    })
    .await;
    let tokens = frame_tokens();
    let client = client(&script, tokens.clone());
    let calls = (0..20).map(|_| client.me());
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(script.count("POST /v1/auth/refresh"), 1);
    assert_eq!(tokens.load().await.unwrap().unwrap().refresh_token, "refresh-1");
    let with_token = script.heard().into_iter().filter(|request| request.line == "GET /v1/me");
    assert!(with_token.into_iter().all(|request| request.header("authorization") == Some("Bearer access-1")));
}

#[tokio::test]
async fn a_caller_that_goes_away_in_mid_refresh_does_not_lose_the_rotated_token() {
    let script = Script::start(|_, request| match request.line.as_str() {
        "POST /v1/auth/refresh" => refreshed(1).after(Duration::from_millis(200)),
        _ => me(),
    })
    .await;
    let tokens = frame_tokens();
    let client = client(&script, tokens.clone());
    assert!(tokio::time::timeout(Duration::from_millis(80), client.me()).await.is_err());
    tokio::time::sleep(Duration::from_millis(300)).await;
    client.me().await.unwrap();
    assert_eq!(script.count("POST /v1/auth/refresh"), 1);
    assert_eq!(tokens.load().await.unwrap().unwrap().refresh_token, "refresh-1");
}

#[tokio::test]
async fn a_token_the_server_calls_expired_is_renewed_and_the_call_repeated() {
    let script =
        Script::start(|nth, request| match (request.line.as_str(), request.header("authorization")) {
            ("POST /v1/auth/refresh", _) => refreshed(nth),
            (_, Some("Bearer access-0")) => Reply::problem(401, "token_expired", &[]),
            _ => me(),
        })
        .await;
    let client = client(&script, frame_tokens());
    client.me().await.unwrap();
    assert_eq!(script.count("POST /v1/auth/refresh"), 2);
}

#[tokio::test]
async fn a_refused_refresh_is_told_and_the_credential_is_left_to_the_caller() {
    let script = Script::start(|_, _| Reply::problem(401, "frame_revoked", &[])).await;
    let tokens = frame_tokens();
    let error = client(&script, tokens.clone()).me().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::SignedOut, Some(ErrorCode::FrameRevoked)));
    assert!(tokens.load().await.unwrap().is_some());
}

#[tokio::test]
async fn a_busy_server_is_asked_again_after_the_time_it_named() {
    let script = Script::start(|nth, request| match (request.line.as_str(), nth) {
        ("POST /v1/auth/refresh", _) => refreshed(1),
        (_, 1) => Reply::problem(503, "unavailable", &[("Retry-After", "1")]),
        _ => me(),
    })
    .await;
    let began = std::time::Instant::now();
    client(&script, frame_tokens()).me().await.unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(script.count("GET /v1/me"), 2);
}

#[tokio::test]
async fn an_act_that_might_happen_twice_is_not_repeated() {
    let script = Script::start(|_, request| match request.line.as_str() {
        "POST /v1/auth/refresh" => refreshed(1),
        _ => Reply::problem(503, "unavailable", &[]),
    })
    .await;
    let error = client(&script, frame_tokens()).create_family("Home").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(script.count("POST /v1/families"), 1);
}

#[tokio::test]
async fn an_unknown_code_of_a_newer_server_is_still_sorted_by_its_status() {
    let script = Script::start(|_, request| match request.line.as_str() {
        "POST /v1/auth/refresh" => refreshed(1),
        _ => Reply::problem(409, "invented_tomorrow", &[]),
    })
    .await;
    let error = client(&script, frame_tokens()).me().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some(ErrorCode::Unknown)));
}

#[tokio::test]
async fn a_captive_portal_is_neither_an_answer_nor_a_sign_out() {
    let pages = [
        Reply::new(200, &[("Content-Type", "text/html; charset=utf-8")], b"<html>Wi-Fi</html>"),
        Reply::new(302, &[("Location", "http://portal.example/")], b""),
        Reply::new(511, &[("Content-Type", "text/html")], b"<html>"),
        Reply::new(401, &[("Content-Type", "text/html")], b"<html>"),
    ];
    for page in pages {
        let script = Script::start(move |_, _| page.clone()).await;
        let tokens = frame_tokens();
        let error = client(&script, tokens.clone()).me().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CaptivePortal, "{error:?}");
        assert!(error.is_transient());
        assert_eq!(tokens.load().await.unwrap().unwrap().refresh_token, "refresh-0");
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_left_after_a_time() {
    let script = Script::start(|_, _| me().after(Duration::from_secs(60))).await;
    let timeouts = Timeouts { answer: Duration::from_millis(200), ..Timeouts::default() };
    let client = Client::builder(script.url()).tokens(frame_tokens()).timeouts(timeouts);
    let error = client.retry(RetryPolicy::none()).build().unwrap().me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Offline);
}

#[tokio::test]
async fn nobody_signed_in_is_told_without_asking_the_server() {
    let script = Script::start(|_, _| me()).await;
    let error = client(&script, Arc::default()).me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SignedOut);
    assert!(script.heard().is_empty());
}

#[tokio::test]
async fn an_error_names_neither_token_nor_address() {
    let client = Client::builder("http://127.0.0.1:1".parse().unwrap()).tokens(frame_tokens());
    let error = client.retry(RetryPolicy::none()).build().unwrap().me().await.unwrap_err();
    let text = format!("{error:?} {error}");
    assert_eq!(error.kind(), ErrorKind::Offline);
    assert!(!text.contains("refresh-0") && !text.contains("/v1/"), "{text}");
}

#[tokio::test]
async fn a_voice_is_bounded_and_nothing_else_is_taken_for_one() {
    let answers = [
        (Reply::new(200, &[("Content-Type", "audio/webm")], &vec![0; (1 << 20) + 1]), ErrorKind::Unreadable),
        (Reply::json(200, &json!({ "wifi": "sign in" })), ErrorKind::CaptivePortal),
        (Reply::problem(404, "not_found", &[]), ErrorKind::Refused),
    ];
    for (answer, kind) in answers {
        let script = Script::start(move |_, request| match request.line.as_str() {
            "POST /v1/auth/refresh" => refreshed(1),
            _ => answer.clone(),
        })
        .await;
        let error = client(&script, frame_tokens()).voice(CommentId(Uuid::nil())).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
    }
}

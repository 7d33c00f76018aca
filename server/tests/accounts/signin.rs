//! Sign-up, sign-in, refresh, sign-out.

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::home::{Answer, Home, PASSWORD, text};

fn signup(email: &str) -> Value {
    json!({
        "email": email, "password": PASSWORD, "display_name": "Mina", "family_name": "Kim",
        "locale": "en", "client": "app",
    })
}

async fn sign_in(home: &Home, email: &str, password: &str, client: &str) -> Answer {
    home.post("/v1/auth/signin", "", json!({ "email": email, "password": password, "client": client })).await
}

#[tokio::test]
async fn signing_up_makes_a_member_and_a_family_they_own() {
    let home = Home::start().await;
    let body = home.post("/v1/auth/signup", "", signup("Mina@Example.com")).await.expect(201);
    assert_eq!(body["member"]["email"], "Mina@Example.com");
    assert_eq!(body["member"]["locale"], "en");
    assert_eq!(body["expires_in"], 900);
    let me = home.get("/v1/me", &text(&body["access_token"])).await.expect(200);
    assert_eq!(me["member"], body["member"]);
    assert_eq!(me["families"][0]["name"], "Kim");
    assert_eq!(me["families"][0]["role"], "owner");
    assert_eq!(home.outbox().await, ["family.created"]);
}

#[tokio::test]
async fn signing_up_names_every_faulty_field_at_once() {
    let home = Home::start().await;
    let body = json!({
        "email": "nobody", "password": "short", "display_name": " ", "family_name": "x".repeat(81),
        "locale": "ko", "client": "web",
    });
    home.post("/v1/auth/signup", "", body).await.invalid(&[
        ("email", "invalid"),
        ("password", "too_short"),
        ("display_name", "required"),
        ("family_name", "too_long"),
    ]);
    assert!(home.outbox().await.is_empty(), "nothing half done");
}

#[tokio::test]
async fn an_email_is_taken_once_whatever_its_capitals() {
    let home = Home::start().await;
    home.post("/v1/auth/signup", "", signup("mina@example.com")).await.expect(201);
    home.post("/v1/auth/signup", "", signup("MINA@example.com")).await.refused("email_taken");
    assert_eq!(home.outbox().await, ["family.created"], "nothing half done");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_told_apart_by_nothing() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    sign_in(&home, &mina.email, PASSWORD, "app").await.expect(200);
    let wrong = sign_in(&home, &mina.email, "wrong password", "app").await.refused("credentials_wrong");
    for email in ["nobody@example.com", "not an address", ""] {
        let unknown = sign_in(&home, email, "wrong password", "app").await.refused("credentials_wrong");
        assert_eq!(unknown["detail"], wrong["detail"]);
    }
}

#[tokio::test]
async fn what_is_not_json_is_malformed() {
    let home = Home::start().await;
    for body in ["", "{", "[]", r#"{"email":1}"#] {
        let request =
            home.request(Method::POST, "/v1/auth/signin").header(header::CONTENT_TYPE, "application/json");
        Answer::read(request.body(body).send().await.unwrap()).await.refused("malformed_request");
    }
    let request = home.request(Method::POST, "/v1/auth/signin").body("{}");
    Answer::read(request.send().await.unwrap()).await.refused("unsupported_media_type");
}

#[tokio::test]
async fn a_browser_gets_its_refresh_token_as_a_cookie_scripts_cannot_read() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let answer = sign_in(&home, &mina.email, PASSWORD, "web").await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(answer.expect(200).get("refresh_token").is_none());
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/v1/auth", "Max-Age="] {
        assert!(cookie.contains(attribute), "{attribute} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "there is no TLS here: {cookie}");

    let value = cookie.split(';').next().unwrap();
    let renewed =
        home.request(Method::POST, "/v1/auth/refresh").header(header::COOKIE, value).send().await.unwrap();
    let renewed = Answer::read(renewed).await;
    let next = renewed.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert_ne!(next.split(';').next().unwrap(), value, "rotated");
    let access = text(&renewed.expect(200)["access_token"]);

    let gone = home.ask(Method::POST, "/v1/auth/signout", &access, None).await;
    assert!(gone.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn behind_tls_the_cookie_is_secure() {
    let home =
        Home::start_with(|config| config.http.public_url = "https://photos.example.com".parse().unwrap())
            .await;
    let mina = home.person("mina").await;
    let answer = sign_in(&home, &mina.email, PASSWORD, "web").await;
    assert!(answer.headers[header::SET_COOKIE].to_str().unwrap().ends_with("; Secure"));
}

#[tokio::test]
async fn a_refresh_token_is_good_once() {
    let home = Home::start().await;
    let first = home.person("mina").await;
    let second = home.renewed(&first).await;
    assert_ne!(first.refresh, second.refresh);
    home.get("/v1/me", &second.access).await.expect(200);
    home.renewed(&second).await;
}

#[tokio::test]
async fn two_tabs_refreshing_at_once_both_go_on() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let (one, other) = tokio::join!(home.renewed(&mina), home.renewed(&mina));
    assert_eq!(one.refresh, other.refresh);
    home.get("/v1/me", &one.access).await.expect(200);
    home.get("/v1/me", &other.access).await.expect(200);
    home.renewed(&one).await;
}

#[tokio::test]
async fn a_replayed_refresh_token_revokes_the_session_at_once() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let current = home.renewed(&mina).await;
    home.sql("UPDATE refresh_tokens SET used_at = used_at - 10500 WHERE used_at IS NOT NULL").await;
    home.renew(&mina.refresh).await.refused("refresh_token_replayed");
    home.get("/v1/me", &current.access).await.refused("session_revoked");
    home.renew(&current.refresh).await.refused("session_revoked");
}

#[tokio::test]
async fn an_idle_session_ends() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    home.sql("UPDATE sessions SET expires_at = 1").await;
    home.renew(&mina.refresh).await.refused("refresh_token_invalid");
}

#[tokio::test]
async fn a_made_up_refresh_token_is_invalid() {
    let home = Home::start().await;
    let made_up = "A".repeat(43);
    for token in ["", "x", made_up.as_str()] {
        home.renew(token).await.refused("refresh_token_invalid");
    }
    home.ask(Method::POST, "/v1/auth/refresh", "", None).await.refused("refresh_token_invalid");
}

#[tokio::test]
async fn signing_out_takes_effect_at_once() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    home.ask(Method::POST, "/v1/auth/signout", &mina.access, None).await.expect(204);
    home.get("/v1/me", &mina.access).await.refused("session_revoked");
    home.renew(&mina.refresh).await.refused("session_revoked");
    sign_in(&home, &mina.email, PASSWORD, "app").await.expect(200);
}

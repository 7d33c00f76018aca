//! A member's own account: profile, password, sessions, deletion.

use reqwest::Method;
use serde_json::json;

use crate::home::{Home, PASSWORD, text};

#[tokio::test]
async fn a_profile_changes_field_by_field() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let member = home.patch("/v1/me", &mina.access, json!({ "display_name": " 민아 " })).await.expect(200);
    assert_eq!((text(&member["display_name"]), text(&member["locale"])), ("민아".into(), "ko".into()));
    let member = home.patch("/v1/me", &mina.access, json!({ "locale": "en" })).await.expect(200);
    assert_eq!((text(&member["display_name"]), text(&member["locale"])), ("민아".into(), "en".into()));
    home.patch("/v1/me", &mina.access, json!({ "display_name": "" }))
        .await
        .invalid(&[("display_name", "required")]);
    home.patch("/v1/me", &mina.access, json!({ "locale": "xx" })).await.refused("malformed_request");
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let signin = |password: &str| json!({ "email": mina.email, "password": password, "client": "app" });
    let phone = home.post("/v1/auth/signin", "", signin(PASSWORD)).await.expect(200);

    let change = json!({ "current_password": PASSWORD, "new_password": "a better one" });
    home.ask(Method::PUT, "/v1/me/password", &mina.access, Some(change)).await.expect(204);
    home.get("/v1/me", &mina.access).await.expect(200);
    home.get("/v1/me", &text(&phone["access_token"])).await.refused("session_revoked");
    home.post("/v1/auth/signin", "", signin(PASSWORD)).await.refused("credentials_wrong");
    home.post("/v1/auth/signin", "", signin("a better one")).await.expect(200);
}

#[tokio::test]
async fn a_password_change_names_every_faulty_field_at_once() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let change = json!({ "current_password": "", "new_password": "short" });
    home.ask(Method::PUT, "/v1/me/password", &mina.access, Some(change))
        .await
        .invalid(&[("current_password", "required"), ("new_password", "too_short")]);
    let change = json!({ "current_password": "wrong password", "new_password": "a better one" });
    home.ask(Method::PUT, "/v1/me/password", &mina.access, Some(change)).await.refused("password_wrong");
}

#[tokio::test]
async fn a_session_revoked_from_afar_ends_at_once() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let request = home.request(Method::POST, "/v1/auth/signin").header("user-agent", "Lost phone");
    let body = json!({ "email": mina.email, "password": PASSWORD, "client": "app" });
    let lost: serde_json::Value = request.json(&body).send().await.unwrap().json().await.unwrap();
    let lost = text(&lost["access_token"]);
    home.get("/v1/me", &lost).await.expect(200);

    let sessions = home.get("/v1/me/sessions", &mina.access).await.expect(200);
    let sessions = sessions["items"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions[0]["user_agent"], "Lost phone");
    assert_eq!((&sessions[0]["current"], &sessions[1]["current"]), (&json!(false), &json!(true)));

    let path = format!("/v1/me/sessions/{}", text(&sessions[0]["id"]));
    let stranger = home.person("stranger").await;
    home.delete(&path, &stranger.access).await.refused("not_found");
    home.delete(&path, &mina.access).await.expect(204);
    home.get("/v1/me", &lost).await.refused("session_revoked");
    home.delete(&path, &mina.access).await.refused("not_found");
    home.delete("/v1/me/sessions/not-an-id", &mina.access).await.refused("not_found");
    home.get("/v1/me", &mina.access).await.expect(200);
}

#[tokio::test]
async fn a_deleted_account_takes_a_family_of_one_with_it() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let with = |password: &str| Some(json!({ "password": password }));
    home.ask(Method::DELETE, "/v1/me", &mina.access, with("wrong password")).await.refused("password_wrong");
    home.ask(Method::DELETE, "/v1/me", &mina.access, with(PASSWORD)).await.expect(204);
    home.get("/v1/me", &mina.access).await.refused("session_revoked");
    home.renew(&mina.refresh).await.refused("session_revoked");
    let signin = json!({ "email": mina.email, "password": PASSWORD, "client": "app" });
    home.post("/v1/auth/signin", "", signin).await.refused("credentials_wrong");
    assert_eq!(home.outbox().await, ["family.created", "family.deleted", "member.deleted"]);
    home.person("mina").await;
}

#[tokio::test]
async fn the_last_owner_of_others_cannot_go() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let editor = home.relative(&mina, "editor", "editor").await;
    let with_password = || Some(json!({ "password": PASSWORD }));
    home.ask(Method::DELETE, "/v1/me", &mina.access, with_password()).await.refused("last_owner");
    home.get("/v1/me", &mina.access).await.expect(200);

    let path = format!("/v1/families/{}/members/{}", mina.family, editor.id);
    home.patch(&path, &mina.access, json!({ "role": "owner" })).await.expect(200);
    home.ask(Method::DELETE, "/v1/me", &mina.access, with_password()).await.expect(204);
    let members =
        home.get(&format!("/v1/families/{}/members", mina.family), &editor.access).await.expect(200);
    assert_eq!(members["items"].as_array().unwrap().len(), 1);
}

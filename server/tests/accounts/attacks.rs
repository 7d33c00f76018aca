//! Tokens that are not ours, not ours any more, or used where they do not belong.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use picup_api::account::Role;
use picup_auth::{AccessTokens, KeyRing, UnixMillis};
use picup_server::auth::Access;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::home::{Home, Person};

fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&BASE64.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
}

fn encode(value: &Value) -> String {
    BASE64.encode(value.to_string())
}

/// The token with another header, everything else kept.
fn with_header(token: &str, name: &str, value: Value) -> String {
    let mut header = part(token, 0);
    header[name] = value;
    format!("{}.{}", encode(&header), token.split_once('.').unwrap().1)
}

async fn refused(home: &Home, token: &str) {
    home.get("/v1/me", token).await.refused("unauthenticated");
}

#[tokio::test]
async fn forged_alg_none_opens_nothing() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    for alg in ["none", "None", "NONE"] {
        let forged = with_header(&mina.access, "alg", json!(alg));
        refused(&home, &forged).await;
        refused(&home, &format!("{}.", forged.rsplit_once('.').unwrap().0)).await;
    }
}

#[tokio::test]
async fn forged_alg_hs256_with_the_public_key_opens_nothing() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let public = home.app.auth.tokens.ring().stored()[0].public.clone();
    let forged = with_header(&mina.access, "alg", json!("HS256"));
    let message = forged.rsplit_once('.').unwrap().0;
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &public), message.as_bytes());
    refused(&home, &format!("{message}.{}", BASE64.encode(signature))).await;
}

#[tokio::test]
async fn a_wrong_kid_opens_nothing() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    refused(&home, &with_header(&mina.access, "kid", json!("another"))).await;
    refused(&home, &with_header(&mina.access, "kid", Value::Null)).await;
}

#[tokio::test]
async fn another_servers_token_opens_nothing() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let now = UnixMillis::now();
    let theirs = AccessTokens::new("picup", home.app.auth.tokens.life(), KeyRing::generate(now).unwrap());
    let access = Access { fam: BTreeMap::from([(mina.family.parse().unwrap(), Role::Owner)]) };
    refused(&home, &theirs.issue(&mina.id, Uuid::now_v7(), access, now).unwrap().token).await;
}

#[tokio::test]
async fn claims_cannot_be_altered() {
    let home = Home::start().await;
    let (mina, stranger) = (home.person("mina").await, home.person("stranger").await);
    let mut claims = part(&stranger.access, 1);
    claims["fam"] = part(&mina.access, 1)["fam"].clone();
    let parts: Vec<_> = stranger.access.split('.').collect();
    refused(&home, &format!("{}.{}.{}", parts[0], encode(&claims), parts[2])).await;
}

#[tokio::test]
async fn an_expired_token_says_so() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let sid: Uuid = serde_json::from_value(part(&mina.access, 1)["sid"].clone()).unwrap();
    let access = Access { fam: BTreeMap::new() };
    let long_ago = UnixMillis(UnixMillis::now().0 - 901_000);
    let expired = home.app.auth.tokens.issue(&mina.id, sid, access, long_ago).unwrap().token;
    home.get("/v1/me", &expired).await.refused("token_expired");
}

#[tokio::test]
async fn garbage_opens_nothing() {
    let home = Home::start().await;
    for token in ["x", "a.b.c", "..", &"a".repeat(5000)] {
        refused(&home, token).await;
    }
    home.get("/v1/me", "").await.refused("unauthenticated");
    let basic = home.request(reqwest::Method::GET, "/v1/me").header("authorization", "Basic eDp5");
    crate::home::Answer::read(basic.send().await.unwrap()).await.refused("unauthenticated");
}

#[tokio::test]
async fn another_familys_id_is_not_found_in_every_route() {
    let home = Home::start().await;
    let (mina, stranger) = (home.person("mina").await, home.person("stranger").await);
    let frame = home.paired_frame(&mina).await;
    let family = format!("/v1/families/{}", mina.family);
    let member = format!("{family}/members/{}", mina.id);
    let frames = format!("{family}/frames");
    let one = format!("{frames}/{}", frame.id);
    let requests: Vec<(reqwest::Method, String, Option<Value>)> = vec![
        (reqwest::Method::GET, family.clone(), None),
        (reqwest::Method::PATCH, family.clone(), Some(json!({ "name": "Mine" }))),
        (reqwest::Method::DELETE, family.clone(), None),
        (reqwest::Method::GET, format!("{family}/members"), None),
        (reqwest::Method::PATCH, member.clone(), Some(json!({ "role": "viewer" }))),
        (reqwest::Method::DELETE, member, None),
        (reqwest::Method::POST, format!("{family}/invites"), Some(json!({ "role": "owner" }))),
        (reqwest::Method::GET, frames.clone(), None),
        (reqwest::Method::POST, frames, Some(json!({ "user_code": "BCDF-GHJK", "name": "x" }))),
        (reqwest::Method::GET, one.clone(), None),
        (reqwest::Method::PATCH, one.clone(), Some(json!({ "name": "Mine" }))),
        (reqwest::Method::DELETE, one.clone(), None),
        (reqwest::Method::POST, format!("{one}/commands"), Some(json!({ "action": { "kind": "next" } }))),
    ];
    for (method, path, body) in requests {
        home.ask(method, &path, &stranger.access, body).await.refused("not_found");
    }
    own_family_with_their_frame(&home, &stranger, &frame.id).await;
    home.get(&one, &mina.access).await.expect(200);
}

/// A frame of another family below one's own.
async fn own_family_with_their_frame(home: &Home, stranger: &Person, frame: &str) {
    let path = format!("/v1/families/{}/frames/{frame}", stranger.family);
    home.get(&path, &stranger.access).await.refused("not_found");
    home.delete(&path, &stranger.access).await.refused("not_found");
    home.patch(&path, &stranger.access, json!({ "name": "Mine" })).await.refused("not_found");
    let command = json!({ "action": { "kind": "next" } });
    home.post(&format!("{path}/commands"), &stranger.access, command).await.refused("not_found");
}

//! Sign-in, roles, invites, pairing.

use std::time::Duration;

use picup_api::{account::Role, frame::DEVICE_CODE_GRANT};
use picup_testkit::newcomer;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::stage::Stage;

pub(crate) async fn signed_out(stage: &Stage) -> Response {
    let (member, _, _) = newcomer(&stage.server.base_url()).await;
    let token = member.access_token().await.unwrap();
    member.sign_out().await.unwrap();
    stage.request(Method::GET, "/v1/me").bearer_auth(token).send().await.unwrap()
}

pub(crate) async fn removed_frame(stage: &Stage) -> Response {
    let token = stage.frame.client.access_token().await.unwrap();
    stage.people.owner.remove_frame(stage.people.family, stage.frame.id).await.unwrap();
    stage.request(Method::GET, "/v1/frames/self").bearer_auth(token).send().await.unwrap()
}

pub(crate) async fn wrong_password_at_the_door(stage: &Stage) -> Response {
    let email = &stage.people.owner_email;
    stage
        .post("/v1/auth/signin", &json!({ "email": email, "password": "a wrong password", "client": "app" }))
        .await
}

pub(crate) async fn invented_refresh_token(stage: &Stage) -> Response {
    refresh(stage, &"A".repeat(43)).await
}

pub(crate) async fn replayed_refresh_token(stage: &Stage) -> Response {
    let (member, _, _) = newcomer(&stage.server.base_url()).await;
    let first = member.credential().await.unwrap().unwrap().refresh_token;
    let answer: Value = refresh(stage, &first).await.json().await.unwrap();
    refresh(stage, answer["refresh_token"].as_str().unwrap()).await;
    // Two tabs may refresh at once: a replay counts after the grace.
    tokio::time::sleep(Duration::from_secs(11)).await;
    refresh(stage, &first).await
}

async fn refresh(stage: &Stage, token: &str) -> Response {
    stage.post("/v1/auth/refresh", &json!({ "refresh_token": token })).await
}

pub(crate) async fn viewer_makes_an_album(stage: &Stage) -> Response {
    let path = format!("/v1/families/{}/albums", stage.people.family);
    stage.send_as(&stage.people.viewer, Method::POST, &path, &json!({ "title": "Mine" })).await
}

pub(crate) async fn same_email(stage: &Stage) -> Response {
    let account = json!({ "email": stage.people.owner_email, "password": "a long enough passphrase",
        "display_name": "Lee", "family_name": "Home", "locale": "en", "client": "app" });
    stage.post("/v1/auth/signup", &account).await
}

pub(crate) async fn wrong_current_password(stage: &Stage) -> Response {
    let change = json!({ "current_password": "a wrong password", "new_password": "another long passphrase" });
    stage.send_as(&stage.people.owner, Method::PUT, "/v1/me/password", &change).await
}

pub(crate) async fn last_owner_leaves(stage: &Stage) -> Response {
    let path = format!("/v1/families/{}/members/{}", stage.people.family, stage.people.owner_id);
    stage.send_as(&stage.people.owner, Method::PATCH, &path, &json!({ "role": "viewer" })).await
}

async fn accept(stage: &Stage, client: &picup_client::Client, code: &str) -> Response {
    let request = stage.request_as(client, Method::POST, &format!("/v1/invites/{code}/accept")).await;
    request.send().await.unwrap()
}

pub(crate) async fn invented_invite(stage: &Stage) -> Response {
    accept(stage, &stage.people.viewer, "BCDFGHJKLM").await
}

pub(crate) async fn old_invite(stage: &Stage) -> Response {
    let invite = stage.people.owner.invite(stage.people.family, Role::Viewer).await.unwrap();
    stage.meddle("accounts.db", "UPDATE invites SET expires_at = 1 WHERE accepted_by IS NULL").await;
    let (guest, _, _) = newcomer(&stage.server.base_url()).await;
    accept(stage, &guest, &invite.code).await
}

pub(crate) async fn invited_twice(stage: &Stage) -> Response {
    let invite = stage.people.owner.invite(stage.people.family, Role::Viewer).await.unwrap();
    accept(stage, &stage.people.editor, &invite.code).await
}

async fn poll(stage: &Stage, device_code: &str) -> Response {
    let body = json!({ "grant_type": DEVICE_CODE_GRANT, "device_code": device_code });
    stage.post("/v1/frames/token", &body).await
}

async fn new_pairing(stage: &Stage) -> String {
    stage.server.client().start_pairing("Board").await.unwrap().device_code
}

pub(crate) async fn impatient_frame(stage: &Stage) -> Response {
    poll(stage, &new_pairing(stage).await).await
}

pub(crate) async fn hasty_frame(stage: &Stage) -> Response {
    let device_code = new_pairing(stage).await;
    poll(stage, &device_code).await;
    poll(stage, &device_code).await
}

pub(crate) async fn old_pairing(stage: &Stage) -> Response {
    let device_code = new_pairing(stage).await;
    stage.meddle("accounts.db", "UPDATE pairings SET expires_at = 1").await;
    poll(stage, &device_code).await
}

pub(crate) async fn invented_device_code(stage: &Stage) -> Response {
    poll(stage, &"A".repeat(43)).await
}

pub(crate) async fn another_grant(stage: &Stage) -> Response {
    stage.post("/v1/frames/token", &json!({ "grant_type": "password", "device_code": "A" })).await
}

pub(crate) async fn invented_user_code(stage: &Stage) -> Response {
    let path = format!("/v1/families/{}/frames", stage.people.family);
    let body = json!({ "user_code": "BCDF-GHJK", "name": "Kitchen" });
    stage.send_as(&stage.people.owner, Method::POST, &path, &body).await
}

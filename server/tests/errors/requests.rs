//! Requests that are wrong in themselves, and tokens that are.

use picup_testkit::TestServer;
use reqwest::{Method, Response};
use serde_json::json;
use uuid::Uuid;

use crate::stage::Stage;

const SIGNIN: &str = "/v1/auth/signin";

pub(crate) async fn malformed(stage: &Stage) -> Response {
    let request = stage.request(Method::POST, SIGNIN).header("content-type", "application/json");
    request.body("{\"email\":").send().await.unwrap()
}

pub(crate) async fn faulty_fields(stage: &Stage) -> Response {
    let account = json!({ "email": "not an address", "password": "short", "display_name": "", "family_name": "",
        "locale": "ko", "client": "app" });
    stage.post("/v1/auth/signup", &account).await
}

pub(crate) async fn unknown_photo(stage: &Stage) -> Response {
    stage.get_as(&stage.people.owner, &format!("/v1/photos/{}", Uuid::now_v7())).await
}

pub(crate) async fn another_method(stage: &Stage) -> Response {
    stage.request(Method::DELETE, SIGNIN).send().await.unwrap()
}

pub(crate) async fn another_media_type(stage: &Stage) -> Response {
    let request = stage.request(Method::POST, SIGNIN).header("content-type", "text/plain");
    request.body("{}").send().await.unwrap()
}

pub(crate) async fn endless_json(stage: &Stage) -> Response {
    let body = json!({ "email": "a".repeat(1_100_000), "password": "x", "client": "app" });
    stage.post(SIGNIN, &body).await
}

pub(crate) async fn too_many_attempts() -> Response {
    let server = TestServer::builder().env("PICUP__AUTH__SIGNIN_PER_MINUTE", 2).start().await;
    let body = json!({ "email": "kim@example.org", "password": "a wrong password", "client": "app" });
    let http = reqwest::Client::new();
    for _ in 0..20 {
        let request = http.post(server.base_url().join(SIGNIN).unwrap());
        let response = request.json(&body).send().await.unwrap();
        if response.status() != 401 {
            return response;
        }
    }
    panic!("twenty attempts in a minute were let through");
}

pub(crate) async fn invented_cursor(stage: &Stage) -> Response {
    let family = stage.people.family;
    stage.get_as(&stage.people.owner, &format!("/v1/families/{family}/photos?cursor=bm90IG91cnM")).await
}

pub(crate) async fn no_token(stage: &Stage) -> Response {
    stage.request(Method::GET, "/v1/me").send().await.unwrap()
}

pub(crate) async fn expired_token(stage: &Stage) -> Response {
    stage.request(Method::GET, "/v1/me").bearer_auth(&stage.expired_token).send().await.unwrap()
}

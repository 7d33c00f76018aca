//! Albums, photos, media and public links.

use picup_api::{photo::Rendition, sharing::Link};
use picup_testkit::photos;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::stage::Stage;

pub(crate) async fn order_of_other_photos(stage: &Stage) -> Response {
    let path = format!("/v1/albums/{}/order", stage.album);
    stage.send_as(&stage.people.owner, Method::PUT, &path, &json!({ "photo_ids": [] })).await
}

pub(crate) async fn caption_in_the_trash(stage: &Stage) -> Response {
    let photo = stage.people.upload(&photos::jpeg(64, 48, 2), "b.jpg").await;
    stage.people.owner.trash_photo(photo).await.unwrap();
    let path = format!("/v1/photos/{photo}");
    stage.send_as(&stage.people.owner, Method::PATCH, &path, &json!({ "caption": "Sea" })).await
}

async fn original(stage: &Stage) -> String {
    let photo = stage.people.owner.photo(stage.photo).await.unwrap();
    photo.renditions[&Rendition::Original].url.clone()
}

pub(crate) async fn altered_link(stage: &Stage) -> Response {
    let link = original(stage).await.replace(&stage.photo.to_string(), &uuid::Uuid::now_v7().to_string());
    stage.request(Method::GET, &link).send().await.unwrap()
}

pub(crate) async fn old_link(stage: &Stage) -> Response {
    stage.request(Method::GET, &stage.expired_link).send().await.unwrap()
}

pub(crate) async fn too_early(stage: &Stage) -> Response {
    stage.request(Method::GET, &stage.unrendered_link).send().await.unwrap()
}

pub(crate) async fn range_behind_the_end(stage: &Stage) -> Response {
    let request = stage.request(Method::GET, &original(stage).await).header("range", "bytes=99999999-");
    request.send().await.unwrap()
}

/// The token in the address of a new link.
async fn new_link(stage: &Stage, body: &Value) -> String {
    let path = format!("/v1/albums/{}/links", stage.album);
    let link: Link =
        stage.send_as(&stage.people.owner, Method::POST, &path, body).await.json().await.unwrap();
    let address = link.url.trim_end_matches('/');
    address.rsplit(['/', '=', '#']).next().unwrap().to_owned()
}

async fn open(stage: &Stage, token: &str) -> Response {
    stage.request(Method::GET, &format!("/v1/shared/{token}")).send().await.unwrap()
}

pub(crate) async fn locked_link(stage: &Stage) -> Response {
    open(stage, &new_link(stage, &json!({ "password": "the name of our cat" })).await).await
}

pub(crate) async fn expired_shared_link(stage: &Stage) -> Response {
    let token = new_link(stage, &json!({ "expires_at": "2999-01-01T00:00:00Z" })).await;
    stage.meddle("library.db", "UPDATE links SET expires_at = 1 WHERE expires_at IS NOT NULL").await;
    open(stage, &token).await
}

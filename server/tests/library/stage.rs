//! What the tests of the library share.

use picup_api::{AlbumId, ErrorCode, FamilyId, PhotoId, album::NewAlbum, photo::Photo};
use picup_client::{Client, ClientError, PageQuery, PhotoFilter};
use picup_testkit::{photos::Jpeg, rendered, upload_as};
use serde_json::Value;

/// A small picture unlike those with other seeds.
pub(crate) fn picture(seed: u64) -> Vec<u8> {
    Jpeg::new(32, 24, seed).build()
}

/// A small picture taken at a local time, `2024:05:01 10:00:00` as cameras write it.
pub(crate) fn taken(seed: u64, local: &str) -> Vec<u8> {
    Jpeg::new(32, 24, seed).taken(local).build()
}

/// Uploads bytes and waits until they are rendered.
pub(crate) async fn ready(client: &Client, family: FamilyId, bytes: &[u8], filename: &str) -> Photo {
    let id = upload_as(client, family, bytes, filename).await;
    rendered(client, id).await
}

/// Photos that are stored; their rendering goes on meanwhile.
pub(crate) async fn stored(client: &Client, family: FamilyId, seeds: std::ops::Range<u64>) -> Vec<PhotoId> {
    let mut photos = Vec::new();
    for seed in seeds {
        photos.push(upload_as(client, family, &picture(seed), &format!("{seed}.jpg")).await);
    }
    photos
}

pub(crate) async fn album(client: &Client, family: FamilyId, title: &str, photos: &[PhotoId]) -> AlbumId {
    let new = NewAlbum { title: title.into(), description: String::new() };
    let album = client.create_album(family, &new).await.unwrap().id;
    if !photos.is_empty() {
        client.add_to_album(album, photos).await.unwrap();
    }
    album
}

/// The whole album, in its order.
pub(crate) async fn order_of(client: &Client, album: AlbumId) -> Vec<PhotoId> {
    let page = client.album_photos(album, &PageQuery::first(200)).await.unwrap();
    page.items.iter().map(|photo| photo.id).collect()
}

/// The first page of what a filter finds.
pub(crate) async fn found(client: &Client, family: FamilyId, filter: PhotoFilter) -> Vec<PhotoId> {
    let page = client.photos(family, &filter, &PageQuery::first(200)).await.unwrap();
    page.items.iter().map(|photo| photo.id).collect()
}

pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T, ClientError>) -> ErrorCode {
    outcome.unwrap_err().code().expect("an error with a code")
}

/// (field, code) of a refusal.
pub(crate) fn faults<T: std::fmt::Debug>(outcome: Result<T, ClientError>) -> Vec<(String, String)> {
    let error = outcome.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::ValidationFailed));
    error.field_errors().iter().map(|fault| (fault.field.clone(), fault.code.clone())).collect()
}

/// A request the typed client has no call for. `path` begins with a slash.
pub(crate) async fn get(client: &Client, path: &str) -> (u16, Value) {
    let url = client.base_url().join(path).unwrap();
    let request = reqwest::Client::new().get(url.as_str()).bearer_auth(client.access_token().await.unwrap());
    answer(request).await
}

pub(crate) async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

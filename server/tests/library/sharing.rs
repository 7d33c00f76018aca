//! Public links: what a guest sees, and what nobody sees without the password.

use picup_api::{
    ErrorCode, Page, Timestamp,
    photo::{PhotoPatch, Rendition},
    sharing::{Link, LinkUnlocked, NewLink, SharedAlbum, SharedPhoto},
};
use picup_client::Client;
use picup_testkit::{TestServer, eventually};
use serde_json::{Value, json};

use crate::stage::{album, answer, picture, ready, stored};

struct Guest {
    base: String,
    http: reqwest::Client,
}

impl Guest {
    fn of(link: &Link, server: &TestServer) -> Self {
        let token = link.url.rsplit('/').next().unwrap();
        Self { base: format!("{}v1/shared/{token}", server.base_url()), http: reqwest::Client::new() }
    }

    async fn get(&self, path: &str, header: Option<(&str, &str)>) -> (u16, Value) {
        let mut request = self.http.get(format!("{}{path}", self.base));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        answer(request).await
    }

    async fn unlock(&self, password: &str) -> (u16, Value) {
        answer(self.http.post(format!("{}/unlock", self.base)).json(&json!({ "password": password }))).await
    }
}

async fn share(client: &Client, album: picup_api::AlbumId, new: &NewLink) -> Link {
    let url = client.base_url().join(&format!("/v1/albums/{album}/links")).unwrap();
    let token = client.access_token().await.unwrap();
    let request = reqwest::Client::new().post(url.as_str()).bearer_auth(token).json(new);
    let (status, link) = answer(request).await;
    assert_eq!(status, 201, "{link}");
    serde_json::from_value(link).unwrap()
}

fn code(problem: &Value) -> ErrorCode {
    serde_json::from_value(problem["code"].clone()).unwrap()
}

#[tokio::test]
async fn a_guest_sees_the_album_and_nothing_about_people_or_places() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await;
    let patch = PhotoPatch { people: Some(vec!["민지".into()]), ..PhotoPatch::default() };
    people.owner.update_photo(photo.id, &patch).await.unwrap();
    let id = album(&people.owner, people.family, "여름", &[photo.id]).await;
    let link = share(&people.editor, id, &NewLink::default()).await;
    assert!(!link.has_password);

    let guest = Guest::of(&link, &server);
    let (status, seen) = guest.get("", None).await;
    assert_eq!(status, 200, "{seen}");
    let seen: SharedAlbum = serde_json::from_value(seen).unwrap();
    assert_eq!((seen.title.as_str(), seen.photo_count), ("여름", 1));
    let (_, photos) = guest.get("/photos", None).await;
    for private in ["uploaded_by", "people", "민지", "place", "camera", "filename", "sha256", "original"] {
        assert!(!photos.to_string().contains(private), "{private} in {photos}");
    }
    let photos: Page<SharedPhoto> = serde_json::from_value(photos).unwrap();
    let preview = &photos.items[0].renditions[&Rendition::Preview].url;
    let url = server.base_url().join(preview).unwrap();
    assert_eq!(reqwest::get(url.as_str()).await.unwrap().status(), 200);
}

/// FAILURES 31: the password of a link skipped by asking for a rendition directly.
#[tokio::test]
async fn without_the_password_a_guest_gets_no_list_and_no_picture() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await;
    let id = album(&people.owner, people.family, "a", &[photo.id]).await;
    let new = NewLink { password: Some("open sesame".into()), expires_at: None };
    let link = share(&people.owner, id, &new).await;
    assert!(link.has_password);
    let guest = Guest::of(&link, &server);
    for path in ["", "/photos", "/photos?limit=1"] {
        let (status, problem) = guest.get(path, None).await;
        assert_eq!((status, code(&problem)), (401, ErrorCode::LinkPasswordRequired), "{path}");
        let (status, problem) = guest.get(path, Some(("x-picup-link-password", "wrong"))).await;
        assert_eq!((status, code(&problem)), (403, ErrorCode::PasswordWrong), "{path}");
        let (status, _) = guest.get(path, Some(("x-picup-viewing-token", "AAAA"))).await;
        assert_eq!(status, 401, "{path}");
    }
    for rendition in Rendition::ALL {
        let url = format!("{}media/{}/{}", server.base_url(), photo.id, rendition.as_str());
        assert!(reqwest::get(&url).await.unwrap().status().is_client_error(), "{url}");
        let forged = format!("{url}?e=4102444800&s=AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(reqwest::get(&forged).await.unwrap().status(), 403, "{forged}");
    }
    assert_eq!(guest.get("/photos", Some(("x-picup-link-password", "open sesame"))).await.0, 200);
}

#[tokio::test]
async fn the_password_given_once_opens_the_link_and_no_other() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let id = album(&people.owner, people.family, "a", &[]).await;
    let new = NewLink { password: Some("open sesame".into()), expires_at: None };
    let guest = Guest::of(&share(&people.owner, id, &new).await, &server);
    let other = Guest::of(&share(&people.owner, id, &new).await, &server);
    assert_eq!(code(&guest.unlock("wrong").await.1), ErrorCode::PasswordWrong);
    let (_, unlocked) = guest.unlock("open sesame").await;
    let unlocked: LinkUnlocked = serde_json::from_value(unlocked).unwrap();
    let token = Some(("x-picup-viewing-token", unlocked.viewing_token.as_str()));
    assert_eq!(guest.get("/photos", token).await.0, 200);
    assert_eq!(other.get("/photos", token).await.0, 401);
}

#[tokio::test]
async fn guessing_a_links_password_is_slowed_down() {
    let server = TestServer::builder().env("PICUP__AUTH__SIGNIN_PER_MINUTE", 5).start().await;
    let people = server.family().await;
    let id = album(&people.owner, people.family, "a", &[]).await;
    let new = NewLink { password: Some("open sesame".into()), expires_at: None };
    let guest = Guest::of(&share(&people.owner, id, &new).await, &server);
    eventually("guessing is refused", || async {
        let (status, problem) = guest.unlock("guess").await;
        (status == 429).then(|| assert_eq!(code(&problem), ErrorCode::RateLimited))
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_when_it_expires_or_is_removed() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let id = album(&people.owner, people.family, "a", &[]).await;
    let soon = Timestamp::from_millis(now_millis() + 10_000);
    let expiring = Guest::of(
        &share(&people.owner, id, &NewLink { expires_at: Some(soon), password: None }).await,
        &server,
    );
    assert_eq!(expiring.get("", None).await.0, 200);
    eventually("the link expires", || async {
        let (status, problem) = expiring.get("", None).await;
        (status == 410).then(|| assert_eq!(code(&problem), ErrorCode::LinkExpired))
    })
    .await;

    let link = share(&people.owner, id, &NewLink::default()).await;
    let url = server.base_url().join(&format!("/v1/links/{}", link.id)).unwrap();
    let removal =
        reqwest::Client::new().delete(url.as_str()).bearer_auth(people.editor.access_token().await.unwrap());
    assert_eq!(answer(removal).await.0, 204);
    assert_eq!(Guest::of(&link, &server).get("", None).await.0, 404);
}

#[tokio::test]
async fn a_guest_sees_only_what_can_be_shown() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let good = ready(&people.owner, people.family, &picture(1), "1.jpg").await.id;
    let gone = ready(&people.owner, people.family, &picture(2), "2.jpg").await.id;
    let elsewhere = stored(&people.owner, people.family, 3..4).await[0];
    let id = album(&people.owner, people.family, "a", &[good, gone]).await;
    people.owner.trash_photo(gone).await.unwrap();
    let (_, photos) =
        Guest::of(&share(&people.owner, id, &NewLink::default()).await, &server).get("/photos", None).await;
    let photos: Page<SharedPhoto> = serde_json::from_value(photos).unwrap();
    let seen: Vec<_> = photos.items.iter().map(|photo| photo.id).collect();
    assert_eq!(seen, [good]);
    assert!(!seen.contains(&elsewhere));
}

fn now_millis() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

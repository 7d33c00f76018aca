//! A plain tus client, for saying on the wire what a well-behaved one would not.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use picup_api::{FamilyId, PhotoId, Sha256Digest};
use picup_client::{Client, Url};
use picup_testkit::{People, TestServer, photos, sha256};
use reqwest::{Method, RequestBuilder, Response, header::CONTENT_TYPE};

pub(crate) const PIECE: &str = "application/offset+octet-stream";

pub(crate) struct Tus {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) token: String,
    pub(crate) family: FamilyId,
}

impl Tus {
    pub(crate) async fn of(server: &TestServer, people: &People) -> Self {
        Self::with(server.base_url(), &people.owner, people.family).await
    }

    pub(crate) async fn with(base: Url, client: &Client, family: FamilyId) -> Self {
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        Self { http, base, token: client.access_token().await.unwrap(), family }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.base.join(path).unwrap();
        self.http.request(method, url).bearer_auth(&self.token).header("Tus-Resumable", "1.0.0")
    }

    pub(crate) fn metadata(&self, digest: Option<Sha256Digest>) -> String {
        let family = self.family.to_string();
        let mut pairs = vec![("filename", "바다.jpg".to_owned()), ("family", family)];
        pairs.extend(digest.map(|digest| ("sha256", digest.to_string())));
        let pairs: Vec<_> =
            pairs.iter().map(|(key, value)| format!("{key} {}", BASE64.encode(value))).collect();
        pairs.join(",")
    }

    pub(crate) fn creation(&self, length: usize, digest: Option<Sha256Digest>) -> RequestBuilder {
        self.request(Method::POST, "/v1/uploads")
            .header("Upload-Length", length)
            .header("Upload-Metadata", self.metadata(digest))
    }

    /// Creates an upload for these bytes; answers its path.
    pub(crate) async fn create(&self, bytes: &[u8]) -> String {
        let answer = self.creation(bytes.len(), Some(sha256(bytes))).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        header(&answer, "location").unwrap()
    }

    pub(crate) fn piece(&self, path: &str, offset: usize, bytes: &[u8]) -> RequestBuilder {
        self.request(Method::PATCH, path)
            .header("Upload-Offset", offset)
            .header(CONTENT_TYPE, PIECE)
            .body(bytes.to_vec())
    }

    pub(crate) async fn patch(&self, path: &str, offset: usize, bytes: &[u8]) -> Response {
        self.piece(path, offset, bytes).send().await.unwrap()
    }

    pub(crate) async fn head(&self, path: &str) -> Response {
        self.request(Method::HEAD, path).send().await.unwrap()
    }

    pub(crate) async fn offset(&self, path: &str) -> usize {
        let answer = self.head(path).await;
        assert_eq!(answer.status(), 200);
        header(&answer, "upload-offset").unwrap().parse().unwrap()
    }

    /// Sends a whole file in one piece; answers the photo it became.
    pub(crate) async fn upload(&self, bytes: &[u8]) -> PhotoId {
        let path = self.create(bytes).await;
        let answer = self.patch(&path, 0, bytes).await;
        assert_eq!(answer.status(), 204, "{:?}", answer.text().await);
        photo_of(&answer)
    }
}

pub(crate) fn header(answer: &Response, name: &str) -> Option<String> {
    Some(answer.headers().get(name)?.to_str().unwrap().to_owned())
}

pub(crate) fn photo_of(answer: &Response) -> PhotoId {
    header(answer, "picup-photo-id").expect("the answer names the photo").parse().unwrap()
}

/// Status and error code of a refusal.
pub(crate) async fn refusal(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let problem: serde_json::Value = answer.json().await.expect("a refusal has a problem document");
    (status, problem["code"].as_str().unwrap().to_owned())
}

/// A small photo unlike any other seed's.
pub(crate) fn photo(seed: u64) -> Vec<u8> {
    photos::jpeg(64, 48, seed)
}

/// A photo of about `length` bytes: what follows a JPEG's end is kept by every store and read by no decoder.
pub(crate) fn large_photo(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = photo(seed);
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

pub(crate) async fn original(client: &Client, photo: PhotoId) -> Vec<u8> {
    let url = original_url(client, photo).await;
    client.media_bytes(&url, 64 << 20).await.unwrap()
}

pub(crate) async fn original_url(client: &Client, photo: PhotoId) -> String {
    let photo = client.photo(photo).await.unwrap();
    photo.renditions[&picup_api::photo::Rendition::Original].url.clone()
}

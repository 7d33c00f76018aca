//! Who calls, and with what body.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use picup_api::{frame::DEVICE_CODE_GRANT, upload::TUS_VERSION};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::{
    route::Route,
    world::{Ids, World},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Nobody,
    /// Sends something that is no token.
    Forger,
    /// Sends a well-formed token that nobody here signed.
    OtherKey,
    OtherOwner,
    OtherFrame,
    Owner,
    Editor,
    Viewer,
    Frame,
}

impl World {
    pub(crate) async fn call(&self, route: &Route, caller: Caller) -> StatusCode {
        self.call_with(route, caller, &self.ids).await
    }

    pub(crate) async fn call_with(&self, route: &Route, caller: Caller, ids: &Ids) -> StatusCode {
        let request = self.request(&route.method, &route.address(ids), caller).await;
        let request = match route.body.as_deref() {
            Some(schema) => request.json(&body(schema, ids)),
            None => match &route.medium {
                Some(medium) => request.header("content-type", medium).body(sample(medium)),
                None => tus_headers(request, route, ids),
            },
        };
        let response = request.send().await.unwrap();
        response.status()
    }

    pub(crate) async fn request(&self, method: &str, address: &str, caller: Caller) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, self.base_url.join(address).unwrap());
        match self.token(caller).await {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn token(&self, caller: Caller) -> Option<String> {
        let client = match caller {
            Caller::Nobody => return None,
            Caller::Forger => return Some("not.a.token".into()),
            Caller::OtherKey => return Some(self.forged_token().await),
            Caller::OtherOwner => &self.outsider,
            Caller::OtherFrame => &self.other_frame.client,
            Caller::Owner => &self.people.owner,
            Caller::Editor => &self.people.editor,
            Caller::Viewer => &self.people.viewer,
            Caller::Frame => &self.frame.client,
        };
        Some(client.access_token().await.unwrap())
    }

    /// The owner's token with another signature.
    async fn forged_token(&self) -> String {
        let token = self.people.owner.access_token().await.unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let forged: String = signature.chars().rev().collect();
        format!("{signed}.{forged}")
    }
}

fn sample(medium: &str) -> Vec<u8> {
    match medium.starts_with("audio/") {
        true => picup_testkit::photos::fixture("voice.webm"),
        false => picup_testkit::photos::jpeg(32, 24, 1),
    }
}

fn tus_headers(request: RequestBuilder, route: &Route, ids: &Ids) -> RequestBuilder {
    if !route.path.starts_with("/v1/uploads") {
        return request;
    }
    let request = request.header("tus-resumable", TUS_VERSION);
    match route.method.as_str() {
        "POST" => request.header("upload-length", 100).header("upload-metadata", metadata(ids)),
        "PATCH" => request
            .header("upload-offset", 0)
            .header("content-type", "application/offset+octet-stream")
            .body(vec![1; 10]),
        _ => request,
    }
}

pub(crate) fn metadata(ids: &Ids) -> String {
    let entries = [
        ("filename", "a.jpg".to_owned()),
        ("filetype", "image/jpeg".to_owned()),
        ("sha256", "0".repeat(64)),
        ("family", ids.family.to_string()),
        ("album", ids.album.to_string()),
    ];
    let encoded = entries.map(|(key, value)| format!("{key} {}", BASE64_STANDARD.encode(value)));
    encoded.join(",")
}

/// A body that would do something, for each schema the routes take.
pub(crate) fn body(schema: &str, ids: &Ids) -> Value {
    let settings = json!({ "seconds_per_photo": 10, "fill": "mat", "locale": "en", "albums": [ids.album] });
    match schema {
        "NewFamily" => json!({ "name": "Elsewhere" }),
        "FamilyPatch" => json!({ "name": "Taken over" }),
        "MembershipPatch" | "NewInvite" => json!({ "role": "viewer" }),
        "PairingApproval" => json!({ "user_code": ids.user_code, "name": "Mine now" }),
        "FramePatch" => json!({ "name": "Mine now", "settings": settings }),
        "Birthdays" => json!({ "birthdays": [{ "name": "Taken over", "month": 5, "day": 1, "year": 1950 }] }),
        "NewFrameCommand" => json!({ "action": { "kind": "show_photo", "photo_id": ids.photo } }),
        "CommandAck" => json!({ "done": true }),
        "NewAlbum" => json!({ "title": "Elsewhere" }),
        "AlbumPatch" => json!({ "title": "Taken over", "cover_photo_id": ids.photo }),
        "PhotoIds" => json!({ "photo_ids": [ids.photo] }),
        "NewLink" => json!({}),
        "PhotoPatch" => json!({ "caption": "Taken over", "people": ["Taken over"] }),
        "NewComment" => json!({ "text": "I was here" }),
        "CheckRequest" => json!({ "digests": [{ "id": "a", "sha256": "0".repeat(64) }] }),
        // Of routes that are public or about the caller: never sent with a token that counts.
        "MePatch" => json!({ "display_name": "Kim" }),
        "PasswordChange" => json!({ "current_password": "x", "new_password": "y" }),
        "AccountDeletion" | "LinkUnlock" => json!({ "password": "x" }),
        "Heartbeat" => json!({}),
        "FrameTokenRequest" => json!({ "grant_type": DEVICE_CODE_GRANT, "device_code": "x" }),
        "Signup" | "Signin" | "Refresh" | "NewPairing" => json!({}),
        other => panic!("teach this test a body of {other}"),
    }
}

//! Two families: one with everything a family can have, and one that wants it.

use picup_api::{
    AlbumId, CommandId, CommentId, FamilyId, FrameId, LinkId, MemberId, PhotoId, SessionId, album::NewAlbum,
    frame::FrameAction, photo::Photo, sharing::Link,
};
use picup_client::{Client, PageQuery, Url};
use picup_testkit::{PairedFrame, People, TestServer, newcomer, photos};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    calls::{Caller, metadata},
    route::Route,
};

pub(crate) struct World {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Url,
    pub(crate) people: People,
    pub(crate) frame: PairedFrame,
    pub(crate) ids: Ids,
    pub(crate) outsider: Client,
    pub(crate) other_frame: PairedFrame,
    /// What the outsider owns.
    pub(crate) others: Ids,
}

/// What the parameters of routes can name.
#[derive(Clone)]
pub(crate) struct Ids {
    pub(crate) family: FamilyId,
    pub(crate) member: MemberId,
    pub(crate) frame: FrameId,
    pub(crate) session: SessionId,
    pub(crate) command: CommandId,
    pub(crate) album: AlbumId,
    pub(crate) photo: PhotoId,
    pub(crate) comment: CommentId,
    pub(crate) link: LinkId,
    pub(crate) upload: String,
    pub(crate) invite: String,
    pub(crate) user_code: String,
}

impl Ids {
    pub(crate) fn query(&self, name: &str, route: &Route) -> String {
        match name {
            "family" => self.family.to_string(),
            // Of a signed address, which is public: an old one, and no signature.
            "e" => "1".into(),
            "s" => "x".into(),
            other => panic!("{route}: teach this test the query parameter {other}"),
        }
    }
}

impl World {
    pub(crate) async fn build(server: &TestServer) -> Self {
        let people = server.family().await;
        let frame = server.paired_frame(&people.owner).await;
        let (outsider, outsider_id, _) = newcomer(&server.base_url()).await;
        let other_frame = server.paired_frame(&outsider).await;
        for frame in [&frame, &other_frame] {
            frame.client.send_picture(photos::jpeg(32, 24, 1)).await.unwrap();
        }
        let (http, base_url) = (reqwest::Client::new(), server.base_url());
        let gatherer = Gatherer { http: &http, base_url: &base_url };
        let ids = gatherer.gather(&people.owner, people.viewer_id, frame.id, b"ours").await;
        let others = gatherer.gather(&outsider, outsider_id, other_frame.id, b"theirs").await;
        Self { http, base_url, people, frame, ids, outsider, other_frame, others }
    }

    pub(crate) async fn document(&self) -> Value {
        let response = self.http.get(self.base_url.join("/openapi.json").unwrap()).send().await.unwrap();
        response.json().await.unwrap()
    }

    /// Everything a stranger could have changed, as its owner sees it.
    pub(crate) async fn belongings(&self) -> Value {
        let owner = &self.people.owner;
        let unsigned = |mut photo: Photo| {
            // Links are signed anew with time, and pictures appear as they are rendered.
            photo.renditions.clear();
            (photo.thumbhash, photo.width, photo.height) = (None, 0, 0);
            json!({ "id": photo.id, "caption": photo.caption, "people": photo.people, "albums": photo.albums, "hearts": photo.hearts,
                "comments": photo.comments, "trashed": photo.purge_at.is_some(), "hidden": photo.hidden, "removal": photo.removal_proposed })
        };
        let photos = owner.photos(self.ids.family, &Default::default(), &PageQuery::default()).await.unwrap();
        let albums = owner.all_albums(self.ids.family).await.unwrap();
        let albums: Vec<_> =
            albums.iter().map(|album| json!([album.id, album.title, album.photo_count])).collect();
        let frames = owner.frames(self.ids.family).await.unwrap();
        let frames: Vec<_> = frames
            .iter()
            .map(|frame| json!([frame.id, frame.name, frame.pending_commands, frame.picture_at]))
            .collect();
        json!({
            "family": owner.family(self.ids.family).await.unwrap(),
            "members": owner.members(self.ids.family).await.unwrap(),
            "photos": photos.items.into_iter().map(unsigned).collect::<Vec<_>>(),
            "albums": albums,
            "frames": frames,
            "birthdays": owner.birthdays(self.ids.family).await.unwrap(),
        })
    }

    /// The outsider's own objects in the path, ours in the body.
    pub(crate) async fn smuggle_ids_in_bodies(&self) -> Vec<(&'static str, StatusCode)> {
        let (own, ours) = (&self.others, &self.ids);
        let settings =
            json!({ "seconds_per_photo": 10, "fill": "mat", "locale": "en", "albums": [ours.album] });
        let commands = format!("/v1/families/{}/frames/{}/commands", own.family, own.frame);
        let attempts = [
            (
                "add to album",
                "POST",
                format!("/v1/albums/{}/photos", own.album),
                json!({ "photo_ids": [ours.photo] }),
            ),
            ("order", "PUT", format!("/v1/albums/{}/order", own.album), json!({ "photo_ids": [ours.photo] })),
            ("cover", "PATCH", format!("/v1/albums/{}", own.album), json!({ "cover_photo_id": ours.photo })),
        ];
        let mut outcomes = Vec::new();
        for (name, method, address, body) in attempts {
            let request = self.request(method, &address, Caller::OtherOwner).await;
            outcomes.push((name, request.json(&body).send().await.unwrap().status()));
        }
        // Ids in commands and settings are only hints to a frame, which can fetch nothing of ours with them.
        for (method, address, body) in [
            ("POST", commands, json!({ "action": { "kind": "show_photo", "photo_id": ours.photo } })),
            (
                "PATCH",
                format!("/v1/families/{}/frames/{}", own.family, own.frame),
                json!({ "settings": settings }),
            ),
        ] {
            let request = self.request(method, &address, Caller::OtherOwner).await;
            let status = request.json(&body).send().await.unwrap().status();
            assert!(!status.is_server_error(), "{method} {address}: {status}");
        }
        let mixed = Ids { album: ours.album, ..own.clone() };
        let request = self.request("POST", "/v1/uploads", Caller::OtherOwner).await;
        let request = request.header("tus-resumable", "1.0.0").header("upload-length", 10);
        let response = request.header("upload-metadata", metadata(&mixed)).send().await.unwrap();
        outcomes.push(("upload into album", response.status()));
        outcomes
    }
}

struct Gatherer<'a> {
    http: &'a reqwest::Client,
    base_url: &'a Url,
}

impl Gatherer<'_> {
    async fn gather(&self, owner: &Client, member: MemberId, frame: FrameId, seed: &[u8]) -> Ids {
        let family = owner.me().await.unwrap().families[0].id;
        let mut picture = photos::jpeg(64, 48, 1);
        picture.extend_from_slice(seed);
        let photo = picup_testkit::upload_as(owner, family, &picture, "a.jpg").await;
        let album = NewAlbum { title: "Sea".into(), description: String::new() };
        let album = owner.create_album(family, &album).await.unwrap().id;
        owner.add_to_album(album, &[photo]).await.unwrap();
        let voice = photos::fixture("voice.webm");
        let comment = owner.say_by_voice(photo, voice, "Look").await.unwrap().id;
        let command = owner.send_command(family, frame, FrameAction::Next).await.unwrap().id;
        let invite = owner.invite(family, picup_api::account::Role::Viewer).await.unwrap().code;
        let waiting = Client::builder(self.base_url.clone()).build().unwrap();
        let user_code = waiting.start_pairing("Another board").await.unwrap().user_code;
        let session = owner.sessions().await.unwrap()[0].id;
        let link = self.link(owner, album).await;
        let mut ids = Ids {
            family,
            member,
            frame,
            session,
            command,
            album,
            photo,
            comment,
            link,
            invite,
            user_code,
            upload: String::new(),
        };
        ids.upload = self.upload(owner, &ids).await;
        ids
    }

    async fn link(&self, owner: &Client, album: AlbumId) -> LinkId {
        let url = self.base_url.join(&format!("/v1/albums/{album}/links")).unwrap();
        let token = owner.access_token().await.unwrap();
        let response = self.http.post(url).bearer_auth(token).json(&json!({})).send().await.unwrap();
        response.json::<Link>().await.unwrap().id
    }

    /// One under way.
    async fn upload(&self, owner: &Client, ids: &Ids) -> String {
        let request = self.http.post(self.base_url.join("/v1/uploads").unwrap());
        let request =
            request.bearer_auth(owner.access_token().await.unwrap()).header("tus-resumable", "1.0.0");
        let request = request.header("upload-length", 100).header("upload-metadata", metadata(ids));
        let response = request.send().await.unwrap();
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        location.rsplit('/').next().unwrap().to_owned()
    }
}

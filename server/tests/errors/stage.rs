//! A server with a family, and the ways to ask it and to meddle with it.

use std::{path::Path, time::Duration};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use picup_api::{AlbumId, PhotoId, album::NewAlbum, photo::Rendition};
use picup_client::{Client, Url};
use picup_server::{App, config::Config};
use picup_testkit::{PairedFrame, People, TestServer, photos};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use uuid::Uuid;

pub(crate) struct Stage {
    pub(crate) server: TestServer,
    pub(crate) http: reqwest::Client,
    pub(crate) people: People,
    pub(crate) frame: PairedFrame,
    pub(crate) album: AlbumId,
    pub(crate) photo: PhotoId,
    /// The owner's, issued an hour ago.
    pub(crate) expired_token: String,
    /// The photo's thumb, signed yesterday.
    pub(crate) expired_link: String,
    /// A large rendition, signed now.
    pub(crate) unrendered_link: String,
}

impl Stage {
    /// Without a worker: nothing is rendered.
    pub(crate) async fn set_up() -> Self {
        let builder = TestServer::builder().arg("--roles").arg("accounts,library");
        let mut server = builder.config("[limits]\nmax_upload_bytes = 10000000\n").start().await;
        let people = server.family().await;
        let frame = server.paired_frame(&people.owner).await;
        let photo = people.upload(&photos::jpeg(64, 48, 1), "a.jpg").await;
        let album = NewAlbum { title: "Sea".into(), description: String::new() };
        let album = people.owner.create_album(people.family, &album).await.unwrap().id;
        people.owner.add_to_album(album, &[photo]).await.unwrap();
        let token = people.owner.access_token().await.unwrap();
        assert!(server.stop().await.success());
        let past = Past::of(&server.data_dir(), &token, photo).await;
        server.start_again().await;
        let Past { expired_token, expired_link, unrendered_link } = past;
        let http = reqwest::Client::new();
        Self { server, http, people, frame, album, photo, expired_token, expired_link, unrendered_link }
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.server.base_url().join(path).unwrap()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// With a member's or a frame's token.
    pub(crate) async fn request_as(&self, client: &Client, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(client.access_token().await.unwrap())
    }

    pub(crate) async fn get_as(&self, client: &Client, path: &str) -> Response {
        self.request_as(client, Method::GET, path).await.send().await.unwrap()
    }

    pub(crate) async fn send_as(
        &self,
        client: &Client,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Response {
        self.request_as(client, method, path).await.json(body).send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    /// Lets time pass for rows, or damages them.
    pub(crate) async fn meddle(&self, database: &str, statement: &'static str) {
        let options = SqliteConnectOptions::new().filename(self.server.data_dir().join(database));
        let options = options.busy_timeout(Duration::from_secs(20));
        let mut connection = options.connect().await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
}

/// What was signed long ago, made with the server's own keys while it is stopped.
struct Past {
    expired_token: String,
    expired_link: String,
    unrendered_link: String,
}

impl Past {
    async fn of(data_dir: &Path, token: &str, photo: PhotoId) -> Self {
        // Another test in this process may have installed it.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let config = Config { data_dir: data_dir.into(), ..Config::default() };
        let app = App::build(config).await.unwrap();
        let claims = token.split('.').nth(1).unwrap();
        let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let id = |name: &str| Uuid::parse_str(claims[name].as_str().unwrap()).unwrap();
        let families = serde_json::from_value(claims["fam"].clone()).unwrap();
        let (hour, day) = (3_600_000, 86_400_000);
        let expired_token = app.auth.issue(id("sub"), id("sid"), families, app.now() - hour).unwrap().token;
        let past = Self {
            expired_token,
            expired_link: app.media_signer.link(photo, Rendition::Thumb, app.now() - day),
            unrendered_link: app.media_signer.link(photo, Rendition::Thumb, app.now()),
        };
        app.close().await;
        past
    }
}

//! A server on a free port with a temporary data directory, and people to talk to it.

use std::{net::SocketAddr, sync::Arc};

use picup_server::{
    App,
    config::{Config, Databases, Servers},
    http,
    store::sql,
};
use picup_testkit::TestDatabases;
use reqwest::{Method, header::HeaderMap};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Stops with the test.
pub(crate) struct Home {
    pub(crate) app: Arc<App>,
    pub(crate) directory: TempDir,
    url: String,
    http: reqwest::Client,
    pub(crate) databases: Option<TestDatabases>,
}

/// What the server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// Someone signed in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    /// The family founded at sign-up.
    pub(crate) family: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// A paired frame.
#[derive(Clone, Debug)]
pub(crate) struct PairedFrame {
    pub(crate) id: String,
    pub(crate) family: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Home {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let directory = tempfile::tempdir().unwrap();
        let mut config = Config { data_dir: directory.path().to_owned(), ..Config::default() };
        // Tests sign in more often than people; the limits have tests of their own.
        config.auth.signin_per_minute = 1000;
        let databases = TestDatabases::from_environment().await;
        config.databases = databases.as_ref().map(of_servers).unwrap_or_default();
        change(&mut config);
        let app = App::build(config).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = http::router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { app, directory, url, http: reqwest::Client::new(), databases }
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    /// Whatever the helpers above do not say.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.ask(Method::GET, path, token, None).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, token, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, token: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, token, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, token: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, token, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Answer {
        self.ask(Method::DELETE, path, token, None).await
    }

    /// Signs up with a family of their own.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let email = format!("{name}@example.com");
        let signup = json!({
            "email": email, "password": PASSWORD, "display_name": name, "family_name": format!("{name}'s"),
            "locale": "ko", "client": "app",
        });
        let body = self.post("/v1/auth/signup", "", signup).await.expect(201);
        let access = text(&body["access_token"]);
        let me = self.get("/v1/me", &access).await.expect(200);
        Person {
            id: text(&body["member"]["id"]),
            email,
            family: text(&me["families"][0]["id"]),
            access,
            refresh: text(&body["refresh_token"]),
        }
    }

    pub(crate) async fn renew(&self, refresh: &str) -> Answer {
        self.post("/v1/auth/refresh", "", json!({ "refresh_token": refresh })).await
    }

    /// The same person with a fresh access token.
    pub(crate) async fn renewed(&self, person: &Person) -> Person {
        let body = self.renew(&person.refresh).await.expect(200);
        Person {
            access: text(&body["access_token"]),
            refresh: text(&body["refresh_token"]),
            ..person.clone()
        }
    }

    /// Someone who joins the owner's family with a role.
    pub(crate) async fn relative(&self, owner: &Person, name: &str, role: &str) -> Person {
        let path = format!("/v1/families/{}/invites", owner.family);
        let invite = self.post(&path, &owner.access, json!({ "role": role })).await.expect(201);
        let person = self.person(name).await;
        let accept = format!("/v1/invites/{}/accept", text(&invite["code"]));
        self.post(&accept, &person.access, json!({})).await.expect(200);
        Person { family: owner.family.clone(), ..self.renewed(&person).await }
    }

    pub(crate) async fn start_pairing(&self) -> Value {
        self.post("/v1/frames/pairings", "", json!({ "hardware_name": "Raspberry Pi 5" })).await.expect(201)
    }

    pub(crate) async fn poll(&self, device_code: &Value) -> Answer {
        let body = json!({ "grant_type": picup_api::frame::DEVICE_CODE_GRANT, "device_code": device_code });
        self.post("/v1/frames/token", "", body).await
    }

    pub(crate) async fn paired_frame(&self, owner: &Person) -> PairedFrame {
        let pairing = self.start_pairing().await;
        let approval = json!({ "user_code": pairing["user_code"], "name": "거실" });
        self.post(&format!("/v1/families/{}/frames", owner.family), &owner.access, approval)
            .await
            .expect(201);
        let token = self.poll(&pairing["device_code"]).await.expect(200);
        PairedFrame {
            id: text(&token["frame_id"]),
            family: text(&token["family_id"]),
            access: text(&token["access_token"]),
            refresh: text(&token["refresh_token"]),
        }
    }

    /// Changes rows as time would.
    pub(crate) async fn sql(&self, statement: &'static str) {
        let mut tx = self.app.accounts.begin().await.unwrap();
        sql::query(statement).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What the accounts tell the library, in order.
    pub(crate) async fn outbox(&self) -> Vec<String> {
        let mut reader = self.app.accounts.fresh().await.unwrap();
        let rows: Vec<(String,)> =
            sql::query_as("SELECT kind FROM jobs ORDER BY id").fetch_all(&mut reader).await.unwrap();
        rows.into_iter().map(|row| row.0).collect()
    }
}

impl Answer {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Self { status, headers, body }
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Asserts a problem with this code and its status.
    #[track_caller]
    pub(crate) fn refused(self, code: &str) -> Value {
        assert_eq!(self.body["code"], code, "{} {}", self.status, self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let listed = picup_api::ErrorCode::ALL.iter().find(|listed| listed.as_str() == code).unwrap();
        assert_eq!(self.status, listed.status());
        self.body
    }

    /// Asserts a 422 that names exactly these fields with these faults.
    #[track_caller]
    pub(crate) fn invalid(self, expected: &[(&str, &str)]) {
        let body = self.refused("validation_failed");
        let found: Vec<_> = body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (text(&e["field"]), text(&e["code"])))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(f, c)| ((*f).to_owned(), (*c).to_owned())).collect();
        assert_eq!(found, expected);
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

fn of_servers(databases: &TestDatabases) -> Databases {
    let at = |url: &str| Some(Servers::at(url));
    Databases { accounts: at(&databases.accounts), library: at(&databases.library) }
}

//! What users do, how often, and how long it takes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use picup_testkit::{TestServer, photos, sha256};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use reqwest::{Client, RequestBuilder, Url};
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    Options,
    outcome::Done,
    stage::{Family, Stage},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    Thumb,
    Page,
    Album,
    Timeline,
    Heart,
    Comment,
    Upload,
}

/// Of a hundred things a user does.
pub(crate) const MIX: [(Act, u32); 7] = [
    (Act::Thumb, 60),
    (Act::Page, 20),
    (Act::Album, 10),
    (Act::Timeline, 5),
    (Act::Heart, 2),
    (Act::Comment, 2),
    (Act::Upload, 1),
];

pub(crate) fn describe(options: &Options) {
    let mix: Vec<_> = MIX.iter().map(|(act, share)| format!("{share} % {act:?}")).collect();
    println!("users do: {}", mix.join(", "));
    println!(
        "each waits {} ms, give or take half, between an answer and the next thing; pages of 50, uploads of {} KB",
        options.think_ms,
        picture().len() / 1000
    );
    println!(
        "client, servers and databases share {} processors",
        std::thread::available_parallelism().unwrap()
    );
}

/// What every user of a run has.
struct Shared {
    http: Client,
    servers: Vec<Url>,
    picture: Vec<u8>,
    think: Duration,
    until: Instant,
    requests: AtomicU64,
}

struct User {
    shared: Arc<Shared>,
    number: usize,
    family: FamilyView,
    random: StdRng,
}

/// A family as one of its members has it before the eyes.
struct FamilyView {
    photos_path: String,
    album_path: String,
    timeline_path: String,
    photo_paths: Vec<String>,
    thumbs: Vec<String>,
    id: String,
    token: String,
}

impl FamilyView {
    fn new(family: &Family, member: usize) -> Self {
        Self {
            photos_path: format!("/v1/families/{}/photos?limit=50", family.id),
            album_path: format!("/v1/albums/{}/photos?limit=50", family.album),
            timeline_path: format!("/v1/families/{}/timeline", family.id),
            photo_paths: family.photos.iter().map(|photo| format!("/v1/photos/{photo}")).collect(),
            thumbs: family.thumbs.clone(),
            id: family.id.to_string(),
            token: family.tokens[member % 2].clone(),
        }
    }
}

/// Lets so many users browse for so long. Answers everything they did.
pub(crate) async fn browse(
    servers: &[TestServer],
    stage: &Stage,
    users: usize,
    length: Duration,
    options: &Options,
) -> Vec<Done> {
    let shared = Arc::new(Shared {
        http: Client::new(),
        servers: servers.iter().map(TestServer::base_url).collect(),
        picture: picture(),
        think: Duration::from_millis(options.think_ms),
        until: Instant::now() + length,
        requests: AtomicU64::new(0),
    });
    let mut everybody = JoinSet::new();
    for number in 0..users {
        let family = &stage.families[number % stage.families.len()];
        let family = FamilyView::new(family, number / stage.families.len());
        let user =
            User { shared: shared.clone(), number, family, random: StdRng::seed_from_u64(number as u64) };
        everybody.spawn(user.live());
    }
    everybody.join_all().await.concat()
}

fn picture() -> Vec<u8> {
    photos::Jpeg::new(2000, 1500, 7).quality(95).build()
}

impl User {
    async fn live(mut self) -> Vec<Done> {
        let mut done = Vec::new();
        // Not everybody at once.
        tokio::time::sleep(self.shared.think.mul_f64(self.random.random())).await;
        while Instant::now() < self.shared.until {
            let act = self.choose();
            let began = Instant::now();
            let answer = self.perform(act).await;
            done.push(Done { act, took: began.elapsed(), error: answer.err() });
            let pause = self.shared.think.mul_f64(0.5 + self.random.random::<f64>());
            tokio::time::sleep(pause).await;
        }
        done
    }

    fn choose(&mut self) -> Act {
        let mut place = self.random.random_range(0..100);
        for (act, share) in MIX {
            if place < share {
                return act;
            }
            place -= share;
        }
        Act::Thumb
    }

    async fn perform(&mut self, act: Act) -> Result<(), String> {
        match act {
            Act::Thumb => {
                let thumb = self.random.random_range(0..self.family.thumbs.len());
                self.get(&self.family.thumbs[thumb]).await
            }
            Act::Page => self.get(&self.family.photos_path).await,
            Act::Album => self.get(&self.family.album_path).await,
            Act::Timeline => self.get(&self.family.timeline_path).await,
            Act::Heart => {
                let path = format!("{}/heart", self.some_photo());
                self.send(self.shared.http.put(self.at(&path))).await.map(drop)
            }
            Act::Comment => {
                let path = format!("{}/comments", self.some_photo());
                let comment = self.shared.http.post(self.at(&path)).json(&json!({ "text": "How nice" }));
                self.send(comment).await.map(drop)
            }
            Act::Upload => self.upload().await,
        }
    }

    fn some_photo(&mut self) -> String {
        let photo = self.random.random_range(0..self.family.photo_paths.len());
        self.family.photo_paths[photo].clone()
    }

    /// The processes take turns.
    fn at(&self, path: &str) -> Url {
        let turn = self.shared.requests.fetch_add(1, Ordering::Relaxed) as usize;
        self.shared.servers[turn % self.shared.servers.len()].join(path).unwrap()
    }

    async fn get(&self, path: &str) -> Result<(), String> {
        self.send(self.shared.http.get(self.at(path))).await.map(drop)
    }

    /// The whole answer is read.
    async fn send(&self, request: RequestBuilder) -> Result<reqwest::header::HeaderMap, String> {
        let answer =
            request.bearer_auth(&self.family.token).send().await.map_err(|error| error.to_string())?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(|error| error.to_string())?;
        if status.is_success() {
            Ok(headers)
        } else {
            Err(format!("{status}: {}", String::from_utf8_lossy(&body)))
        }
    }

    /// Creation, then one piece, at the process this user uploads to.
    async fn upload(&mut self) -> Result<(), String> {
        let bytes = unlike_any_other(&self.shared.picture, self.random.next_u64());
        let server = &self.shared.servers[self.number % self.shared.servers.len()];
        let digest = sha256(&bytes).to_string();
        let pairs = [("filename", "load.jpg"), ("family", &self.family.id), ("sha256", &digest)];
        let metadata = pairs.map(|(name, value)| format!("{name} {}", BASE64.encode(value))).join(",");
        let create = self.shared.http.post(server.join("/v1/uploads").unwrap());
        let create = create.header("tus-resumable", "1.0.0").header("upload-length", bytes.len());
        let created = self.send(create.header("upload-metadata", metadata)).await?;
        let location = created.get("location").and_then(|value| value.to_str().ok()).ok_or("no location")?;
        let piece = self.shared.http.patch(server.join(location).map_err(|error| error.to_string())?);
        let piece = piece.header("tus-resumable", "1.0.0").header("upload-offset", 0);
        let piece = piece.header("content-type", "application/offset+octet-stream").body(bytes);
        self.send(piece).await.map(drop)
    }
}

/// The same picture with a comment (T.81, B.2.4.5) behind the start marker.
fn unlike_any_other(jpeg: &[u8], number: u64) -> Vec<u8> {
    [&jpeg[..2], &[0xFF, 0xFE, 0x00, 0x0A], &number.to_be_bytes(), &jpeg[2..]].concat()
}

//! People who upload and browse, and never try again.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use picup_api::{FamilyId, PhotoId};
use picup_client::Url;
use picup_testkit::{People, TestCluster, photos, sha256};
use reqwest::{Client, RequestBuilder, Response};
use tokio::task::JoinSet;

const UPLOADERS: u64 = 3;
/// Before anything fails.
const FIRST_WITHIN: Duration = Duration::from_secs(60);

/// A photo the service says it has.
#[derive(Clone)]
pub(crate) struct Acknowledged {
    pub(crate) photo: PhotoId,
    pub(crate) bytes: Vec<u8>,
}

#[derive(Clone, Default)]
pub(crate) struct Report {
    pub(crate) sent: u64,
    pub(crate) succeeded: u64,
    /// What failed, and how often.
    pub(crate) failed: BTreeMap<String, u64>,
    pub(crate) slowest: Duration,
    pub(crate) acknowledged: Vec<Acknowledged>,
}

pub(crate) struct Load {
    report: Arc<Mutex<Report>>,
    enough: Arc<AtomicBool>,
    people: JoinSet<()>,
}

impl Load {
    pub(crate) async fn start(cluster: &TestCluster, people: &People) -> Self {
        let (report, enough) = (Arc::default(), Arc::default());
        let mut tasks = JoinSet::new();
        let seeds = Arc::new(AtomicU64::new(1));
        for number in 0..=UPLOADERS {
            let person = Person {
                http: Client::builder().timeout(Duration::from_secs(60)).build().unwrap(),
                base: cluster.base_url(),
                token: people.owner.access_token().await.unwrap(),
                family: people.family,
                report: Arc::clone(&report),
                enough: Arc::clone(&enough),
                seeds: Arc::clone(&seeds),
            };
            if number == 0 {
                tasks.spawn(person.browse())
            } else {
                tasks.spawn(person.upload())
            };
        }
        Self { report, enough, people: tasks }
    }

    pub(crate) async fn until_acknowledged(&self, photos: usize) {
        let began = Instant::now();
        while self.report.lock().unwrap().acknowledged.len() < photos {
            let failed = self.report.lock().unwrap().failed.clone();
            assert!(began.elapsed() < FIRST_WITHIN, "too few photos are acknowledged: {failed:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn stop(mut self) -> Report {
        self.enough.store(true, Ordering::Relaxed);
        while let Some(ended) = self.people.join_next().await {
            ended.unwrap();
        }
        self.report.lock().unwrap().clone()
    }
}

struct Person {
    http: Client,
    base: Url,
    token: String,
    family: FamilyId,
    report: Arc<Mutex<Report>>,
    enough: Arc<AtomicBool>,
    seeds: Arc<AtomicU64>,
}

impl Person {
    async fn browse(self) {
        let lists = ["photos", "timeline", "albums"];
        for list in lists.iter().cycle().take_while(|_| !self.enough.load(Ordering::Relaxed)) {
            let url = self.base.join(&format!("/v1/families/{}/{list}", self.family)).unwrap();
            self.ask("read", self.http.get(url)).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn upload(self) {
        while !self.enough.load(Ordering::Relaxed) {
            let bytes = photos::jpeg(400, 300, self.seeds.fetch_add(1, Ordering::Relaxed));
            if let Some(photo) = self.upload_one(&bytes).await {
                self.report.lock().unwrap().acknowledged.push(Acknowledged { photo, bytes });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn upload_one(&self, bytes: &[u8]) -> Option<PhotoId> {
        let named = ("filename", "sea.jpg".to_owned());
        let metadata = [named, ("family", self.family.to_string()), ("sha256", sha256(bytes).to_string())];
        let metadata = metadata.map(|(key, value)| format!("{key} {}", BASE64.encode(value))).join(",");
        let creation = self.http.post(self.base.join("/v1/uploads").unwrap());
        let creation = creation.header("upload-length", bytes.len()).header("upload-metadata", metadata);
        let created = self.ask("create", creation).await?;
        let place = created.headers()["location"].to_str().unwrap().to_owned();
        let piece = self.http.patch(self.base.join(&place).unwrap()).header("upload-offset", 0);
        let piece = piece.header("content-type", "application/offset+octet-stream").body(bytes.to_vec());
        let done = self.ask("upload", piece).await?;
        Some(done.headers()["picup-photo-id"].to_str().unwrap().parse().unwrap())
    }

    /// Counts the request; answers what succeeded.
    async fn ask(&self, what: &str, request: RequestBuilder) -> Option<Response> {
        let began = Instant::now();
        let answer = request.bearer_auth(&self.token).header("tus-resumable", "1.0.0").send().await;
        let outcome = match answer {
            Ok(answer) if answer.status().is_success() => Ok(answer),
            Ok(answer) => Err(refusal(answer).await),
            Err(error) if error.is_timeout() => Err("timeout".to_owned()),
            Err(_) => Err("cut".to_owned()),
        };
        let mut report = self.report.lock().unwrap();
        report.sent += 1;
        report.slowest = report.slowest.max(began.elapsed());
        match outcome {
            Ok(answer) => {
                report.succeeded += 1;
                Some(answer)
            }
            Err(code) => {
                *report.failed.entry(format!("{what} {code}")).or_default() += 1;
                None
            }
        }
    }
}

async fn refusal(answer: Response) -> String {
    let status = answer.status().as_u16();
    let problem: Option<serde_json::Value> = answer.json().await.ok();
    match problem.as_ref().and_then(|problem| problem["code"].as_str()) {
        Some(code) => format!("{status} {code}"),
        None => format!("{status}"),
    }
}

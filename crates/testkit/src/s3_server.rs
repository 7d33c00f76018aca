//! A real S3 service on loopback, over a directory, that checks signatures and misbehaves on command.
//!
//! Objects lie as plain files under `object`, so a test can damage or lose them behind the service's back.

mod faults;
mod unfinished;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

use crate::daemons::Port;
use faults::Faulty;

/// How the service misbehaves from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum S3Fault {
    None,
    /// Every request is answered with this status and code, such as 503 and `SlowDown`.
    Answer(u16, &'static str),
    /// The same for the next so many requests only.
    AnswerNext(usize, u16, &'static str),
    /// Every request is answered this much later.
    Slow(Duration),
    /// No request is answered.
    Hang,
    /// The connection is cut after so many bytes of the next answer that is longer.
    CutNextAnswer(usize),
    /// Puts, parts and joined parts are acknowledged and not kept.
    LieAboutPuts,
    /// Puts and joined parts are acknowledged and kept with one bit flipped.
    FlipPuts,
}

/// Stopped and swept away when dropped.
pub struct S3Server {
    directory: TempDir,
    shared: Arc<Shared>,
    port: Port,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    root: PathBuf,
    fault: Mutex<S3Fault>,
    requests: AtomicUsize,
    /// Parts being received now, and the most there ever were.
    parts: AtomicUsize,
    most_parts: AtomicUsize,
    /// Held by a write on a condition: the service looks first and writes later, where S3 does both in one step.
    condition: tokio::sync::Mutex<()>,
}

impl S3Server {
    pub const BUCKET: &str = "photos";
    pub const REGION: &str = "eu-central-1";
    pub const ACCESS_KEY_ID: &str = "PICUPTESTKEY";
    pub const SECRET_ACCESS_KEY: &str = "a secret nobody logs";

    /// With one empty bucket.
    pub async fn start() -> Self {
        let directory = tempfile::Builder::new().prefix("picup-s3-").tempdir().unwrap();
        std::fs::create_dir(directory.path().join(Self::BUCKET)).unwrap();
        let shared = Shared {
            root: directory.path().to_owned(),
            fault: Mutex::new(S3Fault::None),
            requests: AtomicUsize::default(),
            parts: AtomicUsize::default(),
            most_parts: AtomicUsize::default(),
            condition: tokio::sync::Mutex::default(),
        };
        let (shared, port) = (Arc::new(shared), Port::reserve());
        let mut server = Self { directory, shared, port, accepting: None };
        server.start_again().await;
        server
    }

    /// Starts a stopped service: the same objects, the same port.
    pub async fn start_again(&mut self) {
        let listener = TcpListener::bind(self.addr()).await.unwrap();
        self.accepting = Some(tokio::spawn(accept(listener, Arc::clone(&self.shared))));
    }

    /// Cuts every connection and refuses new ones.
    pub async fn stop(&mut self) {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            // Its connections and its port are gone only when it is.
            let _ = accepting.await;
        }
    }

    pub fn set(&self, fault: S3Fault) {
        *self.shared.fault.lock().unwrap() = fault;
    }

    pub fn addr(&self) -> SocketAddr {
        self.port.address()
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// The file of an object of the bucket.
    pub fn object(&self, key: &str) -> PathBuf {
        self.directory.path().join(Self::BUCKET).join(key)
    }

    /// Everything in the bucket is lost, and the bucket is there.
    pub fn empty_bucket(&self) {
        let bucket = self.directory.path().join(Self::BUCKET);
        std::fs::remove_dir_all(&bucket).unwrap();
        std::fs::create_dir(&bucket).unwrap();
    }

    /// Started and neither joined nor dropped.
    pub fn unfinished_uploads(&self) -> usize {
        unfinished::find(self.directory.path()).len()
    }

    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// The most parts that were ever received at the same time.
    pub fn most_parts_at_once(&self) -> usize {
        self.shared.most_parts.load(Ordering::Relaxed)
    }

    /// The same as `config`, for the environment of `picup-server`; `store` is MAIN or BACKUP.
    pub fn settings(&self, store: &str) -> Vec<(String, String)> {
        let settings = [
            ("KIND", "s3".to_owned()),
            ("ENDPOINT", self.endpoint()),
            ("REGION", Self::REGION.to_owned()),
            ("BUCKET", Self::BUCKET.to_owned()),
            ("PREFIX", "home".to_owned()),
            ("ACCESS_KEY_ID", Self::ACCESS_KEY_ID.to_owned()),
            ("SECRET_ACCESS_KEY", Self::SECRET_ACCESS_KEY.to_owned()),
        ];
        settings
            .into_iter()
            .map(|(name, value)| (format!("PICUP__STORAGE__{store}__{name}"), value))
            .collect()
    }

    /// Settings of a store in this bucket, as a section of the server's configuration file.
    pub fn config(&self, section: &str) -> String {
        format!(
            "[{section}]\nkind = \"s3\"\nendpoint = {:?}\nregion = {:?}\nbucket = {:?}\nprefix = \"home\"\n\
             access_key_id = {:?}\nsecret_access_key = {:?}\n",
            self.endpoint(),
            Self::REGION,
            Self::BUCKET,
            Self::ACCESS_KEY_ID,
            Self::SECRET_ACCESS_KEY,
        )
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        if let Some(accepting) = &self.accepting {
            accepting.abort();
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let service = service(&shared.root);
    // Dropped with the task, and every connection with it.
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let faulty = Faulty::new(service.clone(), Arc::clone(&shared));
        connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), faulty));
        while connections.try_join_next().is_some() {}
    }
}

fn service(root: &Path) -> s3s::service::S3Service {
    let mut builder = S3ServiceBuilder::new(FileSystem::new(root).unwrap());
    builder.set_auth(SimpleAuth::from_single(S3Server::ACCESS_KEY_ID, S3Server::SECRET_ACCESS_KEY));
    builder.set_route(unfinished::Unfinished(root.to_owned()));
    builder.build()
}

//! A real `picup-frame` process with a directory and an inbox of its own.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::StreamExt;
use picup_api::{
    FamilyId, PhotoId, Sha256Digest,
    frame::PairingApproval,
    screen::{FrameState, ScreenEvent, ScreenStatus, Slide},
};
use picup_client::{Client, PageQuery, Url};
use picup_testkit::{People, eventually, rendered};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::mpsc,
};

pub(crate) struct TestFrame {
    directory: TempDir,
    server: Url,
    arguments: Vec<String>,
    environment: Vec<(&'static str, String)>,
    /// A program, and its arguments, that starts the frame's.
    launcher: Vec<String>,
    process: Option<Child>,
    bridge: String,
    log: Arc<Mutex<String>>,
    http: reqwest::Client,
}

impl TestFrame {
    pub(crate) async fn start(server: &Url) -> Self {
        Self::start_with(server, &[]).await
    }

    pub(crate) async fn start_with(server: &Url, arguments: &[&str]) -> Self {
        let mut frame = Self::stopped(server);
        frame.arguments = arguments.iter().map(|it| (*it).to_owned()).collect();
        frame.start_again(&[]).await;
        frame
    }

    /// Not started yet.
    pub(crate) fn stopped(server: &Url) -> Self {
        let directory = tempfile::Builder::new().prefix("picup-frame-").tempdir().unwrap();
        std::fs::create_dir(directory.path().join("inbox")).unwrap();
        Self {
            directory,
            server: server.clone(),
            arguments: Vec::new(),
            environment: Vec::new(),
            launcher: Vec::new(),
            process: None,
            bridge: String::new(),
            log: Arc::default(),
            http: reqwest::Client::new(),
        }
    }

    /// From the next start on; an earlier value of the name is replaced.
    pub(crate) fn set_env(&mut self, name: &'static str, value: impl ToString) {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_string()));
    }

    /// Sets its clock as faketime(1) writes times: at once where it runs under one already, else from the next start on.
    pub(crate) fn set_clock(&mut self, time: &str) {
        let clock = self.directory().join("clock");
        std::fs::write(&clock, time).unwrap();
        self.set_env("LD_PRELOAD", faketime_library());
        self.set_env("FAKETIME_TIMESTAMP_FILE", clock.display());
        // Asked anew at each look at the clock.
        self.set_env("FAKETIME_NO_CACHE", 1);
        self.set_env("FAKETIME_DONT_FAKE_MONOTONIC", 1);
    }

    /// From the next start on, this program starts the frame; it has to become it (`exec`).
    pub(crate) fn launch_by(&mut self, launcher: &[&str]) {
        self.launcher = launcher.iter().map(|it| (*it).to_owned()).collect();
    }

    /// Starts a stopped frame on the same directory, with further arguments for this time.
    pub(crate) async fn start_again(&mut self, arguments: &[&str]) {
        let program = env!("CARGO_BIN_EXE_picup-frame").to_owned();
        let words: Vec<String> = self.launcher.iter().cloned().chain([program]).collect();
        let mut command = Command::new(&words[0]);
        // Nobody's own keyring.
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.args(&words[1..]);
        command.arg("run").arg("--data-dir").arg(self.data_dir()).arg("--inbox").arg(self.inbox());
        command.args(["--server", self.server.as_str(), "--bridge", "127.0.0.1:0"]);
        if !arguments.contains(&"--reserve-bytes") && !self.arguments.iter().any(|it| it == "--reserve-bytes")
        {
            command.args(["--reserve-bytes", "1000000"]);
        }
        command.args(&self.arguments).args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let log = self.log.clone();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                log.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let mut answers = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready = tokio::time::timeout(Duration::from_secs(30), answers.next_line()).await;
        let ready = ready.expect("ready in time").unwrap().expect("a ready line");
        let ready: Value = serde_json::from_str(&ready).unwrap();
        self.bridge = ready["bridge"].as_str().unwrap().to_owned();
        self.process = Some(process);
    }

    pub(crate) async fn kill9(&mut self) {
        let mut process = self.process.take().expect("the frame is running");
        process.start_kill().unwrap();
        process.wait().await.unwrap();
    }

    /// SIGTERM, and its end within ten seconds.
    pub(crate) async fn stop(&mut self) {
        let pid = self.pid();
        let mut process = self.process.take().expect("the frame is running");
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let status =
            tokio::time::timeout(Duration::from_secs(10), process.wait()).await.expect("ends in time");
        assert!(status.unwrap().success());
    }

    pub(crate) fn pid(&self) -> rustix::process::Pid {
        let process = self.process.as_ref().expect("the frame is running");
        rustix::process::Pid::from_raw(process.id().unwrap() as i32).unwrap()
    }

    /// Whether a program of this name runs for it now.
    pub(crate) fn runs(&self, program: &str) -> bool {
        let name = format!("Name:\t{program}\n");
        let parent = format!("\nPPid:\t{}\n", self.pid().as_raw_nonzero());
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let mut statuses = processes.filter_map(|it| std::fs::read_to_string(it.path().join("status")).ok());
        statuses.any(|status| status.starts_with(&name) && status.contains(&parent))
    }

    /// What it wrote to stderr so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub(crate) fn inbox(&self) -> PathBuf {
        self.directory.path().join("inbox")
    }

    pub(crate) fn drop_in(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.inbox().join(name), bytes).unwrap();
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.bridge)
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    pub(crate) async fn command(&self, name: &str, fields: Value) -> (StatusCode, Value) {
        let address = self.address(&format!("/api/{name}"));
        let answer = self.http.post(address).json(&fields).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn status(&self) -> ScreenStatus {
        serde_json::from_value(self.command("status", json!({})).await.1).unwrap()
    }

    pub(crate) async fn current(&self) -> Option<Slide> {
        serde_json::from_value(self.command("current", json!({})).await.1).unwrap()
    }

    /// Waits until the status is as wanted.
    pub(crate) async fn until(&self, what: &str, wanted: impl Fn(&ScreenStatus) -> bool) -> ScreenStatus {
        eventually(what, || async { Some(self.status().await).filter(&wanted) }).await
    }

    pub(crate) async fn picture(&self, photo: PhotoId) -> (StatusCode, Vec<u8>) {
        let answer = self.http.get(self.address(&format!("/photo/{photo}"))).send().await.unwrap();
        (answer.status(), answer.bytes().await.unwrap().to_vec())
    }

    /// Approves the code on the screen.
    pub(crate) async fn pair_with(&self, owner: &Client, family: FamilyId) {
        let status = self.until("a code is on the screen", |status| status.pairing.is_some()).await;
        let user_code = status.pairing.unwrap().user_code;
        owner
            .approve_frame(family, &PairingApproval { user_code, name: "Living room".into() })
            .await
            .unwrap();
        self.until("the frame is paired", |status| status.state != FrameState::Pairing).await;
    }

    /// What the screen hears from now on.
    pub(crate) async fn events(&self) -> mpsc::UnboundedReceiver<ScreenEvent> {
        let answer = self.http.get(self.address("/api/events")).send().await.unwrap();
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let (mut text, mut bytes) = (String::new(), answer.bytes_stream());
            while let Some(Ok(chunk)) = bytes.next().await {
                text.push_str(&String::from_utf8_lossy(&chunk));
                while let Some((message, rest)) = text.split_once("\n\n") {
                    let data = message.strip_prefix("data: ").map(|data| serde_json::from_str(data).unwrap());
                    text = rest.to_owned();
                    if let Some(event) = data
                        && sender.send(event).is_err()
                    {
                        return;
                    }
                }
            }
        });
        receiver
    }
}

impl Drop for TestFrame {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("---- the frame's log ----\n{}", self.log.lock().unwrap());
        }
    }
}

/// Uploaded and rendered: to a frame that joins the family later it is no arrival, and never comes on by itself.
pub(crate) async fn upload_ready(people: &People, bytes: &[u8], filename: &str) -> PhotoId {
    let photo = people.upload(bytes, filename).await;
    rendered(&people.owner, photo).await.id
}

/// What the family has: the digests, and how many photos there are.
pub(crate) async fn stored_digests(people: &People) -> (HashSet<Sha256Digest>, usize) {
    let (mut digests, mut count, mut cursor) = (HashSet::new(), 0, None);
    loop {
        let query = PageQuery { cursor, ..PageQuery::first(200) };
        let page = people.owner.photos(people.family, &Default::default(), &query).await.unwrap();
        count += page.items.len();
        digests.extend(page.items.iter().map(|photo| photo.sha256));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return (digests, count);
        }
    }
}

/// The next slide the screen is told to show.
pub(crate) async fn next_slide(events: &mut mpsc::UnboundedReceiver<ScreenEvent>, within: Duration) -> Slide {
    let slide = async {
        loop {
            if let ScreenEvent::Slide { slide, .. } = events.recv().await.expect("the stream goes on") {
                return slide;
            }
        }
    };
    tokio::time::timeout(within, slide).await.expect("a slide in time")
}

/// The next slide of another photo: what is on may be told again.
pub(crate) async fn another_slide(
    events: &mut mpsc::UnboundedReceiver<ScreenEvent>,
    on: PhotoId,
    within: Duration,
) -> Slide {
    let another = async {
        loop {
            let slide = next_slide(events, within).await;
            if slide.photo_id != on {
                return slide;
            }
        }
    };
    tokio::time::timeout(within, another).await.expect("another photo in time")
}

/// Where Debian has it depends on the machine's kind.
fn faketime_library() -> String {
    let folders = std::fs::read_dir("/usr/lib").unwrap().flatten();
    let libraries = folders.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    let found = libraries.into_iter().find(|library| library.exists());
    found.expect("faketime is installed").display().to_string()
}

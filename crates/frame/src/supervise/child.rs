//! One running program: started, looked at, and ended.

use std::{
    ffi::OsString,
    io::{self, Write},
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    task::JoinHandle,
    time::Instant,
};
use tracing::{error, warn};

use super::After;
use crate::{
    bridge::health::Answer,
    update::{Version, trial::Health},
};

/// A program that was told to end saves what it has to within this time.
const GRACE: Duration = Duration::from_secs(15);
const ANSWER: Duration = Duration::from_secs(5);

pub(crate) struct Running {
    pub(crate) version: Version,
    pub(crate) started: Instant,
    pub(crate) best: Health,
    pub(crate) asleep: bool,
    answered: Option<Instant>,
    now: Health,
    /// `None` when it could not be started, or has ended.
    process: Option<Child>,
    bridge: Arc<Mutex<Option<String>>>,
    lines: Option<JoinHandle<()>>,
    http: reqwest::Client,
}

impl Running {
    /// A program that cannot be started has ended at once.
    pub(crate) fn start(
        version: Version,
        program: &Path,
        arguments: &[OsString],
        failed: Option<&Version>,
    ) -> Self {
        let mut command = Command::new(program);
        command.args(arguments).env("PICUP_SUPERVISOR", std::process::id().to_string());
        command.env_remove("PICUP_UPDATE_FAILED").stdout(Stdio::piped()).kill_on_drop(true);
        if let Some(failed) = failed {
            command.env("PICUP_UPDATE_FAILED", failed.to_string());
        }
        let mut process =
            command.spawn().map_err(|error| error!(%version, %error, "the program cannot be started")).ok();
        let bridge = Arc::<Mutex<Option<String>>>::default();
        let stdout = process.as_mut().and_then(|process| process.stdout.take());
        let lines = stdout.map(|stdout| tokio::spawn(read_lines(stdout, bridge.clone())));
        let (started, http) = (Instant::now(), reqwest::Client::builder().no_proxy().timeout(ANSWER).build());
        Self {
            version,
            started,
            best: Health::Silent,
            asleep: false,
            answered: None,
            now: Health::Silent,
            process,
            bridge,
            lines,
            http: http.unwrap_or_default(),
        }
    }

    /// Returns when the program has ended; again and again.
    pub(crate) async fn ended(&mut self) {
        let Some(process) = &mut self.process else { return };
        match process.wait().await {
            Ok(status) => warn!(version = %self.version, %status, "ended"),
            Err(error) => error!(%error, "the program cannot be waited for"),
        }
        self.process = None;
    }

    /// Asks it how far it has got.
    pub(crate) async fn look(&mut self) {
        let answer = self.ask().await;
        self.now = answer.as_ref().map_or(Health::Silent, health_of);
        self.best = self.best.max(self.now);
        if self.now > Health::Silent {
            self.answered.get_or_insert_with(Instant::now);
        }
        self.asleep = answer.is_some_and(|answer| answer.asleep);
    }

    /// Whether `best` is all that can be expected of it: a new version is measured by that. One that never answers is
    /// given much more time, for a slow start must not let a new one through that shows nothing.
    pub(crate) fn is_known(&self, lasts: Duration) -> bool {
        match self.answered {
            _ if self.best == Health::Painted => true,
            Some(answered) => answered.elapsed() >= lasts,
            None => self.started.elapsed() >= lasts * 10,
        }
    }

    async fn ask(&self) -> Option<Answer> {
        let bridge = self.bridge.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let answer = self.http.get(format!("http://{bridge}/api/health")).send().await.ok()?;
        answer.error_for_status().ok()?.json().await.ok()
    }

    /// As seen last; `None` when it has ended.
    pub(crate) fn health(&self) -> Option<Health> {
        self.process.as_ref().map(|_| self.now)
    }

    pub(crate) fn into_after(self: Box<Self>) -> After {
        if self.process.is_some() { After::Continues(self) } else { After::Ended }
    }

    /// SIGTERM; SIGKILL for one that does not heed it.
    pub(crate) async fn stop(mut self) {
        if let Some(process) = &mut self.process {
            let pid = process.id().and_then(|id| Pid::from_raw(id as i32));
            if let Some(Err(error)) = pid.map(|pid| kill_process(pid, Signal::TERM)) {
                warn!(%error, "the program cannot be told to end");
            }
            if tokio::time::timeout(GRACE, process.wait()).await.is_err() {
                warn!(version = %self.version, "the program does not end: it is killed");
                // Fails for one that has ended after all.
                let _ = process.kill().await;
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A process of the program's own may keep the pipe open.
        if let Some(lines) = &self.lines {
            lines.abort();
        }
    }
}

/// A panel that is off shows all that it can.
fn health_of(answer: &Answer) -> Health {
    match (answer.showing, answer.painted || answer.asleep) {
        (true, true) => Health::Painted,
        (true, false) => Health::Shows,
        (false, _) => Health::Answers,
    }
}

/// What the program says is said on; its first line tells where it answers.
async fn read_lines(stdout: ChildStdout, bridge: Arc<Mutex<Option<String>>>) {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Ok(ready) = serde_json::from_str::<Ready>(&line) {
            *bridge.lock().unwrap_or_else(PoisonError::into_inner) = Some(ready.bridge);
        }
        // Nobody may read it any more.
        let _ = writeln!(io::stdout(), "{line}");
    }
}

#[derive(serde::Deserialize)]
struct Ready {
    bridge: String,
}

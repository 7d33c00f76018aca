//! `picup-frame supervise`: keeps one version of the program running, and tries a new one when it is put there.
//!
//! Rule: what is decided is in `update`, and written before it is acted on. A disk that cannot be written stops
//! updates, never the program.

mod child;

use std::{ffi::OsString, path::PathBuf, time::Duration};

use anyhow::Context;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::Instant,
};
use tracing::{error, info, warn};

use self::child::Running;
use crate::{
    retry::Backoff,
    update::{
        self, Act, Ask, Found, Next, Version,
        files::VersionsFolder,
        trial::{Trial, Verdict},
    },
};

/// Ends of the working version, one soon after the other, from which on a new one is tried without further waiting.
const HOPELESS: u32 = 3;

#[derive(Clone, Debug, clap::Args)]
pub struct Supervise {
    /// The folder with one folder a version, and the files `current` and `next`.
    #[arg(long, env = "PICUP_VERSIONS", value_name = "DIR")]
    versions: PathBuf,

    /// The program in each version's folder.
    #[arg(long, env = "PICUP_PROGRAM", default_value = "picup-kiosk", value_parser = file_name)]
    program: String,

    /// How long a new version has to show a photo, and within what time it has to begin to.
    #[arg(long, env = "PICUP_TRIAL_SECONDS", value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    trial_seconds: Duration,

    /// How often the program and the file `next` are looked at.
    #[arg(long, env = "PICUP_LOOK_SECONDS", value_name = "SECONDS", default_value = "3", value_parser = seconds)]
    look_seconds: Duration,

    /// The program's own arguments.
    #[arg(last = true)]
    arguments: Vec<OsString>,
}

fn file_name(text: &str) -> Result<String, String> {
    match text.is_empty() || text.contains('/') || text.starts_with('.') {
        true => Err("write it as picup-kiosk".to_owned()),
        false => Ok(text.to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.1..=86_400.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "write it in seconds, such as 60".to_owned())
}

/// Ends after SIGTERM or SIGINT, when the program has.
pub async fn supervise(options: Supervise) -> anyhow::Result<()> {
    let mut supervisor = Supervisor {
        versions: VersionsFolder::new(options.versions.clone(), options.program.clone()),
        stop: Stop {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        },
        options,
        ends: 0,
    };
    let mut running = None;
    loop {
        let child = match running.take() {
            Some(child) => child,
            None => Box::new(supervisor.start_current()?),
        };
        match supervisor.watch(child).await {
            After::Stopped => return Ok(()),
            After::Ended => {
                if supervisor.rest().await {
                    return Ok(());
                }
            }
            After::Continues(child) => running = Some(child),
        }
    }
}

struct Supervisor {
    options: Supervise,
    versions: VersionsFolder,
    stop: Stop,
    /// Ends of the working version, none of which had run for long.
    ends: u32,
}

struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    async fn wanted(&mut self) {
        tokio::select! { _ = self.terminate.recv() => {}, _ = self.interrupt.recv() => {} }
    }
}

enum After {
    Stopped,
    /// Nothing runs: start what works.
    Ended,
    /// The version that was on trial is the one that works.
    Continues(Box<Running>),
}

impl Supervisor {
    fn start_current(&self) -> anyhow::Result<Running> {
        let found = self.versions.read().context("read the folder of versions")?;
        let start = found.start().with_context(|| {
            format!("{} holds no version of {}", self.versions.path().display(), self.options.program)
        })?;
        self.write(&start.acts);
        Ok(self.start(start.version, found.failed_update()))
    }

    fn start(&self, version: Version, failed: Option<&Version>) -> Running {
        let program = self.versions.program_of(&version);
        info!(%version, "starting");
        Running::start(version, &program, &self.options.arguments, failed)
    }

    /// Until the program ends, is to end, or has made way for a new one.
    async fn watch(&mut self, mut child: Box<Running>) -> After {
        loop {
            tokio::select! {
                () = self.stop.wanted() => {
                    child.stop().await;
                    return After::Stopped;
                }
                () = child.ended() => {
                    let ran = child.started.elapsed();
                    warn!(version = %child.version, ran_seconds = ran.as_secs(), "the program ended");
                    self.ends = if ran >= self.options.trial_seconds { 0 } else { self.ends + 1 };
                    return if self.ends >= HOPELESS { self.try_waiting(child).await } else { After::Ended };
                }
                () = tokio::time::sleep(self.options.look_seconds) => child.look().await,
            }
            // A panel that is off shows nothing that could be seen.
            if child.is_known(self.options.trial_seconds) && !child.asleep && self.something_waits() {
                return self.try_waiting(child).await;
            }
        }
    }

    fn something_waits(&self) -> bool {
        self.found().is_some_and(|found| found.ask() != Ask::Nothing)
    }

    fn found(&self) -> Option<Found> {
        self.versions.read().map_err(|error| error!(%error, "the folder of versions cannot be read")).ok()
    }

    async fn try_waiting(&mut self, child: Box<Running>) -> After {
        match self.found().map(|found| found.ask()) {
            Some(Ask::Settle(acts)) => {
                self.write(&acts);
                child.into_after()
            }
            // What cannot be written down is not begun: nobody would count the trials.
            Some(Ask::Try { acts, version }) if self.write(&acts) => self.exchange(child, version).await,
            _ => child.into_after(),
        }
    }

    async fn exchange(&mut self, old: Box<Running>, version: Version) -> After {
        info!(from = %old.version, to = %version, "a new version is tried");
        let before = old.best;
        old.stop().await;
        let mut child = Box::new(self.start(version.clone(), None));
        let mut trial = Trial::begin(before, self.options.trial_seconds, Instant::now().into_std());
        loop {
            tokio::select! {
                () = self.stop.wanted() => {
                    child.stop().await;
                    self.take_back(&version);
                    return After::Stopped;
                }
                () = child.ended() => {}
                () = tokio::time::sleep(self.options.look_seconds) => child.look().await,
            }
            match trial.look(child.health(), Instant::now().into_std()) {
                Verdict::Waiting => {}
                Verdict::Works => {
                    info!(%version, "the new version works");
                    self.settle(&version, None);
                    self.ends = 0;
                    return After::Continues(child);
                }
                Verdict::Fails(reason) => {
                    error!(%version, reason, "the new version does not work: the old one returns");
                    child.stop().await;
                    self.settle(&version, Some(reason));
                    return After::Ended;
                }
            }
        }
    }

    /// An installer may have named another version meanwhile: then `next` is not this trial's any more.
    fn settle(&self, version: &Version, failed: Option<&str>) {
        let next = self.found().and_then(|found| found.next);
        let own = next.filter(|next| next.version == *version);
        match (own, failed) {
            (Some(next), Some(reason)) => drop(self.write(&update::reject(&next, reason))),
            (Some(_), None) => drop(self.write(&update::accept(version))),
            (None, None) => drop(self.write(&[Act::WriteCurrent(version.clone())])),
            (None, Some(_)) => {}
        }
    }

    /// A trial that was stopped by order does not count.
    fn take_back(&self, version: &Version) {
        let next = self.found().and_then(|found| found.next).filter(|next| next.version == *version);
        if let Some(next) = next {
            self.write(&[Act::WriteNext(Next { trials: next.trials.saturating_sub(1), ..next })]);
        }
    }

    fn write(&self, acts: &[Act]) -> bool {
        let written = self.versions.carry_out(acts);
        if let Err(error) = &written {
            error!(%error, "the folder of versions cannot be written");
        }
        written.is_ok()
    }

    /// True when it is to end meanwhile.
    async fn rest(&mut self) -> bool {
        let wait = match self.ends {
            // The old version returns without a pause.
            0 => Duration::ZERO,
            ends => Backoff::NETWORK.wait(ends - 1, rand::random()),
        };
        tokio::select! { () = self.stop.wanted() => true, () = tokio::time::sleep(wait) => false }
    }
}

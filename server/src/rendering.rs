//! Makes the pictures of a photo, each file in a process of its own.
//!
//! A decoder is the part of Picup most likely to be attacked or to crash, so it runs where neither matters: limited
//! in memory, time and files, killed when late, and never more than a few at once. What it cannot decode is broken;
//! what failed for another reason may be tried again.

pub mod child;
pub mod protocol;
pub mod sandbox;
mod tools;

use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use picup_api::photo::Rendition;
use picup_imaging::{Fingerprint, Metadata};
use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::{TempDir, TempPath};
use tokio::{
    io::AsyncReadExt,
    process::{Child, Command},
    sync::Semaphore,
};

use crate::config;
use protocol::{Answer, Bounds, BrokenReason, Finished, Request};

/// An answer is a few hundred bytes; a process that writes more is not ours any longer.
const MAX_ANSWER_BYTES: u64 = 64 << 10;
/// Seconds by the clock for a second of processor time allowed.
const PATIENCE: u64 = 10;
/// No file takes this long.
const ABANDONED: Duration = Duration::from_secs(3600);
/// Exit status of a Rust program that panicked.
const PANICKED: i32 = 101;

pub struct Renderer {
    program: PathBuf,
    scratch: PathBuf,
    settings: config::Rendering,
    slots: Semaphore,
}

/// The pictures lie in a directory that goes when this is dropped.
#[derive(Debug)]
pub struct Rendered {
    pub metadata: Metadata,
    pub fingerprint: Fingerprint,
    pub files: Vec<RenderedFile>,
    _directory: TempDir,
}

#[derive(Debug)]
pub struct RenderedFile {
    pub rendition: Rendition,
    pub path: PathBuf,
    pub width: u32,
    pub height: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The file cannot be shown, now or later.
    #[error("the file is broken: {reason:?}: {detail}")]
    Broken { reason: BrokenReason, detail: String },
    /// Something around the file failed; trying again may help.
    #[error("rendering failed: {0}")]
    Unavailable(String),
}

impl Renderer {
    /// `program` is the `picup-server` executable; `scratch` a directory of the renderer's own.
    pub fn new(program: PathBuf, scratch: PathBuf, settings: config::Rendering) -> std::io::Result<Self> {
        std::fs::create_dir_all(&scratch)?;
        sweep(&scratch)?;
        let slots = Semaphore::new(settings.processes);
        Ok(Self { program, scratch, settings, slots })
    }

    /// Reads `input` and makes the wanted renditions of it; with none wanted, metadata and fingerprint only.
    pub async fn render(&self, input: &Path, wanted: &[Rendition]) -> Result<Rendered, RenderError> {
        let _slot = self.slots.acquire().await.map_err(unavailable)?;
        let directory =
            tempfile::Builder::new().prefix("photo-").tempdir_in(&self.scratch).map_err(unavailable)?;
        let request = Request {
            input: std::path::absolute(input).map_err(unavailable)?,
            output: directory.path().to_owned(),
            wanted: wanted.to_vec(),
            bounds: self.bounds(),
        };
        let started = std::time::Instant::now();
        let finished = self.ask(&request).await;
        let outcome = if finished.is_ok() { "rendered" } else { "failed" };
        metrics::histogram!("render_seconds", "outcome" => outcome).record(started.elapsed());
        Ok(Rendered::new(finished?, directory))
    }

    /// An empty file for an original, on the scratch directory's disk.
    pub fn scratch_file(&self) -> std::io::Result<TempPath> {
        Ok(tempfile::Builder::new().prefix("original-").tempfile_in(&self.scratch)?.into_temp_path())
    }

    fn bounds(&self) -> Bounds {
        let config::Rendering { memory_mb, timeout_seconds, max_pixels, .. } = self.settings;
        Bounds { memory_mb, cpu_seconds: timeout_seconds, max_pixels }
    }

    async fn ask(&self, request: &Request) -> Result<Finished, RenderError> {
        let mut process = RenderProcess::start(&self.program, request)?;
        // The file's own cost is bounded from inside, in processor time. The clock only catches what hangs; on a
        // machine that busy, it says nothing about the file.
        let patience = Duration::from_secs(self.settings.timeout_seconds * PATIENCE);
        match tokio::time::timeout(patience, process.answer()).await {
            Ok(answer) => judge(answer?),
            Err(_) => Err(unavailable("no answer in time")),
        }
    }
}

/// Removes what a killed server left behind. Another process may be rendering here: only what is old goes.
fn sweep(scratch: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(scratch)? {
        let entry = entry?;
        let age =
            entry.metadata().and_then(|metadata| metadata.modified()).map(|modified| modified.elapsed());
        if !matches!(age, Ok(Ok(age)) if age > ABANDONED) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl Rendered {
    fn new(finished: Finished, directory: TempDir) -> Self {
        let files = finished.files.into_iter().map(|file| RenderedFile {
            rendition: file.rendition,
            path: directory.path().join(file.name),
            width: file.width,
            height: file.height,
        });
        let files = files.collect();
        Self { metadata: finished.metadata, fingerprint: finished.fingerprint, files, _directory: directory }
    }
}

/// A running process. Dropped early, it is killed with all that it started.
struct RenderProcess {
    child: Child,
}

impl RenderProcess {
    fn start(program: &Path, request: &Request) -> Result<Self, RenderError> {
        let argument = serde_json::to_string(request).map_err(unavailable)?;
        let child = Command::new(program)
            .arg(protocol::SUBCOMMAND)
            .arg(argument)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(unavailable)?;
        Ok(Self { child })
    }

    async fn answer(&mut self) -> Result<(ExitStatus, Vec<u8>), RenderError> {
        let mut line = Vec::new();
        if let Some(output) = self.child.stdout.take() {
            output.take(MAX_ANSWER_BYTES).read_to_end(&mut line).await.map_err(unavailable)?;
        }
        let status = self.child.wait().await.map_err(unavailable)?;
        Ok((status, line))
    }
}

impl Drop for RenderProcess {
    fn drop(&mut self) {
        // Once waited for, the process has no id any more and its number may be another's.
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        if let Some(pid) = pid
            && let Err(error) = kill_process_group(pid, Signal::KILL)
        {
            tracing::debug!(%error, "a rendering process was gone already");
        }
    }
}

fn judge((status, line): (ExitStatus, Vec<u8>)) -> Result<Finished, RenderError> {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(0), _) => match serde_json::from_slice(&line).map_err(unavailable)? {
            Answer::Rendered(finished) => Ok(finished),
            Answer::Refused { reason, detail } => Err(broken(reason, detail)),
            Answer::Failed { detail } => Err(unavailable(detail)),
        },
        (Some(PANICKED), _) => Err(broken(BrokenReason::Crashed, "the decoder panicked")),
        (_, Some(signal)) if signal == Signal::XCPU.as_raw() => {
            Err(broken(BrokenReason::TimedOut, "processor time"))
        }
        // Nothing in a file sends SIGKILL; an operator or a machine short of memory does.
        (_, Some(signal)) if signal != Signal::KILL.as_raw() => {
            Err(broken(BrokenReason::Crashed, format!("the decoder died of signal {signal}")))
        }
        _ => Err(unavailable(status)),
    }
}

fn broken(reason: BrokenReason, detail: impl Into<String>) -> RenderError {
    RenderError::Broken { reason, detail: detail.into() }
}

fn unavailable(cause: impl std::fmt::Display) -> RenderError {
    RenderError::Unavailable(cause.to_string())
}

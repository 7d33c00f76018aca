//! The outside programs that decode what no library here does: `heif-convert` for AVIF and odd HEICs, `ffmpeg` for
//! the poster of a video.
//!
//! They run inside the sandbox of the rendering process and inherit its limits.

use std::{
    ffi::OsStr,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::protocol::BrokenReason;

/// What a tool could not do.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error("{tool} is not installed")]
    Missing { tool: &'static str },
    #[error("{tool} cannot read the file ({status})")]
    Refused { tool: &'static str, status: String },
    #[error("{tool} does not start")]
    Start { tool: &'static str, source: std::io::Error },
}

impl ToolError {
    /// `None` when it is not the file's fault.
    pub fn reason(&self) -> Option<BrokenReason> {
        matches!(self, Self::Refused { .. }).then_some(BrokenReason::Corrupt)
    }
}

/// Decodes a HEIC or AVIF, already turned upright, into a PNG in `output`.
pub(super) fn decode_heif(input: &Path, output: &Path) -> Result<PathBuf, ToolError> {
    let picture = output.join("decoded.png");
    run("heif-convert", [input.as_os_str(), picture.as_os_str()])?;
    // A file with several pictures gives numbered ones.
    let first = output.join("decoded-1.png");
    [picture, first].into_iter().find(|path| path.exists()).ok_or(nothing("heif-convert"))
}

/// Takes one frame of a video, already turned upright, as a BMP in `output`.
///
/// The first second is often a shaken start, so a later frame is asked for; very short videos have only the first.
pub(super) fn poster(
    input: &Path,
    output: &Path,
    duration_seconds: Option<f64>,
    max_pixels: u64,
) -> Result<PathBuf, ToolError> {
    let picture = output.join("poster.bmp");
    let later = duration_seconds.is_some_and(|seconds| seconds > 2.0);
    if later && take_frame(input, &picture, "1", max_pixels).is_ok() && picture.exists() {
        return Ok(picture);
    }
    take_frame(input, &picture, "0", max_pixels)?;
    if picture.exists() { Ok(picture) } else { Err(nothing("ffmpeg")) }
}

fn take_frame(input: &Path, picture: &Path, at: &str, max_pixels: u64) -> Result<(), ToolError> {
    // The demuxer is named, so that a playlist or a script of ffmpeg's own in disguise is never obeyed.
    let before =
        ["-nostdin", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file", "-f", "mov"];
    let max_pixels = max_pixels.min(i32::MAX as u64).to_string();
    let limits = ["-max_pixels", &max_pixels, "-ss", at, "-i"];
    let after = ["-map", "0:v:0", "-frames:v", "1", "-c:v", "bmp", "-f", "image2", "-update", "1", "-y"];
    let words = before.iter().chain(&limits).map(OsStr::new);
    let words =
        words.chain([input.as_os_str()]).chain(after.iter().map(OsStr::new)).chain([picture.as_os_str()]);
    run("ffmpeg", words)
}

fn run<'a>(tool: &'static str, words: impl IntoIterator<Item = &'a OsStr>) -> Result<(), ToolError> {
    let status = Command::new(tool)
        .args(words)
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/local/bin")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|source| match source.kind() {
            ErrorKind::NotFound => ToolError::Missing { tool },
            _ => ToolError::Start { tool, source },
        })?;
    if status.success() { Ok(()) } else { Err(ToolError::Refused { tool, status: status.to_string() }) }
}

fn nothing(tool: &'static str) -> ToolError {
    ToolError::Refused { tool, status: "it wrote nothing".to_owned() }
}

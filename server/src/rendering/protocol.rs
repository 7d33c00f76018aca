//! What the server and its rendering process say to each other.
//!
//! The request is the process's one argument, the answer one line on its standard output. Both ends are the same
//! executable, so there are no versions to reconcile.

use std::path::PathBuf;

use picup_api::photo::Rendition;
use picup_imaging::{Fingerprint, Metadata, RenditionSpec};
use serde::{Deserialize, Serialize};

/// The hidden subcommand.
pub const SUBCOMMAND: &str = "render-child";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    pub input: PathBuf,
    /// An existing directory, for the results and for what tools write on the way.
    pub output: PathBuf,
    pub wanted: Vec<Rendition>,
    pub bounds: Bounds,
}

/// What rendering one file may cost.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Bounds {
    pub memory_mb: u64,
    pub cpu_seconds: u64,
    pub max_pixels: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Answer {
    Rendered(Finished),
    /// The file's fault: trying again gives the same.
    Refused {
        reason: BrokenReason,
        detail: String,
    },
    /// Not the file's fault, such as a full disk.
    Failed {
        detail: String,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finished {
    pub metadata: Metadata,
    pub fingerprint: Fingerprint,
    pub files: Vec<FinishedFile>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FinishedFile {
    pub rendition: Rendition,
    /// Within the output directory.
    pub name: String,
    pub width: u32,
    pub height: u32,
}

/// Why a file cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokenReason {
    Empty,
    Unsupported,
    TooLarge,
    Truncated,
    Corrupt,
    /// The decoder crashed or ran out of memory.
    Crashed,
    TimedOut,
}

/// `None` for the original, which is not made.
pub fn spec_of(rendition: Rendition) -> Option<RenditionSpec> {
    match rendition {
        Rendition::Thumb => Some(picup_imaging::THUMB),
        Rendition::Preview => Some(picup_imaging::PREVIEW),
        Rendition::Screen1080 => Some(picup_imaging::SCREEN_1080),
        Rendition::Screen2160 => Some(picup_imaging::SCREEN_2160),
        Rendition::Original => None,
    }
}

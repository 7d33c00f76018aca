//! Why a file could not be read as a picture.
//!
//! Every kind is the file's fault: asking again gives the same answer.

use std::error::Error;

type Source = Box<dyn Error + Send + Sync>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageErrorKind {
    /// No bytes at all.
    Empty,
    /// Not a format that is read here.
    Unsupported,
    /// More pixels than the limits allow, or more memory than they would need.
    TooLarge,
    /// The end is missing; showing the rest would show a torn picture.
    Truncated,
    /// Contradicts its own format.
    Corrupt,
}

#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct ImageError {
    kind: ImageErrorKind,
    what: String,
    #[source]
    source: Option<Source>,
}

impl ImageError {
    pub fn new(kind: ImageErrorKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), source: None }
    }

    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub fn kind(&self) -> ImageErrorKind {
        self.kind
    }

    pub(crate) fn corrupt(what: &str, source: impl Into<Source>) -> Self {
        Self::new(ImageErrorKind::Corrupt, what).with_source(source)
    }
}

pub(crate) type Result<T> = std::result::Result<T, ImageError>;

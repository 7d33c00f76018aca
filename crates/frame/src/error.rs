//! Why the engine could not carry out a command.

use std::error::Error as StdError;

pub(crate) type Result<T, E = EngineError> = std::result::Result<T, E>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineErrorKind {
    /// The frame has no such photo or album.
    NotFound,
    /// The local database or disk failed.
    Local,
}

#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct EngineError {
    kind: EngineErrorKind,
    what: &'static str,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl EngineError {
    pub fn kind(&self) -> EngineErrorKind {
        self.kind
    }

    pub(crate) fn not_found(what: &'static str) -> Self {
        Self { kind: EngineErrorKind::NotFound, what, source: None }
    }

    pub(crate) fn local(what: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: EngineErrorKind::Local, what, source: Some(source.into()) }
    }
}

impl From<anyhow::Error> for EngineError {
    fn from(error: anyhow::Error) -> Self {
        Self::local("the frame's own data cannot be reached", error)
    }
}

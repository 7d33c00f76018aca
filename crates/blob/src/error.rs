//! What a store fails with: the kind callers match on, and the cause for the log.

use std::{fmt, io};

pub type Result<T, E = BlobError> = std::result::Result<T, E>;

/// What a caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlobErrorKind {
    /// The store is there, the key is not.
    NotFound,
    /// No room.
    Full,
    /// Out of reach, too slow, or failing: try again later, use another store.
    Unavailable,
    /// The bytes are not the ones they should be.
    Corrupt,
}

impl fmt::Display for BlobErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "not found",
            Self::Full => "full",
            Self::Unavailable => "unavailable",
            Self::Corrupt => "corrupt",
        })
    }
}

/// A failed call to one store.
#[derive(Debug, thiserror::Error)]
#[error("store {store}: {kind}")]
pub struct BlobError {
    pub kind: BlobErrorKind,
    /// The store's name.
    pub store: String,
    #[source]
    source: Option<io::Error>,
}

impl BlobError {
    pub fn new(store: &str, kind: BlobErrorKind) -> Self {
        Self { kind, store: store.to_owned(), source: None }
    }

    pub fn caused(
        store: &str,
        kind: BlobErrorKind,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { kind, store: store.to_owned(), source: Some(io::Error::other(source)) }
    }

    /// Takes the kind from an operating system error, or from the error of another store inside it.
    pub fn from_io(store: &str, source: io::Error) -> Self {
        let passed_on = source.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        let kind = passed_on.map_or_else(|| kind_of(&source), |inner| inner.kind);
        Self { kind, store: store.to_owned(), source: Some(source) }
    }
}

/// Bytes with another digest or length, as an operating system error on its way up.
pub(crate) fn corrupt(what: impl fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_string())
}

fn kind_of(error: &io::Error) -> BlobErrorKind {
    match error.kind() {
        io::ErrorKind::NotFound => BlobErrorKind::NotFound,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            BlobErrorKind::Full
        }
        io::ErrorKind::InvalidData => BlobErrorKind::Corrupt,
        _ => BlobErrorKind::Unavailable,
    }
}

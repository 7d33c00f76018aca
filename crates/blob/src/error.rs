//! What a store fails with: the kind callers match on, and the cause for the log.

use std::{fmt, io};

pub type Result<T, E = BlobError> = std::result::Result<T, E>;

/// errno(3), the same on every Linux.
const EIO: i32 = 5;

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

    /// Whether a device failed at these very bytes (EIO), as it does for a sector that cannot be read. The store may
    /// be there all the same: `probe` tells.
    pub fn is_device_error(&self) -> bool {
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let code = error.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
            if code == Some(EIO) {
                return true;
            }
            cause = error.source();
        }
        false
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_error_is_found_under_every_store_it_came_through() {
        let device = BlobError::from_io("disk", io::Error::from_raw_os_error(EIO));
        let passed_on = BlobError::from_io("mirror", io::Error::other(device));
        assert_eq!(passed_on.kind, BlobErrorKind::Unavailable);
        assert!(passed_on.is_device_error());
        let timed_out = BlobError::from_io("disk", io::ErrorKind::TimedOut.into());
        assert!(!timed_out.is_device_error());
    }
}

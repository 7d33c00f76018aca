//! What an answer of S3 means to a caller.

use object_store::Error;

use crate::{BlobError, BlobErrorKind};

/// What services of different makers say when there is no room, or none for so much.
const FULL: [&str; 7] = [
    "<Code>QuotaExceeded",
    "<Code>ServiceQuotaExceeded",
    "<Code>InsufficientStorage",
    "<Code>EntityTooLarge",
    "<Code>XMinioStorageFull",
    "<Code>XMinioAdminBucketQuotaExceeded",
    "status code: 507",
];

pub(super) fn failed(store: &str, error: Error) -> BlobError {
    let kind = match &error {
        Error::NotFound { .. } => BlobErrorKind::NotFound,
        other if says_full(&other.to_string()) => BlobErrorKind::Full,
        _ => BlobErrorKind::Unavailable,
    };
    BlobError::caused(store, kind, error)
}

/// A write has no key to miss: what is not found is the bucket, or the upload somebody ended.
pub(super) fn failed_writing(store: &str, error: Error) -> BlobError {
    let mut error = failed(store, error);
    if error.kind == BlobErrorKind::NotFound {
        error.kind = BlobErrorKind::Unavailable;
    }
    error
}

/// The client keeps an answer's status for itself and tells it in words.
fn says_full(words: &str) -> bool {
    FULL.iter().any(|code| words.contains(code))
}

pub(super) fn is_beyond_the_end(error: &Error) -> bool {
    matches!(error, Error::Generic { .. }) && error.to_string().contains("status code: 416")
}

//! What can go wrong with a call, sorted by what the caller does about it.

use std::{error::Error, fmt, io, sync::Arc, time::Duration};

use picup_api::{ErrorCode, FieldError, Problem};

pub type Result<T, E = ClientError> = std::result::Result<T, E>;

/// Callers match on the kind; people are told by the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No connection, no name, no TLS, cut, timed out.
    Offline,
    /// Something that is not Picup answered.
    CaptivePortal,
    /// 429 and 5xx: asking later helps.
    Unavailable,
    /// Asking again does not help; the code says why.
    Refused,
    /// No credential, or the server has revoked it; the code says which.
    SignedOut,
    /// Bytes are not the promised ones.
    Corrupt,
    /// An answer of another shape than agreed.
    Unreadable,
    /// A local file cannot be read or written.
    Disk,
}

#[derive(Clone)]
pub struct ClientError {
    kind: ErrorKind,
    status: Option<u16>,
    retry_after: Option<Duration>,
    problem: Option<Arc<Problem>>,
    what: &'static str,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl ClientError {
    pub(crate) fn new(kind: ErrorKind, what: &'static str) -> Self {
        Self { kind, status: None, retry_after: None, problem: None, what, source: None }
    }

    pub(crate) fn network(error: reqwest::Error) -> Self {
        // The address may carry a signature, and addresses are not for logs.
        Self::new(ErrorKind::Offline, "the server cannot be reached").because(error.without_url())
    }

    pub(crate) fn disk(error: io::Error) -> Self {
        Self::new(ErrorKind::Disk, "a local file cannot be read or written").because(error)
    }

    pub(crate) fn unreadable(error: impl Error + Send + Sync + 'static) -> Self {
        Self::new(ErrorKind::Unreadable, "the answer has another shape than agreed").because(error)
    }

    /// From a status that is no success, and the problem document if there was one.
    pub(crate) fn answered(status: u16, problem: Option<Problem>, retry_after: Option<Duration>) -> Self {
        let kind = kind_of(status, problem.as_ref().map(|problem| problem.code));
        let mut error = Self::new(kind, "the server refused");
        error.status = Some(status);
        error.retry_after = retry_after;
        error.problem = problem.map(Arc::new);
        error
    }

    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    pub(crate) fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(source)), ..self }
    }

    pub(crate) fn of_kind(self, kind: ErrorKind) -> Self {
        Self { kind, ..self }
    }

    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub fn code(&self) -> Option<ErrorCode> {
        self.problem.as_ref().map(|problem| problem.code)
    }

    pub fn status(&self) -> Option<u16> {
        self.status
    }

    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The faulty fields of a 422.
    pub fn field_errors(&self) -> &[FieldError] {
        self.problem.as_ref().map_or(&[], |problem| &problem.errors)
    }

    /// Whether the same call can succeed later without anybody's doing.
    pub fn is_transient(&self) -> bool {
        matches!(self.kind, ErrorKind::Offline | ErrorKind::CaptivePortal | ErrorKind::Unavailable)
    }
}

fn kind_of(status: u16, code: Option<ErrorCode>) -> ErrorKind {
    match code {
        Some(
            ErrorCode::SessionRevoked
            | ErrorCode::FrameRevoked
            | ErrorCode::RefreshTokenInvalid
            | ErrorCode::RefreshTokenReplayed,
        ) => ErrorKind::SignedOut,
        Some(ErrorCode::UploadDigestMismatch | ErrorCode::UploadChecksumMismatch) => ErrorKind::Corrupt,
        _ if status == 429 || status >= 500 => ErrorKind::Unavailable,
        _ => ErrorKind::Refused,
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        match (self.code(), self.status) {
            (Some(code), Some(status)) => write!(f, " ({status} {code})"),
            (_, Some(status)) => write!(f, " ({status})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.kind)?;
        let mut cause: Option<&(dyn Error + 'static)> = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        self.field_errors().iter().try_for_each(|field| write!(f, "; {}: {}", field.field, field.code))
    }
}

impl Error for ClientError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

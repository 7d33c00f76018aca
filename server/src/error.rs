//! What an operation fails with: a code from the one list, and the cause for the log.
//!
//! Nothing here knows HTTP; `http::problem` turns it into an answer.

use std::{fmt, time::Duration};

use picup_api::{ErrorCode, FieldError};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed operation. Boxed, because results are returned everywhere and failures are rare.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: ErrorCode,
    detail: Option<String>,
    fields: Vec<FieldError>,
    retry_after: Option<Duration>,
    source: Option<anyhow::Error>,
}

impl Error {
    pub fn new(code: ErrorCode) -> Self {
        Self(Box::new(Inner { code, detail: None, fields: Vec::new(), retry_after: None, source: None }))
    }

    /// A fault of ours, not of the client's.
    pub fn internal(source: impl Into<anyhow::Error>) -> Self {
        Self::new(ErrorCode::Internal).with_source(source)
    }

    /// Every faulty field at once.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(ErrorCode::ValidationFailed);
        error.0.fields = fields;
        error
    }

    /// For developers; never personal data.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, code: impl Into<String>) -> Self {
        self.0.fields.push(FieldError { field: field.into(), code: code.into() });
        self
    }

    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    #[must_use]
    pub fn with_source(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub fn source(&self) -> Option<&anyhow::Error> {
        self.0.source.as_ref()
    }
}

impl Error {
    /// The same for somebody else who waited for the same work.
    pub(crate) fn shared(&self) -> Self {
        let copy = Self::new(self.code()).with_source(anyhow::anyhow!("{self}"));
        match self.retry_after() {
            Some(wait) => copy.with_retry_after(wait),
            None => copy,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.code.fmt(f)?;
        self.0.detail.iter().try_for_each(|detail| write!(f, ": {detail}"))?;
        self.0.source.iter().try_for_each(|source| write!(f, ": {source:#}"))
    }
}

impl std::error::Error for Error {}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

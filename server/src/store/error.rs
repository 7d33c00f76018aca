//! What a caller can do about a failed statement, whichever engine failed.

use std::{fmt, time::Duration};

use picup_api::ErrorCode;
use sqlx::{error::DatabaseError, mysql::MySqlDatabaseError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// A unique key exists already.
    Duplicate,
    /// The disk of the database is full.
    Full,
    /// Locked, closed, or out of reach: try again later.
    Unavailable,
    /// A fault of ours.
    Broken,
}

#[derive(Debug, thiserror::Error)]
pub struct StoreError {
    pub kind: StoreErrorKind,
    #[source]
    source: anyhow::Error,
}

impl StoreError {
    /// A row holds something this build cannot read.
    pub fn unreadable(source: impl Into<anyhow::Error>) -> Self {
        Self { kind: StoreErrorKind::Broken, source: source.into() }
    }

    /// No server of the database can do it now.
    pub fn unavailable(source: impl Into<anyhow::Error>) -> Self {
        Self { kind: StoreErrorKind::Unavailable, source: source.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "database: {:?}", self.kind)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self { kind: kind_of(&error), source: error.into() }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => Self::unreadable(other),
        }
    }
}

fn kind_of(error: &sqlx::Error) -> StoreErrorKind {
    match error {
        sqlx::Error::Database(database) if database.is_unique_violation() => StoreErrorKind::Duplicate,
        sqlx::Error::Database(database) => kind_of_refusal(database.as_ref()),
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_) => {
            StoreErrorKind::Unavailable
        }
        _ => StoreErrorKind::Broken,
    }
}

fn kind_of_refusal(refusal: &dyn DatabaseError) -> StoreErrorKind {
    match refusal.try_downcast_ref::<MySqlDatabaseError>() {
        Some(refusal) => kind_of_number(refusal.number()),
        None => kind_of_code(refusal.code().as_deref()),
    }
}

/// SQLite's extended result codes: the low byte is the class (<https://www.sqlite.org/rescode.html>).
fn kind_of_code(code: Option<&str>) -> StoreErrorKind {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    const IO: u32 = 10;
    const FULL: u32 = 13;
    const CANNOT_OPEN: u32 = 14;
    match code.and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff) {
        Some(FULL) => StoreErrorKind::Full,
        Some(BUSY | LOCKED | IO | CANNOT_OPEN) => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Broken,
    }
}

/// MariaDB's and MySQL's error numbers (<https://mariadb.com/docs/server/reference/error-codes>).
fn kind_of_number(number: u16) -> StoreErrorKind {
    const DISK_FULL: u16 = 1021;
    const TABLE_FULL: u16 = 1114;
    const TOO_MANY_CONNECTIONS: u16 = 1040;
    const SHUTTING_DOWN: u16 = 1053;
    const KILLED: u16 = 1927;
    const INTERRUPTED: u16 = 1317;
    const LOCK_WAIT: u16 = 1205;
    const DEADLOCK: u16 = 1213;
    /// A primary that was made a replica refuses writes until its clients have found the new one.
    const READ_ONLY: [u16; 2] = [1290, 1836];
    /// Longer than the session's `max_statement_time` or `max_execution_time`.
    const TOO_SLOW: [u16; 2] = [1969, 3024];
    match number {
        DISK_FULL | TABLE_FULL => StoreErrorKind::Full,
        TOO_MANY_CONNECTIONS | SHUTTING_DOWN | KILLED | INTERRUPTED | LOCK_WAIT | DEADLOCK => {
            StoreErrorKind::Unavailable
        }
        number if READ_ONLY.contains(&number) || TOO_SLOW.contains(&number) => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Broken,
    }
}

impl From<StoreError> for crate::Error {
    fn from(error: StoreError) -> Self {
        let code = match error.kind {
            StoreErrorKind::Full => ErrorCode::StorageFull,
            StoreErrorKind::Unavailable => ErrorCode::DatabaseUnavailable,
            StoreErrorKind::Duplicate | StoreErrorKind::Broken => ErrorCode::Internal,
        };
        let failed = Self::new(code).with_source(error);
        if code == ErrorCode::Internal { failed } else { failed.with_retry_after(Duration::from_secs(5)) }
    }
}

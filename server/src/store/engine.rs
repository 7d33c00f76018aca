//! Opens a database, and hands out its readers and its one writer.
//!
//! SQLite: write-ahead log, one writer taken with `BEGIN IMMEDIATE`, many readers. `synchronous=FULL`: what was
//! acknowledged survives a power cut.

use std::{fmt, ops, path::Path, time::Duration};

use picup_api::ErrorCode;
use sqlx::{
    Transaction,
    migrate::Migrator,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};

/// The database behind every query. Another engine changes these three names.
pub type Database = sqlx::Sqlite;
pub type Connection = sqlx::SqliteConnection;
pub type Row = sqlx::sqlite::SqliteRow;

const READERS: u32 = 8;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Clone, Debug)]
pub struct Engine {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Engine {
    /// Opens or creates the file and brings its schema up to date.
    pub async fn open(path: &Path, migrations: &Migrator) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("cache_size", "-8000")
            .statement_cache_capacity(256);
        let writer = pool(1).connect_with(options.clone()).await?;
        migrations.run(&writer).await.map_err(StoreError::migration)?;
        let readers = pool(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self { writer, readers })
    }

    /// Takes the write lock; waits for its turn.
    pub async fn begin(&self) -> Result<Transaction<'static, Database>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Sees every committed write.
    pub async fn fresh(&self) -> Result<Reader, StoreError> {
        Ok(Reader(self.readers.acquire().await?))
    }

    /// May be a little behind where replicas serve it; here it is the same file.
    pub async fn stale_ok(&self) -> Result<Reader, StoreError> {
        self.fresh().await
    }

    /// Answers a query.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut reader = self.fresh().await?;
        sqlx::query("SELECT 1").execute(&mut *reader).await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// A connection that only reads.
pub struct Reader(PoolConnection<Database>);

impl ops::Deref for Reader {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl ops::DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

/// What a caller can do about a failed statement.
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

    fn migration(error: sqlx::migrate::MigrateError) -> Self {
        Self::unreadable(error)
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

fn kind_of(error: &sqlx::Error) -> StoreErrorKind {
    match error {
        sqlx::Error::Database(database) if database.is_unique_violation() => StoreErrorKind::Duplicate,
        sqlx::Error::Database(database) => kind_of_code(database.code().as_deref()),
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
            StoreErrorKind::Unavailable
        }
        _ => StoreErrorKind::Broken,
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

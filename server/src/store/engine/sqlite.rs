//! SQLite: write-ahead log, one writer taken with `BEGIN IMMEDIATE`, many readers. `synchronous=FULL`: what was
//! acknowledged survives a power cut.

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions as _, Connection as _, SqlSafeStr, Sqlite, Transaction,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Connection, EngineState, Handle, PoolState, Reader, Schema, Writer};
use crate::store::{
    StoreError,
    meter::{Meter, Site},
};

const READERS: u32 = 8;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Clone, Debug)]
pub struct SqliteFile {
    writer: SqlitePool,
    readers: SqlitePool,
    meter: Arc<Meter>,
}

impl SqliteFile {
    /// Opens or creates the file and brings its schema up to date.
    pub(super) async fn open(path: &Path, schema: &Schema) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("cache_size", "-8000")
            .statement_cache_capacity(256)
            // Slow ones are named by the meter.
            .disable_statement_logging();
        let writer = pool(1).connect_with(options.clone()).await?;
        schema.sqlite.run(&writer).await?;
        let readers = pool(READERS).connect_with(options.read_only(true)).await?;
        let meter = Meter::new(Site { database: schema.name, engine: "sqlite", server: "file" });
        Ok(Self { writer, readers, meter })
    }

    /// Takes the write lock; waits for its turn.
    pub(super) async fn begin(&self) -> Result<Writer, StoreError> {
        let begin = async {
            let connection = self.usable_writer().await?;
            Ok::<_, StoreError>(Transaction::begin(connection, Some("BEGIN IMMEDIATE".into_sql_str())).await?)
        };
        let transaction = self.meter.wait(begin).await?;
        Ok(Writer { connection: self.connection(Handle::SqliteWriter(transaction)), servers: None })
    }

    /// On a full disk SQLite ends a transaction by itself; sqlx then counts one too many, and would refuse every
    /// write from there on. Such a connection makes room for a new one; while that is waited for, another's failure
    /// may spoil it, too.
    async fn usable_writer(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        loop {
            let connection = self.writer.acquire().await?;
            if !connection.is_in_transaction() {
                return Ok(connection);
            }
            // Its rollback fails again: there is nothing to roll back.
            drop(connection.close().await);
        }
    }

    pub(super) async fn reader(&self) -> Result<Reader, StoreError> {
        let connection = self.meter.wait(self.readers.acquire()).await?;
        Ok(Reader(self.connection(Handle::SqliteReader(connection))))
    }

    fn connection(&self, handle: Handle) -> Connection {
        Connection { handle, meter: Arc::clone(&self.meter) }
    }

    pub(super) fn state(&self) -> EngineState {
        let pools = vec![PoolState::of("writer", &self.writer), PoolState::of("readers", &self.readers)];
        EngineState { pools, ..EngineState::default() }
    }

    pub(super) async fn close(&self) {
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

//! The engine behind a database: a file of this process, or servers.
//!
//! Hands out readers and writers; what they run is in `sql`. Nothing above the store asks which engine it is.

mod mariadb;
mod sqlite;

use std::{ops, path::PathBuf, sync::Arc, time::Duration};

use sqlx::{
    MySql, MySqlConnection, Sqlite, SqliteConnection, Transaction, migrate::Migrator, pool::PoolConnection,
};

use super::{StoreError, meter::Meter, sql};
use crate::{cache::last_write::LastWrite, config::Servers};
pub use mariadb::{Hold, MariaDb};
pub use sqlite::SqliteFile;

/// Where a database is.
#[derive(Clone, Debug)]
pub enum Place {
    File(PathBuf),
    Servers(Servers),
}

/// The migrations of a database, for either engine.
pub struct Schema {
    /// The database's name in meters and traces.
    pub name: &'static str,
    pub sqlite: Migrator,
    pub mariadb: Migrator,
}

#[derive(Clone, Debug)]
pub enum Engine {
    Sqlite(SqliteFile),
    MariaDb(MariaDb),
}

impl Engine {
    /// Opens the database, made if it is a file, and brings its schema up to date.
    pub async fn open(place: &Place, schema: &Schema, last_write: LastWrite) -> Result<Self, StoreError> {
        Ok(match place {
            Place::File(path) => Self::Sqlite(SqliteFile::open(path, schema).await?),
            Place::Servers(servers) => Self::MariaDb(MariaDb::open(servers, schema, last_write).await?),
        })
    }

    // The servers' calls are boxed: they are large, and would make every operation's future as large.

    /// Starts a write. The file has one writer at a time; servers have many, which agree by locking rows.
    pub async fn begin(&self) -> Result<Writer, StoreError> {
        match self {
            Self::Sqlite(file) => file.begin().await,
            Self::MariaDb(servers) => Box::pin(servers.begin()).await,
        }
    }

    /// Sees every committed write while the primary is there; without it, what the replicas have.
    pub async fn fresh(&self) -> Result<Reader, StoreError> {
        match self {
            Self::Sqlite(file) => file.reader().await,
            Self::MariaDb(servers) => Box::pin(servers.fresh()).await,
        }
    }

    /// Sees every write answered before, by whichever process that tells the others of its own.
    pub async fn stale_ok(&self) -> Result<Reader, StoreError> {
        match self {
            Self::Sqlite(file) => file.reader().await,
            Self::MariaDb(servers) => Box::pin(servers.stale_ok()).await,
        }
    }

    /// Keeps other processes from holding `name`. None where there are no others.
    pub async fn hold(&self, name: &str) -> Result<Option<Hold>, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::MariaDb(servers) => Box::pin(servers.hold(name)).await.map(Some),
        }
    }

    /// Writers of several transactions, here or in other processes, may be at work at the same time.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::MariaDb(_))
    }

    /// Answers a query.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut reader = self.fresh().await?;
        sql::query_scalar::<i64>("SELECT 1").fetch_one(&mut reader).await?;
        Ok(())
    }

    /// Which servers answer, how far behind they are, and how many sessions they have. Asks each replica.
    pub async fn state(&self) -> EngineState {
        match self {
            Self::Sqlite(file) => file.state(),
            Self::MariaDb(servers) => Box::pin(servers.state()).await,
        }
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite(file) => file.close().await,
            Self::MariaDb(servers) => servers.close().await,
        }
    }
}

/// A database as its keeper sees it.
#[derive(Clone, Debug, Default)]
pub struct EngineState {
    pub pools: Vec<PoolState>,
    /// None for a file.
    pub primary_is_away: Option<bool>,
    pub replicas: Vec<ReplicaState>,
}

/// The sessions this process has with one server, or with a file.
#[derive(Clone, Debug)]
pub struct PoolState {
    /// `readers`, `writer`, or `host:port`.
    pub name: String,
    pub in_use: usize,
    pub idle: usize,
}

#[derive(Clone, Debug)]
pub struct ReplicaState {
    /// `host:port`.
    pub name: String,
    /// None while it is away or its replication does not run.
    pub lag: Option<Duration>,
    /// Nobody reads from it.
    pub is_left_out: bool,
}

impl PoolState {
    fn of<DB: sqlx::Database>(name: &str, pool: &sqlx::Pool<DB>) -> Self {
        let idle = pool.num_idle();
        Self { name: name.to_owned(), in_use: (pool.size() as usize).saturating_sub(idle), idle }
    }
}

/// What statements run on.
pub struct Connection {
    handle: Handle,
    meter: Arc<Meter>,
}

enum Handle {
    SqliteReader(PoolConnection<Sqlite>),
    SqliteWriter(Transaction<'static, Sqlite>),
    MariaDbReader(PoolConnection<MySql>),
    MariaDbWriter(Transaction<'static, MySql>),
}

/// A connection as its engine's client library has it.
pub(super) enum Link<'c> {
    Sqlite(&'c mut SqliteConnection),
    MariaDb(&'c mut MySqlConnection),
}

impl Connection {
    pub(super) fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    pub(super) fn link(&mut self) -> Link<'_> {
        match &mut self.handle {
            Handle::SqliteReader(connection) => Link::Sqlite(connection),
            Handle::SqliteWriter(transaction) => Link::Sqlite(transaction),
            Handle::MariaDbReader(connection) => Link::MariaDb(connection),
            Handle::MariaDbWriter(transaction) => Link::MariaDb(transaction),
        }
    }
}

/// A connection that only reads.
pub struct Reader(Connection);

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

/// One transaction. Dropped without `commit`, nothing of it happened.
pub struct Writer {
    connection: Connection,
    /// Told where its commit is in the log of the primary.
    servers: Option<MariaDb>,
}

impl Writer {
    pub async fn commit(self) -> Result<(), StoreError> {
        let Connection { handle, meter } = self.connection;
        let run = async {
            match handle {
                Handle::SqliteWriter(transaction) => Ok(transaction.commit().await?),
                Handle::MariaDbWriter(transaction) => {
                    Box::pin(mariadb::commit(transaction, self.servers)).await
                }
                Handle::SqliteReader(_) | Handle::MariaDbReader(_) => Ok::<_, StoreError>(()),
            }
        };
        meter.measure("COMMIT".into(), run).await
    }
}

impl ops::Deref for Writer {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl ops::DerefMut for Writer {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

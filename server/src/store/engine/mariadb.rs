//! MariaDB: a primary that takes the writes, replicas that answer what may be a little behind.
//!
//! A server that does not answer is left alone for a moment, then tried by one caller while the others go elsewhere.
//! A replica that lags, or whose replication is broken, is left out until it has caught up.

mod hold;
mod replica;
mod server;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use sqlx::{MySql, Transaction, pool::PoolConnection};

use super::{EngineState, Handle, PoolState, Reader, Schema, Writer};
use crate::{
    cache::last_write::{LastWrite, Newest},
    config::Servers,
    store::{
        StoreError,
        meter::{Meter, Site},
    },
};
pub use hold::Hold;
use hold::Holds;
use replica::Replica;
use server::Server;

#[derive(Clone, Debug)]
pub struct MariaDb {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    primary: Server,
    replicas: Vec<Replica>,
    turn: AtomicUsize,
    last_write: LastWrite,
    holds: Holds,
    max_lag: Duration,
}

impl MariaDb {
    /// Connects to the primary and brings its schema up to date; the replicas get it from there.
    pub(super) async fn open(
        servers: &Servers,
        schema: &Schema,
        last_write: LastWrite,
    ) -> Result<Self, StoreError> {
        let meter = |server| Meter::new(Site { database: schema.name, engine: "mariadb", server });
        let primary = Server::new(&servers.primary, servers.connections, meter("primary"))?;
        let of_replicas = meter("replica");
        let replicas = servers.replicas.iter();
        let replicas = replicas.map(|url| Replica::new(url, servers.connections, of_replicas.clone()));
        let replicas = replicas.collect::<Result<Vec<_>, _>>()?;
        schema.mariadb.run(primary.pool()).await?;
        let max_lag = Duration::from_secs(servers.max_lag_seconds);
        let (turn, holds) = (AtomicUsize::new(0), Holds::default());
        Ok(Self { shared: Arc::new(Shared { primary, replicas, turn, last_write, holds, max_lag }) })
    }

    /// Errors: `Unavailable`, at once where the primary was just found to be away.
    pub(super) async fn begin(&self) -> Result<Writer, StoreError> {
        let primary = &self.shared.primary;
        let connection = primary.acquire().await?;
        let transaction = Transaction::begin(connection, None).await?;
        let connection = primary.connection(Handle::MariaDbWriter(transaction));
        Ok(Writer { connection, servers: Some(self.clone()) })
    }

    pub(super) async fn fresh(&self) -> Result<Reader, StoreError> {
        match self.shared.primary.acquire().await {
            Ok(connection) => Ok(reader(&self.shared.primary, connection)),
            Err(away) => self.any_replica().await.ok_or(away),
        }
    }

    pub(super) async fn stale_ok(&self) -> Result<Reader, StoreError> {
        if self.shared.replicas.is_empty() {
            return self.fresh().await;
        }
        let last_write = match self.shared.last_write.newest().await {
            Newest::At(gtid) => Some(gtid),
            Newest::Nothing => None,
            Newest::Unknown => return self.fresh_and_note().await,
        };
        for replica in self.replicas_in_turn() {
            if let Some(connection) = replica.caught_up(self.shared.max_lag, last_write.as_deref()).await {
                return Ok(reader(&replica.server, connection));
            }
        }
        self.fresh().await
    }

    /// The others may know by now what nobody did: how far the primary's log is.
    async fn fresh_and_note(&self) -> Result<Reader, StoreError> {
        let Ok(mut connection) = self.shared.primary.acquire().await else { return self.fresh().await };
        let place: sqlx::Result<String> =
            sqlx::query_scalar("SELECT @@gtid_binlog_pos").fetch_one(&mut *connection).await;
        if let Ok(place) = place {
            self.shared.last_write.note(place).await;
        }
        Ok(reader(&self.shared.primary, connection))
    }

    /// Errors: `Unavailable`, also when somebody else holds the name for long.
    pub(super) async fn hold(&self, name: &str) -> Result<Hold, StoreError> {
        self.shared.holds.hold(&self.shared.primary, name).await
    }

    /// While the primary is away every replica is as good as its copy of the log; none is asked for its lag.
    async fn any_replica(&self) -> Option<Reader> {
        for replica in self.replicas_in_turn() {
            if let Ok(connection) = replica.server.acquire().await {
                return Some(reader(&replica.server, connection));
            }
        }
        None
    }

    fn replicas_in_turn(&self) -> impl Iterator<Item = &Replica> {
        let replicas = &self.shared.replicas;
        let first = self.shared.turn.fetch_add(1, Ordering::Relaxed);
        (0..replicas.len()).map(move |offset| &replicas[(first.wrapping_add(offset)) % replicas.len()])
    }

    pub(super) async fn state(&self) -> EngineState {
        let Shared { primary, replicas, max_lag, .. } = &*self.shared;
        let primary_is_away = Some(primary.acquire().await.is_err());
        let servers = std::iter::once(primary).chain(replicas.iter().map(|replica| &replica.server));
        let pools = servers.map(|server| PoolState::of(server.name(), server.pool())).collect();
        let replicas = join_all(replicas.iter().map(|replica| replica.state(*max_lag))).await;
        EngineState { pools, primary_is_away, replicas }
    }

    pub(super) async fn close(&self) {
        for replica in &self.shared.replicas {
            replica.server.pool().close().await;
        }
        self.shared.primary.pool().close().await;
    }
}

fn reader(server: &Server, connection: PoolConnection<MySql>) -> Reader {
    Reader(server.connection(Handle::MariaDbReader(connection)))
}

/// Commits, and notes the place in the log where there are replicas that have to reach it.
pub(super) async fn commit(
    mut transaction: Transaction<'static, MySql>,
    servers: Option<MariaDb>,
) -> Result<(), StoreError> {
    let Some(servers) = servers.filter(|servers| !servers.shared.replicas.is_empty()) else {
        return Ok(transaction.commit().await?);
    };
    // The transaction ends by this statement, so that its connection can still be asked where the commit went.
    sqlx::query("COMMIT").execute(&mut *transaction).await?;
    let place: sqlx::Result<String> =
        sqlx::query_scalar("SELECT @@last_gtid").fetch_one(&mut *transaction).await;
    match place {
        Ok(place) if !place.is_empty() => {
            servers.shared.last_write.note(place).await;
        }
        Ok(_) => {}
        Err(error) => tracing::debug!(%error, "a commit's place in the log is not known"),
    }
    // Invariant: the commit has happened; what the client library still sends changes nothing.
    drop(transaction);
    Ok(())
}

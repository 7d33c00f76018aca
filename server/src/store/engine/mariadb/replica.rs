//! A replica, and whether it has what a reader needs.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use secrecy::SecretString;
use sqlx::{MySql, MySqlConnection, Row, mysql::MySqlRow, pool::PoolConnection};

use super::server::Server;
use crate::store::{StoreError, engine::ReplicaState, meter::Meter};

/// What was found out about the lag holds for so long.
const FRESH: Duration = Duration::from_millis(500);
/// A reader waits so long for a replica to reach this process's last write, in seconds; then the primary answers.
const WAIT: f64 = 0.1;

#[derive(Debug)]
pub(super) struct Replica {
    pub(super) server: Server,
    /// When the lag was last asked for, and what it was; None while replication does not run.
    seen: Mutex<Option<(Instant, Option<Duration>)>>,
}

impl Replica {
    pub(super) fn new(url: &SecretString, connections: u32, meter: Arc<Meter>) -> Result<Self, StoreError> {
        Ok(Self { server: Server::new(url, connections, meter)?, seen: Mutex::new(None) })
    }

    /// A connection, unless the replica is away, broken, further behind than `max_lag`, or has not yet got the
    /// write at the GTID `wanted`.
    pub(super) async fn caught_up(
        &self,
        max_lag: Duration,
        wanted: Option<&str>,
    ) -> Option<PoolConnection<MySql>> {
        let mut connection = self.server.acquire().await.ok()?;
        let lag = self.lag(&mut connection).await?;
        if lag > max_lag || !has(&mut connection, wanted).await {
            return None;
        }
        Some(connection)
    }

    /// As a reader that asks now would find it.
    pub(super) async fn state(&self, max_lag: Duration) -> ReplicaState {
        let lag = match self.server.acquire().await {
            Ok(mut connection) => self.lag(&mut connection).await,
            Err(_) => None,
        };
        let is_left_out = lag.is_none_or(|lag| lag > max_lag);
        ReplicaState { name: self.server.name().to_owned(), lag, is_left_out }
    }

    async fn lag(&self, connection: &mut MySqlConnection) -> Option<Duration> {
        let seen = *self.seen();
        if let Some((at, lag)) = seen
            && at.elapsed() < FRESH
        {
            return lag;
        }
        let status = sqlx::query("SHOW REPLICA STATUS").fetch_optional(connection).await;
        let lag = status.ok().flatten().as_ref().and_then(lag_of);
        *self.seen() = Some((Instant::now(), lag));
        lag
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Option<(Instant, Option<Duration>)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// MariaDB's and MySQL's names of the same columns. A lag is told only while both threads run.
fn lag_of(status: &MySqlRow) -> Option<Duration> {
    let runs = |names: [&str; 2]| {
        names.iter().any(|name| status.try_get::<String, _>(name).is_ok_and(|word| word == "Yes"))
    };
    if !runs(["Slave_IO_Running", "Replica_IO_Running"])
        || !runs(["Slave_SQL_Running", "Replica_SQL_Running"])
    {
        return None;
    }
    let seconds = ["Seconds_Behind_Master", "Seconds_Behind_Source"].iter().find_map(|name| {
        let signed = status.try_get::<Option<i64>, _>(name).ok().flatten().map(i64::unsigned_abs);
        signed.or_else(|| status.try_get::<Option<u64>, _>(name).ok().flatten())
    });
    seconds.map(Duration::from_secs)
}

async fn has(connection: &mut MySqlConnection, wanted: Option<&str>) -> bool {
    let Some(gtid) = wanted else { return true };
    let reached: sqlx::Result<i64> =
        sqlx::query_scalar("SELECT MASTER_GTID_WAIT(?, ?)").bind(gtid).bind(WAIT).fetch_one(connection).await;
    reached.is_ok_and(|timed_out| timed_out == 0)
}

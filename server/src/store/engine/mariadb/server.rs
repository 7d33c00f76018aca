//! One server: its pool of connections, and whether it is worth asking.

use std::{
    str::FromStr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    ConnectOptions, MySql, MySqlConnection, MySqlPool,
    mysql::{MySqlConnectOptions, MySqlPoolOptions},
    pool::PoolConnection,
};

use crate::store::{
    StoreError,
    engine::{Connection, Handle},
    meter::Meter,
};

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// A server that did not answer is not asked again for so long.
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct Server {
    /// `host:port`.
    name: String,
    meter: Arc<Meter>,
    pool: MySqlPool,
    away_since: Mutex<Option<Instant>>,
    /// Somebody is finding out whether it is back.
    asking: AtomicBool,
}

impl Server {
    /// Connects when it is first used. Errors: an address nobody could connect to.
    pub(super) fn new(url: &SecretString, connections: u32, meter: Arc<Meter>) -> Result<Self, StoreError> {
        let options = MySqlConnectOptions::from_str(url.expose_secret())?
            .charset("utf8mb4")
            .collation("utf8mb4_bin")
            .statement_cache_capacity(256)
            // Slow ones are named by the meter.
            .disable_statement_logging();
        let name = format!("{}:{}", options.get_host(), options.get_port());
        let pool = MySqlPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(Duration::from_secs(300))
            .max_lifetime(Duration::from_secs(1800))
            .after_connect(|connection, _| Box::pin(prepare(connection)))
            .connect_lazy_with(options);
        Ok(Self { name, meter, pool, away_since: Mutex::new(None), asking: AtomicBool::new(false) })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn connection(&self, handle: Handle) -> Connection {
        Connection { handle, meter: Arc::clone(&self.meter) }
    }

    pub(super) fn pool(&self) -> &MySqlPool {
        &self.pool
    }

    /// Errors: `Unavailable`, at once while it is known to be away.
    pub(super) async fn acquire(&self) -> Result<PoolConnection<MySql>, StoreError> {
        let since = *self.away_since();
        let Some(since) = since else { return self.ask().await };
        if since.elapsed() < PAUSE || self.asking.swap(true, Ordering::AcqRel) {
            return Err(StoreError::unavailable(anyhow::anyhow!("a database server is away")));
        }
        // Given back also when the caller goes away meanwhile.
        let _turn = Turn(&self.asking);
        self.ask().await
    }

    async fn ask(&self) -> Result<PoolConnection<MySql>, StoreError> {
        let answer = self.meter.wait(self.pool.acquire()).await;
        *self.away_since() = answer.is_err().then(Instant::now);
        answer
    }

    fn away_since(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.away_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Turn<'a>(&'a AtomicBool);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// READ COMMITTED: a transaction that waited for a row's lock then sees what the other one wrote.
async fn prepare(connection: &mut MySqlConnection) -> sqlx::Result<()> {
    sqlx::query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").execute(&mut *connection).await?;
    sqlx::query("SET SESSION innodb_lock_wait_timeout = 10").execute(&mut *connection).await?;
    let version: String = sqlx::query_scalar("SELECT VERSION()").fetch_one(&mut *connection).await?;
    let bound = if version.contains("MariaDB") {
        "SET SESSION max_statement_time = 30"
    } else {
        "SET SESSION max_execution_time = 30000"
    };
    sqlx::query(bound).execute(connection).await?;
    Ok(())
}

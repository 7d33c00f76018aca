//! A name that one process holds at a time: a lock of the primary's, on a connection of its own.
//!
//! The server lets go of it when the connection ends, so a process that died holds nothing.

use std::{sync::Arc, time::Duration};

use sqlx::{Connection, MySqlConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::server::Server;
use crate::store::StoreError;

/// Names held at the same time: each costs the primary a connection.
const AT_ONCE: usize = 32;
/// Longer than what is done with a held name may take.
const WAIT: Duration = Duration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Holds(Arc<Semaphore>);

impl Default for Holds {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// A held name, free again when dropped.
pub struct Hold {
    connection: MySqlConnection,
    name: String,
    _place: OwnedSemaphorePermit,
}

impl Holds {
    pub(super) async fn hold(&self, primary: &Server, name: &str) -> Result<Hold, StoreError> {
        let place = tokio::time::timeout(WAIT, Arc::clone(&self.0).acquire_owned()).await;
        let place = place.ok().and_then(Result::ok).ok_or_else(busy)?;
        let options = primary.pool().connect_options();
        let connecting = MySqlConnection::connect_with(&options);
        let mut connection = tokio::time::timeout(CONNECT, connecting).await.map_err(|_| busy())??;
        let granted: Option<i64> = sqlx::query_scalar("SELECT GET_LOCK(?, ?)")
            .bind(name)
            .bind(WAIT.as_secs())
            .fetch_one(&mut connection)
            .await?;
        if granted != Some(1) {
            return Err(busy());
        }
        Ok(Hold { connection, name: name.to_owned(), _place: place })
    }
}

impl Hold {
    /// Whether the primary still says so.
    pub async fn is_held(&mut self) -> bool {
        let held: sqlx::Result<Option<i64>> = sqlx::query_scalar("SELECT IS_USED_LOCK(?) = CONNECTION_ID()")
            .bind(&self.name)
            .fetch_one(&mut self.connection)
            .await;
        matches!(held, Ok(Some(1)))
    }

    /// Ends the connection in good order; dropped, it is merely cut.
    pub async fn release(self) {
        if let Err(error) = self.connection.close().await {
            tracing::debug!(%error, "a held name was let go of by cutting its connection");
        }
    }
}

fn busy() -> StoreError {
    StoreError::unavailable(anyhow::anyhow!("somebody else has it in hand"))
}

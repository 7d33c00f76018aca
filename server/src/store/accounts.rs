//! The accounts database: members, sessions, families, frames.

pub mod families;
pub mod frame_commands;
pub mod frames;
pub mod invites;
pub mod members;
pub mod memberships;
pub mod pairings;
pub mod refresh_tokens;
pub mod revocations;
pub mod sessions;
pub mod signing_keys;
mod words;

use std::{ops, path::Path, sync::Arc, time::Duration};

use sqlx::Transaction;
use tokio::sync::Notify;

use super::{
    StoreError,
    engine::{Connection, Database, Engine, Reader},
    jobs,
};
use crate::{cache::fanout::Fanout, domain::job::AccountsJob};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/accounts/sqlite");

#[derive(Clone)]
pub struct AccountsStore {
    pub engine: Engine,
    fanout: Arc<Fanout>,
    wake: Arc<Notify>,
}

impl AccountsStore {
    /// `wake` is notified after a commit that enqueued jobs.
    pub async fn open(path: &Path, fanout: Arc<Fanout>, wake: Arc<Notify>) -> Result<Self, StoreError> {
        Ok(Self { engine: Engine::open(path, &MIGRATIONS).await?, fanout, wake })
    }

    pub async fn begin(&self) -> Result<AccountsTx, StoreError> {
        let transaction = self.engine.begin().await?;
        Ok(AccountsTx { transaction, events: Vec::new(), enqueued: false, store: self.clone() })
    }

    pub async fn fresh(&self) -> Result<Reader, StoreError> {
        self.engine.fresh().await
    }

    pub async fn stale_ok(&self) -> Result<Reader, StoreError> {
        self.engine.stale_ok().await
    }
}

/// One transaction. Dropped without `commit`, nothing of it happened.
pub struct AccountsTx {
    transaction: Transaction<'static, Database>,
    events: Vec<picup_api::change::Event>,
    enqueued: bool,
    store: AccountsStore,
}

impl AccountsTx {
    /// Work for after the commit.
    pub async fn enqueue(&mut self, job: &AccountsJob, now: i64) -> Result<(), StoreError> {
        self.enqueued = true;
        jobs::enqueue(&mut self.transaction, job, now, Duration::ZERO).await
    }

    /// Told to listeners after the commit.
    pub fn announce(&mut self, event: picup_api::change::Event) {
        self.events.push(event);
    }

    pub async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await?;
        self.events.into_iter().for_each(|event| self.store.fanout.publish(event));
        if self.enqueued {
            self.store.wake.notify_one();
        }
        Ok(())
    }
}

impl ops::Deref for AccountsTx {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.transaction
    }
}

impl ops::DerefMut for AccountsTx {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.transaction
    }
}

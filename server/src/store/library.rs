//! The library database: albums, photos, blobs, uploads.

pub mod album_photos;
pub mod albums;
pub mod blobs;
pub mod changes;
pub mod comments;
pub mod copies;
pub mod families;
pub mod hearts;
pub mod ledger;
pub mod links;
pub mod photo_lists;
pub mod photos;
#[cfg(test)]
mod plans;
pub mod stores;
pub mod timeline;
pub mod uploads;

use std::{ops, path::Path, sync::Arc, time::Duration};

use sqlx::Transaction;
use tokio::sync::Notify;

use super::{
    StoreError,
    engine::{Connection, Database, Engine, Reader},
    jobs,
};
use crate::{cache::fanout::Fanout, domain::job::LibraryJob};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/library/sqlite");

#[derive(Clone)]
pub struct LibraryStore {
    pub engine: Engine,
    fanout: Arc<Fanout>,
    wake: Arc<Notify>,
}

impl LibraryStore {
    /// `wake` is notified after a commit that enqueued jobs.
    pub async fn open(path: &Path, fanout: Arc<Fanout>, wake: Arc<Notify>) -> Result<Self, StoreError> {
        Ok(Self { engine: Engine::open(path, &MIGRATIONS).await?, fanout, wake })
    }

    pub async fn begin(&self) -> Result<LibraryTx, StoreError> {
        let transaction = self.engine.begin().await?;
        Ok(LibraryTx { transaction, events: Vec::new(), enqueued: false, store: self.clone() })
    }

    pub async fn fresh(&self) -> Result<Reader, StoreError> {
        self.engine.fresh().await
    }

    pub async fn stale_ok(&self) -> Result<Reader, StoreError> {
        self.engine.stale_ok().await
    }
}

/// One transaction. Dropped without `commit`, nothing of it happened.
pub struct LibraryTx {
    transaction: Transaction<'static, Database>,
    events: Vec<picup_api::change::Event>,
    enqueued: bool,
    store: LibraryStore,
}

impl LibraryTx {
    /// Work for after the commit.
    pub async fn enqueue(&mut self, job: &LibraryJob, now: i64) -> Result<(), StoreError> {
        self.enqueue_in(job, now, Duration::ZERO).await
    }

    /// Work for `delay` from now.
    pub async fn enqueue_in(
        &mut self,
        job: &LibraryJob,
        now: i64,
        delay: Duration,
    ) -> Result<(), StoreError> {
        self.enqueued = true;
        jobs::enqueue(&mut self.transaction, job, now, delay).await
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

impl ops::Deref for LibraryTx {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.transaction
    }
}

impl ops::DerefMut for LibraryTx {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.transaction
    }
}

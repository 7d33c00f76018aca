//! A database and its transactions.
//!
//! Invariant: what a transaction announces and enqueues is told after its commit, and never without one.

use std::{marker::PhantomData, ops, sync::Arc, time::Duration};

use picup_api::change::Event;
use tokio::sync::Notify;

use super::{
    StoreError,
    engine::{Connection, Engine, Place, Reader, Schema, Writer},
    jobs,
};
use crate::{
    cache::{fanout::Fanout, last_write::LastWrite},
    domain::job::Job,
};

/// A database whose outbox holds jobs of type `J`.
pub struct Store<J> {
    pub engine: Engine,
    fanout: Arc<Fanout>,
    wake: Arc<Notify>,
    jobs: PhantomData<fn(J)>,
}

impl<J> Clone for Store<J> {
    fn clone(&self) -> Self {
        let (engine, fanout, wake) = (self.engine.clone(), self.fanout.clone(), self.wake.clone());
        Self { engine, fanout, wake, jobs: PhantomData }
    }
}

impl<J: Job> Store<J> {
    /// `wake` is notified after a commit that enqueued jobs.
    pub async fn open(
        place: &Place,
        schema: &Schema,
        last_write: LastWrite,
        fanout: Arc<Fanout>,
        wake: Arc<Notify>,
    ) -> Result<Self, StoreError> {
        Ok(Self { engine: Engine::open(place, schema, last_write).await?, fanout, wake, jobs: PhantomData })
    }

    /// Starts a write that is safe beside any other: it decides by what its own statements answer.
    pub async fn begin(&self) -> Result<Tx<J>, StoreError> {
        let writer = self.engine.begin().await?;
        Ok(Tx { writer, events: Vec::new(), enqueued: false, store: self.clone() })
    }

    pub async fn fresh(&self) -> Result<Reader, StoreError> {
        self.engine.fresh().await
    }

    pub async fn stale_ok(&self) -> Result<Reader, StoreError> {
        self.engine.stale_ok().await
    }
}

/// One transaction. Dropped without `commit`, nothing of it happened.
pub struct Tx<J> {
    writer: Writer,
    events: Vec<Event>,
    enqueued: bool,
    store: Store<J>,
}

impl<J: Job> Tx<J> {
    /// Work for after the commit.
    pub async fn enqueue(&mut self, job: &J, now: i64) -> Result<(), StoreError> {
        self.enqueue_in(job, now, Duration::ZERO).await
    }

    /// Work for `delay` from now.
    pub async fn enqueue_in(&mut self, job: &J, now: i64, delay: Duration) -> Result<(), StoreError> {
        self.enqueued = true;
        jobs::enqueue(&mut self.writer, job, now, delay).await
    }

    /// Told to listeners after the commit.
    pub fn announce(&mut self, event: Event) {
        self.events.push(event);
    }

    pub async fn commit(self) -> Result<(), StoreError> {
        self.writer.commit().await?;
        self.events.into_iter().for_each(|event| self.store.fanout.publish(event));
        if self.enqueued {
            self.store.wake.notify_one();
        }
        Ok(())
    }
}

impl<J> ops::Deref for Tx<J> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.writer
    }
}

impl<J> ops::DerefMut for Tx<J> {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.writer
    }
}

//! The revocation set in memory.
//!
//! After a revocation the very next request reads it again, in every process that shares a Redis. Without one, another
//! process's revocation is unknown here for a few seconds at most.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use moka::future::Cache;

use crate::{
    Error, Result,
    cache::{generation::Generation, redis_server::RedisServer},
    domain::revocation::RevocationSet,
};

/// How long another process's revocation may stay unknown here when nobody can say so.
const STALE: Duration = Duration::from_secs(2);

/// Invariant: a set is kept under the generation it was read in, so a read that began before a revocation can never
/// be taken for one that began after.
pub struct Revocations {
    generation: AtomicU64,
    /// Counts everybody's revocations. None while it cannot be asked.
    everywhere: Generation,
    sets: Cache<(u64, Option<u64>), Arc<RevocationSet>>,
}

impl Revocations {
    /// Shared with the other processes through `redis` when there is one.
    pub fn new(redis: Option<RedisServer>) -> Self {
        let sets = Cache::builder().max_capacity(4).time_to_live(STALE).build();
        let everywhere = Generation::new("picup:revocations", redis);
        Self { generation: AtomicU64::new(0), everywhere, sets }
    }

    /// The set in force; `read` is called when it is not here, by one request for all that wait.
    ///
    /// Errors: those of `read`. No set, no access: this fails closed.
    pub async fn current(
        &self,
        read: impl Future<Output = Result<RevocationSet>>,
    ) -> Result<Arc<RevocationSet>> {
        let everywhere = self.everywhere.current().await;
        let generation = (self.generation.load(Ordering::SeqCst), everywhere);
        let read = async { read.await.map(Arc::new) };
        self.sets.try_get_with(generation, read).await.map_err(|error: Arc<Error>| error.shared())
    }

    /// To be called after the commit of a revocation.
    pub async fn changed(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.everywhere.advance().await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[tokio::test]
    async fn the_set_is_read_once_until_it_changes() {
        let revocations = Revocations::new(None);
        let reads = AtomicU32::new(0);
        let read = || async {
            reads.fetch_add(1, Ordering::SeqCst);
            Ok(RevocationSet::default())
        };
        revocations.current(read()).await.unwrap();
        revocations.current(read()).await.unwrap();
        assert_eq!(reads.load(Ordering::SeqCst), 1);
        revocations.changed().await;
        revocations.current(read()).await.unwrap();
        assert_eq!(reads.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn without_the_database_nobody_gets_in() {
        let failed = async { Err(Error::new(picup_api::ErrorCode::DatabaseUnavailable)) };
        let error = Revocations::new(None).current(failed).await.unwrap_err();
        assert_eq!(error.code(), picup_api::ErrorCode::DatabaseUnavailable);
    }
}

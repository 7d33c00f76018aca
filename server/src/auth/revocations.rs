//! The revocation set in memory.
//!
//! Read again every few seconds, for another process may have revoked something; after a revocation of our own the
//! very next request reads it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use moka::future::Cache;

use crate::{Error, Result, domain::revocation::RevocationSet};

/// How long another process's revocation may stay unknown here.
const STALE: Duration = Duration::from_secs(2);

/// Invariant: a set is kept under the generation it was read in, so a read that began before a revocation can never
/// be taken for one that began after.
pub struct Revocations {
    generation: AtomicU64,
    sets: Cache<u64, Arc<RevocationSet>>,
}

impl Default for Revocations {
    fn default() -> Self {
        let sets = Cache::builder().max_capacity(4).time_to_live(STALE).build();
        Self { generation: AtomicU64::new(0), sets }
    }
}

impl Revocations {
    /// The set in force; `read` is called when it is not here, by one request for all that wait.
    ///
    /// Errors: those of `read`. No set, no access: this fails closed.
    pub async fn current(
        &self,
        read: impl Future<Output = Result<RevocationSet>>,
    ) -> Result<Arc<RevocationSet>> {
        let generation = self.generation.load(Ordering::SeqCst);
        let read = async { read.await.map(Arc::new) };
        self.sets.try_get_with(generation, read).await.map_err(|error: Arc<Error>| shared(&error))
    }

    /// To be called after the commit of a revocation.
    pub fn changed(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }
}

/// One failed read is the answer to all who waited for it.
fn shared(error: &Error) -> Error {
    let copy = Error::new(error.code()).with_source(anyhow::anyhow!("{error}"));
    match error.retry_after() {
        Some(wait) => copy.with_retry_after(wait),
        None => copy,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[tokio::test]
    async fn the_set_is_read_once_until_it_changes() {
        let revocations = Revocations::default();
        let reads = AtomicU32::new(0);
        let read = || async {
            reads.fetch_add(1, Ordering::SeqCst);
            Ok(RevocationSet::default())
        };
        revocations.current(read()).await.unwrap();
        revocations.current(read()).await.unwrap();
        assert_eq!(reads.load(Ordering::SeqCst), 1);
        revocations.changed();
        revocations.current(read()).await.unwrap();
        assert_eq!(reads.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn without_the_database_nobody_gets_in() {
        let failed = async { Err(Error::new(picup_api::ErrorCode::DatabaseUnavailable)) };
        let error = Revocations::default().current(failed).await.unwrap_err();
        assert_eq!(error.code(), picup_api::ErrorCode::DatabaseUnavailable);
    }
}

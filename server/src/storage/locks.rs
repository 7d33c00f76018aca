//! One at a time per key.
//!
//! A key nobody holds costs nothing.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

type Table<K> = Mutex<HashMap<K, Weak<AsyncMutex<()>>>>;

pub(super) struct Locks<K>(Arc<Table<K>>);

impl<K> Default for Locks<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// A held key; free again when dropped.
pub(super) struct Held<K: Copy + Eq + Hash> {
    key: K,
    table: Arc<Table<K>>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl<K: Copy + Eq + Hash> Locks<K> {
    pub(super) async fn hold(&self, key: K) -> Held<K> {
        let lock = self.lock(key);
        Held { key, table: Arc::clone(&self.0), guard: Some(lock.lock_owned().await) }
    }

    fn lock(&self, key: K) -> Arc<AsyncMutex<()>> {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = table.get(&key).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::new(AsyncMutex::new(()));
        table.insert(key, Arc::downgrade(&lock));
        lock
    }
}

impl<K: Copy + Eq + Hash> Drop for Held<K> {
    fn drop(&mut self) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        self.guard = None;
        if table.get(&self.key).is_some_and(|lock| lock.strong_count() == 0) {
            table.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_is_held_by_one_and_forgotten_afterwards() {
        let locks = Locks::default();
        let first = locks.hold(1).await;
        let _other = locks.hold(2).await;
        assert!(futures::poll!(std::pin::pin!(locks.hold(1))).is_pending());
        drop(first);
        drop(locks.hold(1).await);
        assert_eq!(locks.0.lock().unwrap().len(), 1, "only the held key is known");
    }
}

//! Several stores written at the same time, and read one after the other.
//!
//! The mirror decides nothing: it tells what became of each store, and the caller's ledger remembers.

use std::{ops::Range, sync::Arc};

use futures::future::join_all;

use crate::{
    Blob, BlobError, BlobErrorKind, BlobStore, Existing, Expected, Key, Result, Source, SpooledFile,
};

/// Stores in the order they are read: `main`, then `backup`.
#[derive(Clone, Debug)]
pub struct Mirror {
    stores: Vec<Arc<dyn BlobStore>>,
}

/// What became of a put in one store.
#[derive(Debug)]
pub struct Outcome {
    pub store: String,
    pub result: Result<()>,
}

impl Mirror {
    pub fn new(stores: Vec<Arc<dyn BlobStore>>) -> Self {
        Self { stores }
    }

    pub fn stores(&self) -> &[Arc<dyn BlobStore>] {
        &self.stores
    }

    pub fn store(&self, name: &str) -> Option<&Arc<dyn BlobStore>> {
        self.stores.iter().find(|store| store.name() == name)
    }

    /// Writes to every store at once and waits for all of them.
    pub async fn put(&self, key: &Key, file: &SpooledFile, expected: &Expected) -> Vec<Outcome> {
        // Invariant: two stores never link the same file, for that would be one copy with two names.
        let own_copy = SpooledFile { hashed: false, ..file.clone() };
        let puts = self.stores.iter().enumerate().map(|(index, store)| {
            let file = if index == 0 { file } else { &own_copy };
            put_in(store, key, file, expected)
        });
        join_all(puts).await
    }

    /// Opens the blob in the first of `names` that has it, and tells which ones failed before.
    ///
    /// Errors: the failures, in order, when no store has it.
    pub async fn get(
        &self,
        names: &[String],
        key: &Key,
        range: Option<Range<u64>>,
    ) -> Result<(String, Blob, Vec<BlobError>), Vec<BlobError>> {
        let mut failures = Vec::new();
        for name in names {
            let Some(store) = self.store(name) else { continue };
            match store.get(key, range.clone()).await {
                Ok(blob) => return Ok((name.clone(), blob, failures)),
                Err(error) => failures.push(error),
            }
        }
        Err(failures)
    }

    /// Copies a blob between two stores, comparing its digest on the way.
    pub async fn copy(&self, from: &str, to: &str, key: &Key, expected: &Expected) -> Result<()> {
        let unknown = |name| BlobError::new(name, BlobErrorKind::Unavailable);
        let source = self.store(from).ok_or_else(|| unknown(from))?.get(key, None).await?;
        let target = self.store(to).ok_or_else(|| unknown(to))?;
        target.put(key, Source::Stream(source.stream), expected, Existing::Keep).await
    }
}

async fn put_in(store: &Arc<dyn BlobStore>, key: &Key, file: &SpooledFile, expected: &Expected) -> Outcome {
    let result = store.put(key, Source::File(file.clone()), expected, Existing::Keep).await;
    Outcome { store: store.name().to_owned(), result }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Deadline, Fault, FaultyStore, MemoryStore};

    fn faulty(name: &str) -> Arc<FaultyStore> {
        Arc::new(FaultyStore::new(Arc::new(MemoryStore::new(name))))
    }

    fn spooled(directory: &tempfile::TempDir, bytes: &[u8]) -> SpooledFile {
        let path = directory.path().join("spooled");
        std::fs::write(&path, bytes).unwrap();
        SpooledFile { path, hashed: true }
    }

    /// FAILURES 21: one store hangs; the other has the photo, and the answer comes within the deadline.
    #[tokio::test]
    async fn a_store_that_hangs_does_not_keep_the_other_from_taking_a_photo() {
        let directory = tempfile::tempdir().unwrap();
        let (main, backup) = (faulty("main"), faulty("backup"));
        backup.set(Fault::Hang);
        let limited = Arc::new(Deadline::new(backup, Duration::from_millis(50)));
        let mirror = Mirror::new(vec![main, limited]);
        let key: Key = "originals/a".parse().unwrap();
        let outcomes = mirror.put(&key, &spooled(&directory, b"photo"), &Expected::of(b"photo")).await;
        assert!(outcomes[0].result.is_ok());
        assert_eq!(outcomes[1].result.as_ref().unwrap_err().kind, BlobErrorKind::Unavailable);
    }

    #[tokio::test]
    async fn two_stores_on_one_file_system_have_a_copy_each() {
        use std::os::unix::fs::MetadataExt;
        let directory = tempfile::tempdir().unwrap();
        let open = |name: &str| {
            let store =
                crate::DiskStore::create_and_open(name, &directory.path().join(name), Duration::from_secs(9));
            Arc::new(store.unwrap()) as Arc<dyn BlobStore>
        };
        let mirror = Mirror::new(vec![open("main"), open("backup")]);
        let key: Key = "originals/a".parse().unwrap();
        let outcomes = mirror.put(&key, &spooled(&directory, b"photo"), &Expected::of(b"photo")).await;
        assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()));
        let inode =
            |name: &str| std::fs::metadata(directory.path().join(name).join("originals/a")).unwrap().ino();
        assert_ne!(inode("main"), inode("backup"));
    }

    #[tokio::test]
    async fn reads_fall_back_and_copies_are_verified() {
        let directory = tempfile::tempdir().unwrap();
        let (main, backup) = (faulty("main"), faulty("backup"));
        let mirror = Mirror::new(vec![main.clone(), backup.clone()]);
        let key: Key = "originals/a".parse().unwrap();
        let expected = Expected::of(b"photo");
        main.set(Fault::Fail(BlobErrorKind::Full));
        mirror.put(&key, &spooled(&directory, b"photo"), &expected).await;
        main.set(Fault::None);

        let names = ["main".to_owned(), "backup".to_owned()];
        let (from, blob, failures) = mirror.get(&names, &key, None).await.unwrap();
        assert_eq!((from.as_str(), failures[0].kind), ("backup", BlobErrorKind::NotFound));
        assert_eq!(blob.bytes().await.unwrap(), b"photo");

        backup.set(Fault::FlipBits);
        assert_eq!(
            mirror.copy("backup", "main", &key, &expected).await.unwrap_err().kind,
            BlobErrorKind::Corrupt
        );
        backup.set(Fault::None);
        mirror.copy("backup", "main", &key, &expected).await.unwrap();
        assert_eq!(main.head(&key).await.unwrap(), 5);
    }
}

//! Where bytes are: the stores behind the ledger, and the spool of uploads under way.
//!
//! Knows keys and stores; the ledger's rows belong to the operations that move bytes.

mod backend;
mod locks;
mod measured;
pub mod spool;

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use bytes::Bytes;
use picup_api::{ErrorCode, FamilyId, PhotoId, Sha256Digest};
use picup_blob::{Blob, BlobError, BlobErrorKind, BlobStore, Existing, Expected, Key, Mirror, Source};

use crate::{
    Error,
    cache::leases::Leases,
    config::{Accept, Config, ConfigProblem, Place},
    domain::job::LibraryJob,
    store::{
        engine::Hold,
        library::{LibraryStore, copies},
    },
};
pub use backend::adopt;
use locks::{Held, Locks};
use measured::Measured;
use spool::Spool;

pub const MAIN: &str = "main";
pub const BACKUP: &str = "backup";
/// What every original's key begins with. Keys are in the order of families, then digests.
pub const ORIGINALS: &str = "originals/";
/// A client that was told to come back waits this long.
pub const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The stores of one installation.
pub struct Storage {
    pub mirror: Mirror,
    pub spool: Spool,
    pub accept: Accept,
    blobs_in_hand: Locks<(FamilyId, Sha256Digest)>,
    /// Whose locks keep other processes away.
    library: LibraryStore,
}

impl Storage {
    /// Opens the stores of the configuration.
    pub async fn open(
        config: &Config,
        library: &LibraryStore,
        leases: Leases,
        now: i64,
    ) -> anyhow::Result<Self> {
        let mut all: Vec<Arc<dyn BlobStore>> = Vec::new();
        for (name, place) in places(config)? {
            let store = backend::open(name, &place, config.store_deadline(), library, now).await?;
            all.push(Arc::new(Measured::new(store)));
        }
        Self::with_stores(all, config, library, leases, now).await
    }

    /// Over the given stores, in the order they are read.
    pub async fn with_stores(
        stores: Vec<Arc<dyn BlobStore>>,
        config: &Config,
        library: &LibraryStore,
        leases: Leases,
        now: i64,
    ) -> anyhow::Result<Self> {
        note_new_stores(&stores, library, now).await?;
        let spool = Spool::open(&config.spool_dir(), leases).context("cannot open the spool")?;
        let (mirror, accept) = (Mirror::new(stores), config.storage.accept);
        Ok(Self { mirror, spool, accept, blobs_in_hand: Locks::default(), library: library.clone() })
    }

    /// Keeps everything else, here and in other processes, from storing, repairing or removing these bytes.
    pub async fn hold(&self, family: FamilyId, digest: &Sha256Digest) -> Result<HeldBytes, Error> {
        let here = self.blobs_in_hand.hold((family, *digest)).await;
        let elsewhere = self.library.engine.hold(&lock_name(family, digest)).await?;
        Ok(HeldBytes { here, elsewhere })
    }

    /// The store renditions are in, and originals are read from first.
    pub fn main(&self) -> &Arc<dyn BlobStore> {
        &self.mirror.stores()[0]
    }

    /// Stores a rendition in the place of an earlier one.
    pub async fn put_rendition(
        &self,
        family: FamilyId,
        photo: PhotoId,
        name: &str,
        bytes: Bytes,
    ) -> Result<(), BlobError> {
        let expected = Expected::of(&bytes);
        let key = rendition_key(family, photo, name);
        self.main().put(&key, Source::Bytes(bytes), &expected, Existing::Replace).await
    }

    pub async fn has_rendition(
        &self,
        family: FamilyId,
        photo: PhotoId,
        name: &str,
    ) -> Result<bool, BlobError> {
        match self.main().head(&rendition_key(family, photo, name)).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind == BlobErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub async fn open_rendition(
        &self,
        family: FamilyId,
        photo: PhotoId,
        name: &str,
    ) -> Result<Blob, BlobError> {
        self.main().get(&rendition_key(family, photo, name), None).await
    }
}

/// Bytes that nobody else stores, repairs or removes, until dropped.
pub struct HeldBytes {
    here: Held<(FamilyId, Sha256Digest)>,
    elsewhere: Option<Hold>,
}

impl HeldBytes {
    /// False when the database that kept others away has gone since.
    pub async fn is_held(&mut self) -> bool {
        match &mut self.elsewhere {
            Some(hold) => hold.is_held().await,
            None => true,
        }
    }

    pub async fn release(self) {
        if let Some(hold) = self.elsewhere {
            hold.release().await;
        }
        drop(self.here);
    }
}

/// Short enough for every database's names of locks.
fn lock_name(family: FamilyId, digest: &Sha256Digest) -> String {
    let of = picup_blob::Hasher::digest(format!("{family}/{digest}").as_bytes());
    format!("picup:{}", hex::encode(&of[..20]))
}

/// The configured stores by name, in the order they are read.
pub fn places(config: &Config) -> anyhow::Result<Vec<(&'static str, Place)>> {
    let unusable =
        |problems: Vec<ConfigProblem>| anyhow::anyhow!("the stores are not configured: {problems:?}");
    let mut places = vec![(MAIN, config.main_place().map_err(unusable)?)];
    places.extend(config.backup_place().map_err(unusable)?.map(|place| (BACKUP, place)));
    Ok(places)
}

pub fn original_key(family: FamilyId, digest: &Sha256Digest) -> Key {
    let digest = digest.to_string();
    key(&format!("{ORIGINALS}{family}/{}/{digest}", &digest[..2]))
}

pub fn rendition_key(family: FamilyId, photo: PhotoId, name: &str) -> Key {
    key(&format!("{}{name}", rendition_prefix(family, photo)))
}

pub fn rendition_prefix(family: FamilyId, photo: PhotoId) -> String {
    format!("renditions/{family}/{photo}/")
}

fn key(text: &str) -> Key {
    text.parse().expect("ids, digests and rendition names are key segments")
}

pub fn expected(digest: &Sha256Digest, bytes: u64) -> Expected {
    Expected { sha256: digest.0, bytes }
}

/// A store added to the configuration has to get what the others have.
async fn note_new_stores(
    stores: &[Arc<dyn BlobStore>],
    library: &LibraryStore,
    now: i64,
) -> anyhow::Result<()> {
    for store in stores {
        let mut tx = library.begin().await?;
        copies::note_never_copied(&mut tx, store.name()).await?;
        if !copies::to_repair(&mut tx, store.name(), u32::MAX, 1).await?.is_empty() {
            tx.enqueue(&LibraryJob::RepairStore { store: store.name().to_owned() }, now).await?;
        }
        if !copies::to_remove(&mut tx, store.name(), 1).await?.is_empty() {
            tx.enqueue(&LibraryJob::RemoveBytes { store: store.name().to_owned() }, now).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// The error with what caused it, for the log and the ledger.
pub fn cause(error: &BlobError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

impl From<BlobError> for Error {
    fn from(error: BlobError) -> Self {
        let code = match error.kind {
            BlobErrorKind::NotFound => ErrorCode::NotFound,
            BlobErrorKind::Full => ErrorCode::StorageFull,
            BlobErrorKind::Unavailable | BlobErrorKind::Corrupt => ErrorCode::StorageUnavailable,
        };
        Self::new(code).with_source(error).with_retry_after(RETRY_AFTER)
    }
}

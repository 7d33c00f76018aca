//! Job bodies: remove bytes nobody needs any more.
//!
//! Work down the ledger; safe to run twice.

use std::sync::Arc;

use picup_api::{FamilyId, PhotoId};
use picup_blob::{BlobError, BlobErrorKind, BlobStore};

use crate::{
    App, Result,
    domain::copy::CopyState,
    storage::{self, original_key, rendition_prefix},
    store::library::{blobs, copies as table, copies::CopyRow},
};

const BATCH: u32 = 64;
const RENDITIONS: usize = 64;

/// Removes the bytes of every copy of a store that is to go. Errors when one could not be removed.
pub async fn remove_bytes(app: &App, name: &str) -> Result<()> {
    let Some(store) = app.storage.mirror.store(name) else {
        tracing::warn!(store = name, "a store to remove bytes from is not configured any more");
        return Ok(());
    };
    loop {
        let batch = table::to_remove(&mut *app.library.fresh().await?, name, BATCH).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let mut failed = None;
        for copy in &batch {
            if let Err(error) = remove(app, store, copy).await? {
                note_failure(app, copy, &error).await?;
                failed = Some(error);
            }
        }
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
}

async fn remove(app: &App, store: &Arc<dyn BlobStore>, copy: &CopyRow) -> Result<Result<(), BlobError>> {
    let Some(digest) = copy.digest() else {
        return Ok(Err(BlobError::new(store.name(), BlobErrorKind::Corrupt)));
    };
    let family = copy.family();
    // Invariant: between this look and the unlink nobody stores the same bytes anew.
    let mut held = app.storage.hold(family, &digest).await?;
    let listed = table::of(&mut *app.library.fresh().await?, family, &digest).await?;
    if !listed.iter().any(|row| row.store == copy.store && row.state() == CopyState::Deleting) {
        return Ok(Ok(()));
    }
    if !held.is_held().await {
        return Ok(Err(BlobError::new(store.name(), BlobErrorKind::Unavailable)));
    }
    if let Err(error) = store.delete(&original_key(family, &digest)).await {
        return Ok(Err(error));
    }
    let mut tx = app.library.begin_in(family).await?;
    table::remove(&mut tx, copy).await?;
    blobs::remove_without_copies(&mut tx, family, &digest).await?;
    tx.commit().await?;
    held.release().await;
    Ok(Ok(()))
}

async fn note_failure(app: &App, copy: &CopyRow, error: &BlobError) -> Result<()> {
    let mut tx = app.library.begin().await?;
    table::note_failure(&mut tx, copy, &storage::cause(error)).await?;
    Ok(tx.commit().await?)
}

/// Removes what was rendered of a photo that is gone.
pub async fn remove_renditions(app: &App, family: FamilyId, photo: PhotoId) -> Result<()> {
    let main = app.storage.main();
    loop {
        let found = main.list(&rendition_prefix(family, photo), None, RENDITIONS).await?;
        if found.is_empty() {
            return Ok(());
        }
        for entry in found {
            main.delete(&entry.key).await?;
        }
    }
}

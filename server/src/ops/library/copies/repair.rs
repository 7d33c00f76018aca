//! Job body: writes what a store lacks from the other stores.
//!
//! Works down the ledger, so one waiting job per store is enough and running it twice does no harm.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use picup_api::Sha256Digest;
use picup_blob::{BlobError, BlobErrorKind, BlobStore};
use tokio::time::Instant;

use super::{Original, note_bad};
use crate::{
    App, Result,
    domain::{copy::CopyState, job::LibraryJob},
    storage::{self, HeldBytes, original_key},
    store::library::{blobs, copies as table, copies::CopyRow},
};

/// Failures after which a copy waits for the daily new start.
const MAX_ATTEMPTS: u32 = 8;
const BATCH: u32 = 64;
const PARALLEL: usize = 4;
/// Makes room for other jobs.
const ENOUGH: Duration = Duration::from_secs(5 * 60);
/// The second copy exists within a minute after an outage ends.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// Repairs one store until nothing is left to do, the store is away, or five minutes have passed.
pub async fn repair_store(app: &Arc<App>, name: &str) -> Result<()> {
    let Some(store) = app.storage.mirror.store(name).cloned() else {
        tracing::warn!(store = name, "a store to repair is not configured any more");
        return Ok(());
    };
    if store.probe().await.is_err() {
        return again(app, name, LOOK_AGAIN).await;
    }
    match work_down(app, &store, ENOUGH, Patience::UntilOneFails).await? {
        Left::Nothing => Ok(()),
        Left::Failed => again(app, name, LOOK_AGAIN).await,
        Left::More => again(app, name, Duration::ZERO).await,
    }
}

/// What came of repairing one store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Repaired {
    /// Copies that are good now.
    pub repaired: u64,
    /// Copies still missing or corrupt.
    pub left: u64,
}

/// Repairs one store here and now, as far as it goes; copies given up before are tried again.
pub async fn repair_now(app: &Arc<App>, store: &Arc<dyn BlobStore>) -> Result<Repaired> {
    store.probe().await?;
    let mut tx = app.library.begin().await?;
    table::forget_failures(&mut tx, store.name()).await?;
    tx.commit().await?;
    let before = to_do(app, store).await?;
    work_down(app, store, Duration::MAX, Patience::WhileOneSucceeds).await?;
    let left = to_do(app, store).await?;
    Ok(Repaired { repaired: before.saturating_sub(left), left })
}

async fn to_do(app: &App, store: &Arc<dyn BlobStore>) -> Result<u64> {
    let counts = table::counts(&mut *app.library.fresh().await?, store.name()).await?;
    let waiting = counts
        .iter()
        .filter(|(state, _)| matches!(CopyState::from_word(state), CopyState::Missing | CopyState::Corrupt));
    Ok(waiting.map(|(_, count)| count.unsigned_abs()).sum())
}

/// When to stop before the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patience {
    UntilOneFails,
    WhileOneSucceeds,
}

enum Left {
    Nothing,
    Failed,
    More,
}

async fn work_down(
    app: &Arc<App>,
    store: &Arc<dyn BlobStore>,
    enough: Duration,
    patience: Patience,
) -> Result<Left> {
    let started = Instant::now();
    loop {
        let mut reader = app.library.fresh().await?;
        let batch = table::to_repair(&mut reader, store.name(), MAX_ATTEMPTS, BATCH).await?;
        drop(reader);
        if batch.is_empty() {
            return Ok(Left::Nothing);
        }
        let mut repaired = 0;
        for copies in batch.chunks(PARALLEL) {
            let attempts = copies.iter().map(|copy| attempt(app, store, copy));
            for outcome in join_all(attempts).await {
                repaired += usize::from(outcome?);
            }
        }
        let give_up = match patience {
            Patience::UntilOneFails => repaired < batch.len(),
            Patience::WhileOneSucceeds => repaired == 0,
        };
        if give_up {
            return Ok(Left::Failed);
        }
        if started.elapsed() > enough {
            return Ok(Left::More);
        }
    }
}

async fn again(app: &App, store: &str, delay: Duration) -> Result<()> {
    let mut tx = app.library.begin().await?;
    tx.enqueue_in(&LibraryJob::RepairStore { store: store.to_owned() }, app.now(), delay).await?;
    Ok(tx.commit().await?)
}

/// Starts counting anew, so that copies given up are tried again. Daily.
pub async fn start_anew(app: &App) -> Result<()> {
    for store in app.storage.mirror.stores() {
        let mut tx = app.library.begin().await?;
        table::forget_failures(&mut tx, store.name()).await?;
        // Also when no copy was given up: the job itself may have died.
        if !table::to_repair(&mut tx, store.name(), MAX_ATTEMPTS, 1).await?.is_empty() {
            tx.enqueue(&LibraryJob::RepairStore { store: store.name().to_owned() }, app.now()).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// False when the copy has to be tried again.
async fn attempt(app: &Arc<App>, store: &Arc<dyn BlobStore>, copy: &CopyRow) -> Result<bool> {
    let Err(error) = repair(app, store, copy).await? else { return Ok(true) };
    let reason = storage::cause(&error);
    tracing::warn!(store = store.name(), family = %copy.family_id, sha256 = hex::encode(&copy.sha256), error = reason, "a copy cannot be repaired");
    let mut tx = app.library.begin().await?;
    // A store that is away is nobody's failure.
    if error.kind != BlobErrorKind::Unavailable || error.is_device_error() {
        table::note_failure(&mut tx, copy, &reason).await?;
    }
    tx.commit().await?;
    Ok(false)
}

async fn repair(app: &Arc<App>, store: &Arc<dyn BlobStore>, copy: &CopyRow) -> Result<Result<(), BlobError>> {
    let Some(digest) = copy.digest() else {
        return Ok(Err(BlobError::new(store.name(), BlobErrorKind::Corrupt)));
    };
    let mut held = app.storage.hold(copy.family(), &digest).await?;
    let outcome = repair_held(app, store, copy, digest, &mut held).await;
    held.release().await;
    outcome
}

async fn repair_held(
    app: &Arc<App>,
    store: &Arc<dyn BlobStore>,
    copy: &CopyRow,
    digest: Sha256Digest,
    held: &mut HeldBytes,
) -> Result<Result<(), BlobError>> {
    let family = copy.family();
    let mut reader = app.library.fresh().await?;
    let now_listed = table::of(&mut reader, family, &digest).await?;
    let wanted = |row: &CopyRow| {
        row.store == store.name() && matches!(row.state(), CopyState::Missing | CopyState::Corrupt)
    };
    if !now_listed.iter().any(wanted) {
        return Ok(Ok(()));
    }
    let Some(bytes) = blobs::bytes(&mut reader, family, &digest).await? else {
        return Ok(Err(BlobError::new(store.name(), BlobErrorKind::NotFound)));
    };
    drop(reader);
    let original = Original { family, digest, bytes };
    if let Err(error) = restore(app, store, original).await? {
        return Ok(Err(error));
    }
    // Another process may have let go of the photo meanwhile.
    let mut tx = app.library.begin_in(family).await?;
    let now_listed = table::of(&mut tx, family, &digest).await?;
    if now_listed.iter().any(wanted) {
        table::set(&mut tx, family, &digest, store.name(), CopyState::Present, app.now()).await?;
        tx.commit().await?;
        tracing::info!(store = store.name(), %family, sha256 = %digest, "a copy is repaired");
    } else if now_listed.is_empty() && held.is_held().await {
        drop(tx);
        return Ok(store.delete(&original_key(family, &digest)).await);
    }
    Ok(Ok(()))
}

/// Makes the store have the right bytes. Bad bytes are set aside, also when no other store has good ones; bytes that
/// cannot be read only when another store has them, for they may be read another day.
async fn restore(
    app: &Arc<App>,
    store: &Arc<dyn BlobStore>,
    original: Original,
) -> Result<Result<(), BlobError>> {
    let key = original_key(original.family, &original.digest);
    let expected = storage::expected(&original.digest, original.bytes);
    let mut unreadable = None;
    match store.verify(&key, &expected).await {
        Ok(()) => return Ok(Ok(())),
        Err(error) if error.kind == BlobErrorKind::NotFound => {}
        Err(error) if error.kind == BlobErrorKind::Corrupt => {
            if let Err(error) = store.quarantine(&key).await {
                return Ok(Err(error));
            }
            tracing::error!(store = store.name(), family = %original.family, sha256 = %original.digest, "bad bytes were set aside");
        }
        Err(error) if error.is_device_error() => unreadable = Some(error),
        Err(error) => return Ok(Err(error)),
    }
    let mut last = BlobError::new(store.name(), BlobErrorKind::NotFound);
    for source in app.storage.mirror.stores().iter().filter(|source| source.name() != store.name()) {
        // Verified before it is copied, so that a failed copy tells about the target alone.
        if let Err(error) = source.verify(&key, &expected).await {
            note_bad(app, original, source, &error).await?;
            last = error;
            continue;
        }
        if unreadable.is_some()
            && let Err(error) = store.quarantine(&key).await
        {
            return Ok(Err(error));
        }
        return Ok(app.storage.mirror.copy(source.name(), store.name(), &key, &expected).await);
    }
    if last.kind != BlobErrorKind::Unavailable {
        tracing::error!(family = %original.family, sha256 = %original.digest, "no store has an original any more");
    }
    Ok(Err(unreadable.unwrap_or(last)))
}

//! Job body: reads copies again and compares them, the one longest unread first.

use std::{sync::Arc, time::Duration};

use picup_blob::BlobErrorKind;
use tokio::time::Instant;

use super::{Original, note_bad};
use crate::{
    App, Error, Result,
    domain::copy::CopyState,
    storage::{self, original_key},
    store::library::{blobs, copies as table, copies::CopyRow},
};

const BATCH: u32 = 64;
const DAY_MILLIS: i64 = 24 * 3_600_000;
/// Makes room for other jobs; the next hour goes on from there.
const ENOUGH: Duration = Duration::from_secs(5 * 60);

/// What a scrub found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Scrubbed {
    pub verified: u64,
    pub bad: u64,
}

/// Every copy that was not verified within `storage.scrub_days`, as far as five minutes go.
pub async fn scrub_due(app: &Arc<App>) -> Result<()> {
    let before = app.now() - i64::from(app.config.storage.scrub_days) * DAY_MILLIS;
    for store in app.storage.mirror.stores() {
        scrub(app, store.name(), before, ENOUGH).await?;
    }
    Ok(())
}

/// Copies of one store last verified before `before`. Bad ones are noted, and a job repairs them.
pub async fn scrub(app: &Arc<App>, name: &str, before: i64, enough: Duration) -> Result<Scrubbed> {
    let Some(store) = app.storage.mirror.store(name) else { return Ok(Scrubbed::default()) };
    let (started, mut found) = (Instant::now(), Scrubbed::default());
    while started.elapsed() < enough {
        let batch = table::to_scrub(&mut *app.library.fresh().await?, name, before, BATCH).await?;
        if batch.is_empty() {
            break;
        }
        for copy in &batch {
            let original = original_of(app, copy).await?;
            let _held = app.storage.hold(original.family, &original.digest).await;
            let key = original_key(original.family, &original.digest);
            match store.verify(&key, &storage::expected(&original.digest, original.bytes)).await {
                Ok(()) => {
                    found.verified += 1;
                    confirm(app, copy, original).await?;
                }
                // Away: not this store's hour.
                Err(error) if error.kind == BlobErrorKind::Unavailable => return Ok(found),
                Err(error) => {
                    found.bad += 1;
                    note_bad(app, original, store, &error).await?;
                }
            }
        }
    }
    Ok(found)
}

async fn original_of(app: &App, copy: &CopyRow) -> Result<Original> {
    let unlisted = || Error::internal(anyhow::anyhow!("a copy of a blob that is not listed"));
    let digest = copy.digest().ok_or_else(unlisted)?;
    let bytes = blobs::bytes(&mut *app.library.fresh().await?, copy.family(), &digest).await?;
    Ok(Original { family: copy.family(), digest, bytes: bytes.ok_or_else(unlisted)? })
}

/// Notes when it was verified, unless it is being deleted meanwhile.
async fn confirm(app: &App, copy: &CopyRow, original: Original) -> Result<()> {
    let mut tx = app.library.begin().await?;
    let listed = table::of(&mut tx, original.family, &original.digest).await?;
    if listed.iter().any(|row| row.store == copy.store && row.state() == CopyState::Present) {
        table::set(&mut tx, original.family, &original.digest, &copy.store, CopyState::Present, app.now())
            .await?;
    }
    Ok(tx.commit().await?)
}

//! Job body: reads copies again and compares them, the one longest unread first.

use std::{sync::Arc, time::Duration};

use picup_blob::{BlobErrorKind, BlobStore};
use tokio::time::Instant;

use super::{Original, note_bad};
use crate::{
    App, Result,
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
    let before = due_before(app);
    for store in app.storage.mirror.stores() {
        scrub(app, store.name(), before, ENOUGH).await?;
    }
    Ok(())
}

/// A copy last verified before this, epoch milliseconds, is due.
pub fn due_before(app: &App) -> i64 {
    app.now() - i64::from(app.config.storage.scrub_days) * DAY_MILLIS
}

/// Copies of one store last verified before `before`. Bad ones are noted, and a job repairs them.
pub async fn scrub(app: &Arc<App>, name: &str, before: i64, enough: Duration) -> Result<Scrubbed> {
    let Some(store) = app.storage.mirror.store(name) else { return Ok(Scrubbed::default()) };
    let (started, mut found) = (Instant::now(), Scrubbed::default());
    while started.elapsed() < enough {
        let batch = table::to_scrub(&mut *app.library.fresh().await?, name, before, BATCH).await?;
        let mut any_settled = false;
        for copy in &batch {
            if started.elapsed() >= enough {
                return Ok(found);
            }
            let Some(original) = original_of(app, copy).await? else { continue };
            let held = app.storage.hold(original.family, &original.digest).await?;
            let verdict = scrub_one(app, store, copy, original).await;
            held.release().await;
            match verdict? {
                Verdict::Good => found.verified += 1,
                Verdict::Bad => found.bad += 1,
                // One unreadable sector does not keep the rest from being read.
                Verdict::Unreadable => continue,
                // Not this store's hour.
                Verdict::Away => return Ok(found),
            }
            any_settled = true;
        }
        // Nothing is left, or only what cannot be read.
        if !any_settled {
            break;
        }
    }
    Ok(found)
}

enum Verdict {
    Good,
    Bad,
    Unreadable,
    Away,
}

async fn scrub_one(
    app: &Arc<App>,
    store: &Arc<dyn BlobStore>,
    copy: &CopyRow,
    original: Original,
) -> Result<Verdict> {
    let key = original_key(original.family, &original.digest);
    let expected = storage::expected(&original.digest, original.bytes);
    let Err(error) = store.verify(&key, &expected).await else {
        confirm(app, copy, original).await?;
        return Ok(Verdict::Good);
    };
    if error.kind == BlobErrorKind::Unavailable {
        if store.probe().await.is_err() {
            return Ok(Verdict::Away);
        }
        tracing::error!(store = store.name(), family = %original.family, sha256 = %original.digest, error = storage::cause(&error), "a copy cannot be read");
        if !error.is_device_error() {
            return Ok(Verdict::Unreadable);
        }
    }
    note_bad(app, original, store, &error).await?;
    Ok(Verdict::Bad)
}

/// None for a blob that was removed meanwhile, and for a damaged row, which the log names.
async fn original_of(app: &App, copy: &CopyRow) -> Result<Option<Original>> {
    let Some(digest) = copy.digest() else {
        tracing::error!(store = copy.store, family = %copy.family_id, sha256 = hex::encode(&copy.sha256), "a digest of another length");
        return Ok(None);
    };
    let bytes = blobs::bytes(&mut *app.library.fresh().await?, copy.family(), &digest).await?;
    Ok(bytes.map(|bytes| Original { family: copy.family(), digest, bytes }))
}

/// Notes when it was verified, unless it is being deleted meanwhile.
async fn confirm(app: &App, copy: &CopyRow, original: Original) -> Result<()> {
    let mut tx = app.library.begin_in(original.family).await?;
    let listed = table::of(&mut tx, original.family, &original.digest).await?;
    if listed.iter().any(|row| row.store == copy.store && row.state() == CopyState::Present) {
        table::set(&mut tx, original.family, &original.digest, &copy.store, CopyState::Present, app.now())
            .await?;
    }
    Ok(tx.commit().await?)
}

//! Taking an upload in hand: by one request at a time, of one process at a time.

use picup_api::{ErrorCode, UploadId};

use super::{finished, own, spool_error};
use crate::{
    App, Error, Result,
    domain::access::Caller,
    storage::spool::Writing,
    store::library::uploads::{self as table, UploadRow},
};

/// An upload, and the right to write to it.
pub(super) struct InHand {
    pub(super) row: UploadRow,
    pub(super) writing: Writing,
}

/// Errors: `UploadLocked` while another request has it.
pub(super) async fn try_take(app: &App, caller: &Caller, upload: UploadId) -> Result<InHand> {
    find_own(app, caller, upload).await?;
    let writing = app.storage.spool.try_take(upload).await.ok_or(ErrorCode::UploadLocked)?;
    with_row(app, caller, upload, writing).await
}

/// Stops the request that has it. Errors: `UploadLocked` when that one is past receiving.
pub(super) async fn take_over(app: &App, caller: &Caller, upload: UploadId) -> Result<InHand> {
    find_own(app, caller, upload).await?;
    let writing = app.storage.spool.take_over(upload).await.ok_or(ErrorCode::UploadLocked)?;
    with_row(app, caller, upload, writing).await
}

async fn with_row(app: &App, caller: &Caller, upload: UploadId, mut writing: Writing) -> Result<InHand> {
    // Read again: another request may have finished or ended it meanwhile.
    let mut row = find_own(app, caller, upload).await?;
    if finished(&row).is_none() && row.fence != writing.fence() {
        row.fence = claim(app, upload).await?;
        if !writing.adopt(row.fence).await.map_err(spool_error)? {
            return Err(ErrorCode::UploadLocked.into());
        }
    }
    Ok(InHand { row, writing })
}

/// From now on nothing counts that is done under an earlier fence.
async fn claim(app: &App, upload: UploadId) -> Result<i64> {
    let mut tx = app.library.begin().await?;
    let fence = table::claim(&mut tx, upload).await?.ok_or(ErrorCode::NotFound)?;
    tx.commit().await?;
    Ok(fence)
}

/// Errors: `UploadLocked` when somebody claimed the upload since.
pub(super) async fn check_fence(app: &App, row: &UploadRow) -> Result<()> {
    let now = table::find(&mut *app.library.fresh().await?, row.upload()).await?;
    match now {
        Some(now) if now.fence == row.fence => Ok(()),
        _ => Err(Error::new(ErrorCode::UploadLocked)),
    }
}

async fn find_own(app: &App, caller: &Caller, upload: UploadId) -> Result<UploadRow> {
    own(&mut *app.library.fresh().await?, app, caller, upload).await
}

//! Hearts: at most one from each member and frame.

use picup_api::{PhotoId, change::ChangeKind};

use super::photos::{find, find_kept};
use crate::{
    App, Result,
    domain::{
        access::{Act, Caller},
        photo::{uploader_columns, uploader_of},
    },
    store::library::hearts,
};

/// Gives a heart; a second one of the same giver changes nothing.
pub async fn give(app: &App, caller: &Caller, photo: PhotoId) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let row = find_kept(&mut tx, caller, photo, Act::Heart).await?;
    let (kind, giver) = uploader_columns(&uploader_of(caller.actor));
    if hearts::is_given(&mut tx, photo, giver).await? {
        return Ok(());
    }
    let now = app.now();
    hearts::insert(&mut tx, row.family(), photo, (kind, giver), now).await?;
    hearts::recount(&mut tx, photo).await?;
    tx.record_change(row.family(), ChangeKind::HeartsChanged { photo_id: photo }, now).await?;
    Ok(tx.commit().await?)
}

/// Takes the caller's own heart back.
pub async fn take_back(app: &App, caller: &Caller, photo: PhotoId) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let row = find(&mut tx, caller, photo, Act::Heart).await?;
    let (_, giver) = uploader_columns(&uploader_of(caller.actor));
    if !hearts::remove(&mut tx, photo, giver).await? {
        return Ok(());
    }
    hearts::recount(&mut tx, photo).await?;
    tx.record_change(row.family(), ChangeKind::HeartsChanged { photo_id: photo }, app.now()).await?;
    Ok(tx.commit().await?)
}

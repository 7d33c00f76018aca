//! Photos a parent does not want to see: hidden from every slideshow, or proposed for removal.
//!
//! Neither takes anything away. The children decide on a proposal: by the trash, or by declining it.

use picup_api::{PhotoId, change::ChangeKind};

use super::photos::{find, find_kept};
use crate::{
    App, Result,
    domain::access::{Act, Caller},
    store::library::{
        LibraryTx,
        photos::{self, PhotoRow},
    },
};

/// Takes a photo out of every slideshow; once more changes nothing.
pub async fn hide(app: &App, caller: &Caller, photo: PhotoId) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let row = find_kept(&mut tx, caller, photo, Act::SetAside).await?;
    if row.hidden {
        return Ok(());
    }
    photos::update_hidden(&mut tx, photo, true).await?;
    tell(app, tx, &row).await
}

/// Puts a hidden photo back.
pub async fn unhide(app: &App, caller: &Caller, photo: PhotoId) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let row = find(&mut tx, caller, photo, Act::SetAside).await?;
    if !row.hidden {
        return Ok(());
    }
    photos::update_hidden(&mut tx, photo, false).await?;
    tell(app, tx, &row).await
}

/// Asks the children to take a photo away; once more changes nothing.
pub async fn propose_removal(app: &App, caller: &Caller, photo: PhotoId) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let row = find_kept(&mut tx, caller, photo, Act::SetAside).await?;
    if row.removal_proposed {
        return Ok(());
    }
    photos::update_removal_proposed(&mut tx, photo, true).await?;
    tell(app, tx, &row).await
}

/// Takes a proposal back, or declines it.
pub async fn withdraw_removal(app: &App, caller: &Caller, photo: PhotoId) -> Result<()> {
    let mut tx = app.library.begin_in(photo).await?;
    let row = find(&mut tx, caller, photo, Act::SetAside).await?;
    if !row.removal_proposed {
        return Ok(());
    }
    photos::update_removal_proposed(&mut tx, photo, false).await?;
    tell(app, tx, &row).await
}

async fn tell(app: &App, mut tx: LibraryTx, row: &PhotoRow) -> Result<()> {
    let change = ChangeKind::PhotoUpdated { photo_id: row.photo() };
    tx.record_change(row.family(), change, app.now()).await?;
    Ok(tx.commit().await?)
}

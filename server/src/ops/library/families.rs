//! A family as the library knows it: made at its first use, erased bit by bit.
//!
//! Every function here that the accounts' events call is safe to run twice and in any order.

use picup_api::{ErrorCode, FamilyId, MemberId, PhotoId, change::ChangeKind};

use crate::{
    App, Error, Result,
    domain::job::LibraryJob,
    ops::library::{comments::take_away, trash},
    seal::DataKey,
    store::{
        Connection, StoreErrorKind,
        library::{
            LibraryTx, album_photos, albums, changes, comments, families, hearts, links, photos, scope,
        },
    },
};

/// Rows that go in one transaction, so that the write lock is never held for long.
const BATCH: u32 = 100;
/// Batches of one job before it makes room for others.
const BATCHES: u32 = 200;

/// The key of a family that exists. Errors: `NotFound`.
pub(crate) async fn key(app: &App, connection: &mut Connection, family: FamilyId) -> Result<DataKey> {
    let row = families::find(connection, family).await?.ok_or(ErrorCode::NotFound)?;
    app.seal.unwrap(&row.wrapped_key.ok_or(ErrorCode::NotFound)?)
}

/// The key of a family, which gets its row now if it has none. Errors: `NotFound` when it was deleted.
pub(crate) async fn key_at_first_use(app: &App, tx: &mut LibraryTx, family: FamilyId) -> Result<DataKey> {
    if let Some(row) = families::find(tx, family).await? {
        return app.seal.unwrap(&row.wrapped_key.ok_or(ErrorCode::NotFound)?);
    }
    let (key, wrapped) = app.seal.new_data_key()?;
    let quota = i64::try_from(app.config.limits.quota_bytes).unwrap_or(i64::MAX);
    if app.library.engine.is_shared() {
        insert_apart(app, family, &wrapped, quota).await?;
        scope::take_turn(tx, family).await?;
        return self::key(app, tx, family).await;
    }
    families::insert(tx, family, &wrapped, quota, app.now()).await?;
    Ok(key)
}

/// Transactions that insert the same row at once each keep a shared lock on it, and none of them could write to it
/// any more: so the insert is one of its own.
async fn insert_apart(app: &App, family: FamilyId, wrapped: &[u8], quota: i64) -> Result<()> {
    let mut tx = app.library.begin().await?;
    match families::insert(&mut tx, family, wrapped, quota, app.now()).await {
        // Another process was first.
        Err(error) if error.kind == StoreErrorKind::Duplicate => Ok(()),
        inserted => {
            inserted?;
            Ok(tx.commit().await?)
        }
    }
}

/// `family.created`.
pub async fn created(app: &App, family: FamilyId) -> Result<()> {
    let mut tx = app.library.begin_in(family).await?;
    match key_at_first_use(app, &mut tx, family).await {
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(()),
        made => made?,
    };
    Ok(tx.commit().await?)
}

/// `family.deleted`: destroys the key at once; the rows and bytes follow in a job.
pub async fn deleted(app: &App, family: FamilyId) -> Result<()> {
    let mut tx = app.library.begin_in(family).await?;
    let now = app.now();
    if families::find(&mut tx, family).await?.is_none() {
        // Leaves a grave, so that a request under way cannot make the family anew.
        families::insert(&mut tx, family, &[], 0, now).await?;
    }
    families::bury(&mut tx, family, now).await?;
    tx.enqueue(&LibraryJob::EraseFamily { family }, now).await?;
    Ok(tx.commit().await?)
}

/// Job body: removes a deleted family's rows, and has its bytes removed. Continues where it was interrupted.
pub async fn erase(app: &App, family: FamilyId) -> Result<()> {
    for _ in 0..BATCHES {
        let mut tx = app.library.begin_in(family).await?;
        let row = families::find(&mut tx, family).await?;
        if row.is_none_or(|row| row.deleted_at.is_none()) {
            return Err(Error::internal(anyhow::anyhow!("a family that was not deleted is not erased")));
        }
        let erased = erase_batch(app, &mut tx, family).await?;
        tx.commit().await?;
        if !erased {
            return Ok(());
        }
    }
    let mut tx = app.library.begin().await?;
    tx.enqueue(&LibraryJob::EraseFamily { family }, app.now()).await?;
    Ok(tx.commit().await?)
}

/// False when nothing is left.
async fn erase_batch(app: &App, tx: &mut LibraryTx, family: FamilyId) -> Result<bool> {
    let photos = photos::any_of(tx, family, BATCH).await?;
    for photo in &photos {
        trash::remove_rows_and_bytes(app, tx, photo).await?;
    }
    let albums = albums::any_of(tx, family, BATCH).await?;
    for album in &albums {
        remove_album(tx, *album).await?;
    }
    let oldest = changes::first_seq(tx, family).await?;
    if let Some(seq) = oldest {
        changes::remove_through(tx, family, seq + i64::from(BATCH)).await?;
    }
    Ok(!photos.is_empty() || !albums.is_empty() || oldest.is_some())
}

/// An album with its links; the photos stay.
pub(crate) async fn remove_album(tx: &mut LibraryTx, album: picup_api::AlbumId) -> Result<()> {
    album_photos::clear(tx, album).await?;
    links::remove_album(tx, album).await?;
    Ok(albums::remove(tx, album).await?)
}

/// `member.deleted`: their hearts, comments and links go. What they uploaded belongs to the family and stays.
pub async fn member_deleted(app: &App, member: MemberId) -> Result<()> {
    let mut tx = app.library.begin().await?;
    links::remove_created_by(&mut tx, member).await?;
    tx.commit().await?;
    while forget_hearts(app, member).await? {}
    while forget_comments(app, member).await? {}
    Ok(())
}

async fn forget_hearts(app: &App, member: MemberId) -> Result<bool> {
    let mut tx = app.library.begin().await?;
    let given = hearts::some_by(&mut tx, member.0, BATCH).await?;
    for (family, photo) in &given {
        let photo = PhotoId(*photo);
        hearts::remove(&mut tx, photo, member.0).await?;
        hearts::recount(&mut tx, photo).await?;
        tx.record_change(FamilyId(*family), ChangeKind::HeartsChanged { photo_id: photo }, app.now()).await?;
    }
    tx.commit().await?;
    Ok(!given.is_empty())
}

async fn forget_comments(app: &App, member: MemberId) -> Result<bool> {
    let mut tx = app.library.begin().await?;
    let written = comments::some_by(&mut tx, member.0, BATCH).await?;
    for comment in &written {
        take_away(&mut tx, comment, app.now()).await?;
    }
    tx.commit().await?;
    Ok(!written.is_empty())
}

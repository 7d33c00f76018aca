//! Turns: writers of one family go one after the other, so that what a transaction reads stays true until it commits.
//!
//! The embedded file has one writer anyway. Servers have many: there the family's row is locked before anything is
//! read, and a photo or album never moves to another family.

use picup_api::{AlbumId, CommentId, FamilyId, PhotoId};
use uuid::Uuid;

use super::{LibraryStore, LibraryTx};
use crate::store::{StoreError, sql};

/// The family a write is about, named by itself or by a thing of it.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    Family(FamilyId),
    Album(AlbumId),
    Photo(PhotoId),
    Comment(CommentId),
}

impl From<FamilyId> for Scope {
    fn from(family: FamilyId) -> Self {
        Self::Family(family)
    }
}

impl From<AlbumId> for Scope {
    fn from(album: AlbumId) -> Self {
        Self::Album(album)
    }
}

impl From<PhotoId> for Scope {
    fn from(photo: PhotoId) -> Self {
        Self::Photo(photo)
    }
}

impl From<CommentId> for Scope {
    fn from(comment: CommentId) -> Self {
        Self::Comment(comment)
    }
}

impl LibraryStore {
    /// Starts a write in a family and waits for its turn. What is not there locks nothing.
    pub async fn begin_in(&self, scope: impl Into<Scope>) -> Result<LibraryTx, StoreError> {
        let mut tx = self.begin().await?;
        if self.engine.is_shared()
            && let Some(family) = family_of(&mut tx, scope.into()).await?
        {
            lock(&mut tx, family).await?;
        }
        Ok(tx)
    }
}

async fn family_of(tx: &mut LibraryTx, scope: Scope) -> Result<Option<Uuid>, StoreError> {
    let (text, id) = match scope {
        Scope::Family(family) => return Ok(Some(family.0)),
        Scope::Album(album) => ("SELECT family_id FROM albums WHERE id = ?", album.0),
        Scope::Photo(photo) => ("SELECT family_id FROM photos WHERE id = ?", photo.0),
        Scope::Comment(comment) => ("SELECT family_id FROM comments WHERE id = ?", comment.0),
    };
    sql::query_scalar(text).bind(id).fetch_optional(tx).await
}

/// Waits for a family's turn in the middle of a transaction. Only servers have turns.
pub async fn take_turn(tx: &mut LibraryTx, family: FamilyId) -> Result<(), StoreError> {
    lock(tx, family.0).await
}

async fn lock(tx: &mut LibraryTx, family: Uuid) -> Result<(), StoreError> {
    const LOCK: &str = "SELECT last_seq FROM families WHERE id = ? FOR UPDATE";
    sql::query_scalar::<i64>(LOCK).bind(family).fetch_optional(tx).await?;
    Ok(())
}

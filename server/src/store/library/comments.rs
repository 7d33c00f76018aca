//! The `comments` table.

use picup_api::{CommentId, FamilyId, PhotoId};
use sqlx::FromRow;
use uuid::Uuid;

use super::LibraryTx;
use crate::store::{Connection, StoreError, sql};

/// A comment as stored; `text` is sealed.
#[derive(Clone, Debug, FromRow)]
pub struct CommentRow {
    pub id: Uuid,
    pub photo_id: Uuid,
    pub family_id: Uuid,
    pub author_kind: String,
    pub author_id: Uuid,
    pub text: Vec<u8>,
    pub created_at: i64,
    /// What its sound in `voices` is, and how long; spoken comments only.
    pub voice_type: Option<String>,
    pub voice_bytes: Option<i64>,
}

impl CommentRow {
    pub fn comment(&self) -> CommentId {
        CommentId(self.id)
    }

    pub fn photo(&self) -> PhotoId {
        PhotoId(self.photo_id)
    }

    pub fn family(&self) -> FamilyId {
        FamilyId(self.family_id)
    }
}

/// The columns of `CommentRow`, then the rest of the statement.
macro_rules! select_comments {
    ($rest:literal) => {
        concat!(
            "SELECT id, photo_id, family_id, author_kind, author_id, text, created_at, voice_type, voice_bytes ",
            "FROM comments ",
            $rest
        )
    };
}

pub async fn find(connection: &mut Connection, comment: CommentId) -> Result<Option<CommentRow>, StoreError> {
    const FIND: &str = select_comments!("WHERE id = ?");
    sql::query_as(FIND).bind(comment.0).fetch_optional(connection).await
}

/// Oldest first, after `after`. Ids are made in order of time.
pub async fn page(
    connection: &mut Connection,
    photo: PhotoId,
    after: Uuid,
    limit: u32,
) -> Result<Vec<CommentRow>, StoreError> {
    const PAGE: &str = select_comments!(
        "/*! FORCE INDEX (comments_photo) */ WHERE photo_id = ? AND id > ? ORDER BY id LIMIT ?"
    );
    sql::query_as(PAGE).bind(photo.0).bind(after).bind(limit).fetch_all(connection).await
}

pub async fn insert(tx: &mut LibraryTx, comment: &CommentRow) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO comments (id, photo_id, family_id, author_kind, author_id, text, created_at, \
                          voice_type, voice_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(comment.id)
        .bind(comment.photo_id)
        .bind(comment.family_id)
        .bind(comment.author_kind.as_str())
        .bind(comment.author_id)
        .bind(comment.text.as_slice())
        .bind(comment.created_at)
        .bind(comment.voice_type.as_deref())
        .bind(comment.voice_bytes)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove(tx: &mut LibraryTx, comment: Uuid) -> Result<(), StoreError> {
    sql::query("DELETE FROM comments WHERE id = ?").bind(comment).execute(tx).await?;
    Ok(())
}

/// Writes the photo's count anew. Called after every change to its comments.
pub async fn recount(tx: &mut LibraryTx, photo: PhotoId) -> Result<(), StoreError> {
    sql::query(
        "UPDATE photos SET comments = (SELECT COUNT(*) FROM comments WHERE photo_id = ?) WHERE id = ?",
    )
    .bind(photo.0)
    .bind(photo.0)
    .execute(tx)
    .await?;
    Ok(())
}

/// Some comments someone wrote.
pub async fn some_by(
    connection: &mut Connection,
    author: Uuid,
    limit: u32,
) -> Result<Vec<CommentRow>, StoreError> {
    const SOME: &str = select_comments!("WHERE author_id = ? ORDER BY id LIMIT ?");
    sql::query_as(SOME).bind(author).bind(limit).fetch_all(connection).await
}

/// How long each voice under a photo is.
pub async fn voice_bytes(connection: &mut Connection, photo: PhotoId) -> Result<Vec<i64>, StoreError> {
    sql::query_scalar("SELECT voice_bytes FROM comments WHERE photo_id = ? AND voice_bytes IS NOT NULL")
        .bind(photo.0)
        .fetch_all(connection)
        .await
}

pub async fn remove_photo(tx: &mut LibraryTx, photo: PhotoId) -> Result<(), StoreError> {
    sql::query("DELETE FROM comments WHERE photo_id = ?").bind(photo.0).execute(tx).await?;
    Ok(())
}

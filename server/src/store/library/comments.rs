//! The `comments` table.

use picup_api::PhotoId;
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
}

/// Oldest first, after `after`. Ids are made in order of time.
pub async fn page(
    connection: &mut Connection,
    photo: PhotoId,
    after: Uuid,
    limit: u32,
) -> Result<Vec<CommentRow>, StoreError> {
    const PAGE: &str = "SELECT id, photo_id, family_id, author_kind, author_id, text, created_at \
                        FROM comments /*! FORCE INDEX (comments_photo) */ \
                        WHERE photo_id = ? AND id > ? ORDER BY id LIMIT ?";
    sql::query_as(PAGE).bind(photo.0).bind(after).bind(limit).fetch_all(connection).await
}

pub async fn insert(tx: &mut LibraryTx, comment: &CommentRow) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO comments (id, photo_id, family_id, author_kind, author_id, text, created_at) \
                          VALUES (?, ?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(comment.id)
        .bind(comment.photo_id)
        .bind(comment.family_id)
        .bind(comment.author_kind.as_str())
        .bind(comment.author_id)
        .bind(comment.text.as_slice())
        .bind(comment.created_at)
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
    const SOME: &str = "SELECT id, photo_id, family_id, author_kind, author_id, text, created_at \
                        FROM comments WHERE author_id = ? ORDER BY id LIMIT ?";
    sql::query_as(SOME).bind(author).bind(limit).fetch_all(connection).await
}

pub async fn remove_photo(tx: &mut LibraryTx, photo: PhotoId) -> Result<(), StoreError> {
    sql::query("DELETE FROM comments WHERE photo_id = ?").bind(photo.0).execute(tx).await?;
    Ok(())
}

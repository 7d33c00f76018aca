//! The `voices` table: the sealed sound of spoken comments.
//!
//! What it is and how long is in `comments`, so that a list of them reads no sound.

use picup_api::{CommentId, PhotoId};

use super::LibraryTx;
use crate::store::{Connection, StoreError, sql};

pub async fn insert(
    tx: &mut LibraryTx,
    comment: CommentId,
    photo: PhotoId,
    sealed: Vec<u8>,
) -> Result<(), StoreError> {
    sql::query("INSERT INTO voices (comment_id, photo_id, sound) VALUES (?, ?, ?)")
        .bind(comment.0)
        .bind(photo.0)
        .bind(sealed)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, comment: CommentId) -> Result<Option<Vec<u8>>, StoreError> {
    sql::query_scalar("SELECT sound FROM voices WHERE comment_id = ?")
        .bind(comment.0)
        .fetch_optional(connection)
        .await
}

pub async fn remove(tx: &mut LibraryTx, comment: CommentId) -> Result<(), StoreError> {
    sql::query("DELETE FROM voices WHERE comment_id = ?").bind(comment.0).execute(tx).await?;
    Ok(())
}

pub async fn remove_photo(tx: &mut LibraryTx, photo: PhotoId) -> Result<(), StoreError> {
    sql::query("DELETE FROM voices WHERE photo_id = ?").bind(photo.0).execute(tx).await?;
    Ok(())
}

//! The `links` table: public addresses of albums.

use picup_api::{AlbumId, LinkId, MemberId};
use sqlx::FromRow;
use uuid::Uuid;

use super::LibraryTx;
use crate::store::{Connection, StoreError, sql};

#[derive(Clone, Debug, FromRow)]
pub struct LinkRow {
    pub id: Uuid,
    pub album_id: Uuid,
    pub family_id: Uuid,
    pub token_hash: Vec<u8>,
    /// Argon2id.
    pub password_hash: Option<String>,
    pub expires_at: Option<i64>,
    pub created_by: Uuid,
    pub created_at: i64,
}

pub async fn find(connection: &mut Connection, link: LinkId) -> Result<Option<LinkRow>, StoreError> {
    const FIND: &str = "SELECT id, album_id, family_id, token_hash, password_hash, expires_at, created_by, created_at \
                        FROM links WHERE id = ?";
    sql::query_as(FIND).bind(link.0).fetch_optional(connection).await
}

pub async fn find_by_token(
    connection: &mut Connection,
    token_hash: &[u8],
) -> Result<Option<LinkRow>, StoreError> {
    const FIND: &str = "SELECT id, album_id, family_id, token_hash, password_hash, expires_at, created_by, created_at \
                        FROM links WHERE token_hash = ?";
    sql::query_as(FIND).bind(token_hash).fetch_optional(connection).await
}

pub async fn insert(tx: &mut LibraryTx, link: &LinkRow) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO links (id, album_id, family_id, token_hash, password_hash, expires_at, \
                          created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(link.id)
        .bind(link.album_id)
        .bind(link.family_id)
        .bind(link.token_hash.as_slice())
        .bind(link.password_hash.as_deref())
        .bind(link.expires_at)
        .bind(link.created_by)
        .bind(link.created_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove(tx: &mut LibraryTx, link: LinkId) -> Result<(), StoreError> {
    sql::query("DELETE FROM links WHERE id = ?").bind(link.0).execute(tx).await?;
    Ok(())
}

pub async fn remove_album(tx: &mut LibraryTx, album: AlbumId) -> Result<(), StoreError> {
    sql::query("DELETE FROM links WHERE album_id = ?").bind(album.0).execute(tx).await?;
    Ok(())
}

/// A deleted member's addresses open nothing any more.
pub async fn remove_created_by(tx: &mut LibraryTx, member: MemberId) -> Result<(), StoreError> {
    sql::query("DELETE FROM links WHERE created_by = ?").bind(member.0).execute(tx).await?;
    Ok(())
}

//! The `photos` table: pages of it, newest first.
//!
//! Keyset on (taken_sort, id): every filter below has an index that ends with these two, so a page costs the same
//! at any depth.

use std::ops::Range;

use picup_api::{AlbumId, FamilyId};
use uuid::Uuid;

use super::photos::{PhotoRow, select_photos};
use crate::{
    domain::{cursor::Cursor, photo::Sight},
    store::{Connection, StoreError, sql::Builder},
};

/// What a list of photos has in it.
#[derive(Clone, Debug)]
pub struct PhotoQuery {
    pub family: FamilyId,
    pub sight: Sight,
    pub shelf: Shelf,
    /// Sort keys; the end is exclusive.
    pub taken: Range<i64>,
    pub album: Option<AlbumId>,
    pub uploader: Option<Uuid>,
    pub source: Option<&'static str>,
    pub kind: Option<&'static str>,
    pub state: Option<&'static str>,
    pub hearted: Option<bool>,
    pub hidden: Option<bool>,
    pub removal_proposed: Option<bool>,
}

/// Kept photos, or the trash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    Kept,
    /// Last trashed first.
    Trash,
}

impl PhotoQuery {
    /// Every kept photo of a family.
    pub fn all(family: FamilyId, sight: Sight) -> Self {
        Self {
            family,
            sight,
            shelf: Shelf::Kept,
            taken: i64::MIN..i64::MAX,
            album: None,
            uploader: None,
            source: None,
            kind: None,
            state: None,
            hearted: None,
            hidden: None,
            removal_proposed: None,
        }
    }
}

/// Up to `limit` photos after `cursor`.
pub async fn page(
    connection: &mut Connection,
    query: &PhotoQuery,
    cursor: Cursor,
    limit: u32,
) -> Result<Vec<PhotoRow>, StoreError> {
    let sql = statement(query, cursor, limit);
    sql.build_as().fetch_all(connection).await
}

/// The statement of a page.
pub fn statement(query: &PhotoQuery, cursor: Cursor, limit: u32) -> Builder {
    let mut sql = start(query);
    sql.push(" p.family_id = ").push_bind(query.family.0);
    push_shelf(&mut sql, query.shelf);
    push_filters(&mut sql, query);
    let sort = match query.shelf {
        Shelf::Kept => "p.taken_sort",
        Shelf::Trash => "p.trashed_at",
    };
    // The first comparison is what an index can seek with; a row comparison is not, on every engine.
    sql.push(format_args!(" AND {sort} <= ")).push_bind(cursor.sort);
    sql.push(format_args!(" AND ({sort} < ")).push_bind(cursor.sort);
    sql.push(" OR p.id < ").push_bind(cursor.id);
    sql.push(format_args!(") ORDER BY {sort} DESC, p.id DESC LIMIT ")).push_bind(limit);
    sql
}

/// CROSS JOIN makes the album come first: a small album of a large family is found through its own rows.
fn start(query: &PhotoQuery) -> Builder {
    let Some(album) = query.album else {
        let mut sql = Builder::new(select_photos!("FROM photos p"));
        sql.push(in_order(query)).push(" WHERE");
        return sql;
    };
    let mut sql = Builder::new(select_photos!(
        "FROM album_photos ap CROSS JOIN photos p ON p.id = ap.photo_id WHERE ap.album_id = "
    ));
    sql.push_bind(album.0).push(" AND");
    sql
}

/// The index that has the list in its order, told to servers; a file reads a comment. Without it MariaDB finds the
/// family in an index and walks past every photo before the cursor, as dear as OFFSET.
fn in_order(query: &PhotoQuery) -> &'static str {
    if query.removal_proposed.is_some() {
        " /*! FORCE INDEX (photos_removal) */"
    } else if query.hearted.is_some() {
        " /*! FORCE INDEX (photos_hearted) */"
    } else if query.uploader.is_some() {
        " /*! FORCE INDEX (photos_uploader) */"
    } else if query.source.is_some() {
        " /*! FORCE INDEX (photos_source) */"
    } else if query.kind.is_some() {
        " /*! FORCE INDEX (photos_kind) */"
    } else if query.hidden.is_some() {
        " /*! FORCE INDEX (photos_hidden) */"
    } else {
        " /*! FORCE INDEX (photos_taken) */"
    }
}

fn push_shelf(sql: &mut Builder, shelf: Shelf) {
    match shelf {
        Shelf::Kept => sql.push(" AND p.trashed_at IS NULL"),
        Shelf::Trash => sql.push(" AND p.trashed_at IS NOT NULL"),
    };
}

fn push_filters(sql: &mut Builder, query: &PhotoQuery) {
    if query.taken.start > i64::MIN {
        sql.push(" AND p.taken_sort >= ").push_bind(query.taken.start);
    }
    if query.taken.end < i64::MAX {
        sql.push(" AND p.taken_sort < ").push_bind(query.taken.end);
    }
    if let Some(uploader) = query.uploader {
        sql.push(" AND p.uploader_id = ").push_bind(uploader);
    }
    if let Some(source) = query.source {
        sql.push(" AND p.source = ").push_bind(source);
    }
    if let Some(kind) = query.kind {
        sql.push(" AND p.kind = ").push_bind(kind);
    }
    if let Some(hearted) = query.hearted {
        sql.push(" AND p.hearted = ").push_bind(hearted);
    }
    if let Some(hidden) = query.hidden {
        sql.push(" AND p.hidden = ").push_bind(hidden);
    }
    if let Some(proposed) = query.removal_proposed {
        sql.push(" AND p.removal_proposed = ").push_bind(proposed);
    }
    let state = if query.sight == Sight::Showable { Some("ready") } else { query.state };
    if let Some(state) = state {
        sql.push(" AND p.state = ").push_bind(state);
    }
}

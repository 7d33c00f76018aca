//! The `photos` table: single rows.
//!
//! Lists are in `photo_lists`, months and days in `timeline`.

use picup_api::{FamilyId, PhotoId, Sha256Digest};
use sqlx::FromRow;
use uuid::Uuid;

use super::LibraryTx;
use crate::store::{
    Connection, StoreError,
    sql::{self, Builder},
};

/// A photo as stored; `filename`, `caption`, `people`, `camera` and `place` are sealed.
#[derive(Clone, Debug, FromRow)]
pub struct PhotoRow {
    pub id: Uuid,
    pub family_id: Uuid,
    pub sha256: Vec<u8>,
    pub bytes: i64,
    pub state: String,
    pub kind: String,
    pub source: String,
    pub media_type: String,
    pub filename: Vec<u8>,
    pub caption: Vec<u8>,
    /// JSON: a list of names. None: nobody was named.
    pub people: Option<Vec<u8>>,
    pub camera: Option<Vec<u8>>,
    pub place: Option<Vec<u8>>,
    pub taken_local: String,
    pub taken_precision: String,
    pub taken_offset: Option<String>,
    pub taken_by_hand: bool,
    pub taken_sort: i64,
    pub taken_month: i32,
    pub taken_day: i32,
    pub width: u32,
    pub height: u32,
    pub duration_ms: Option<i64>,
    pub thumbhash: Option<Vec<u8>>,
    pub phash: Option<Vec<u8>>,
    pub uploader_kind: String,
    pub uploader_id: Uuid,
    pub hearts: u32,
    pub comments: u32,
    pub trashed_at: Option<i64>,
    pub purge_at: Option<i64>,
    pub created_at: i64,
    pub hidden: bool,
    pub removal_proposed: bool,
}

impl PhotoRow {
    pub fn family(&self) -> FamilyId {
        FamilyId(self.family_id)
    }

    pub fn photo(&self) -> PhotoId {
        PhotoId(self.id)
    }

    /// None when the column does not hold 32 bytes, which no code of ours writes.
    pub fn digest(&self) -> Option<Sha256Digest> {
        Some(Sha256Digest(self.sha256.as_slice().try_into().ok()?))
    }
}

/// The columns of `PhotoRow`, then the rest of the statement.
macro_rules! select_photos {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.family_id, p.sha256, p.bytes, p.state, p.kind, p.source, p.media_type, p.filename, ",
            "p.caption, p.people, p.camera, p.place, p.taken_local, p.taken_precision, p.taken_offset, ",
            "p.taken_by_hand, p.taken_sort, p.taken_month, p.taken_day, p.width, p.height, p.duration_ms, p.thumbhash, p.phash, ",
            "p.uploader_kind, p.uploader_id, p.hearts, p.comments, p.trashed_at, p.purge_at, p.created_at, ",
            "p.hidden, p.removal_proposed ",
            $rest
        )
    };
}
pub(super) use select_photos;

pub async fn find(connection: &mut Connection, photo: PhotoId) -> Result<Option<PhotoRow>, StoreError> {
    const FIND: &str = select_photos!("FROM photos p WHERE p.id = ?");
    sql::query_as(FIND).bind(photo.0).fetch_optional(connection).await
}

pub async fn find_by_digest(
    connection: &mut Connection,
    family: FamilyId,
    digest: &Sha256Digest,
) -> Result<Option<PhotoRow>, StoreError> {
    const FIND: &str = select_photos!("FROM photos p WHERE p.family_id = ? AND p.sha256 = ?");
    let query = sql::query_as(FIND).bind(family.0).bind(digest.0.as_slice());
    query.fetch_optional(connection).await
}

/// Those of `photos` that exist, in no particular order.
pub async fn find_all(connection: &mut Connection, photos: &[Uuid]) -> Result<Vec<PhotoRow>, StoreError> {
    if photos.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Builder::new(select_photos!("FROM photos p WHERE p.id IN ("));
    query.push_list(photos.iter().copied());
    query.build_as().fetch_all(connection).await
}

/// Which of the digests the family has, and whether in the trash.
pub async fn by_digests(
    connection: &mut Connection,
    family: FamilyId,
    digests: &[Sha256Digest],
) -> Result<Vec<(Sha256Digest, PhotoId, bool)>, StoreError> {
    let mut query = Builder::new("SELECT sha256, id, trashed_at IS NOT NULL FROM photos WHERE family_id = ");
    query.push_bind(family.0).push(" AND sha256 IN (");
    query.push_list(digests.iter().map(|digest| digest.0.to_vec()));
    let rows: Vec<(Vec<u8>, Uuid, bool)> = query.build_as().fetch_all(connection).await?;
    let known = rows.into_iter().filter_map(|(digest, id, trashed)| {
        Some((Sha256Digest(digest.try_into().ok()?), PhotoId(id), trashed))
    });
    Ok(known.collect())
}

/// Stores a photo just as it arrived; what rendering finds out comes later.
pub async fn insert(tx: &mut LibraryTx, photo: &PhotoRow) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO photos (id, family_id, sha256, bytes, state, kind, source, media_type, \
                          filename, caption, taken_local, taken_precision, taken_offset, taken_sort, taken_month, \
                          taken_day, uploader_kind, uploader_id, created_at) \
                          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(photo.id)
        .bind(photo.family_id)
        .bind(photo.sha256.as_slice())
        .bind(photo.bytes)
        .bind(photo.state.as_str())
        .bind(photo.kind.as_str())
        .bind(photo.source.as_str())
        .bind(photo.media_type.as_str())
        .bind(photo.filename.as_slice())
        .bind(photo.caption.as_slice())
        .bind(photo.taken_local.as_str())
        .bind(photo.taken_precision.as_str())
        .bind(photo.taken_offset.as_deref())
        .bind(photo.taken_sort)
        .bind(photo.taken_month)
        .bind(photo.taken_day)
        .bind(photo.uploader_kind.as_str())
        .bind(photo.uploader_id)
        .bind(photo.created_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes the columns rendering finds out.
pub async fn update_rendered(tx: &mut LibraryTx, photo: &PhotoRow) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE photos SET state = ?, kind = ?, media_type = ?, camera = ?, place = ?, width = ?, \
                          height = ?, duration_ms = ?, thumbhash = ?, phash = ? WHERE id = ?";
    sql::query(UPDATE)
        .bind(photo.state.as_str())
        .bind(photo.kind.as_str())
        .bind(photo.media_type.as_str())
        .bind(photo.camera.as_deref())
        .bind(photo.place.as_deref())
        .bind(photo.width)
        .bind(photo.height)
        .bind(photo.duration_ms)
        .bind(photo.thumbhash.as_deref())
        .bind(photo.phash.as_deref())
        .bind(photo.id)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn update_state(tx: &mut LibraryTx, photo: PhotoId, state: &str) -> Result<(), StoreError> {
    sql::query("UPDATE photos SET state = ? WHERE id = ?").bind(state).bind(photo.0).execute(tx).await?;
    Ok(())
}

pub async fn update_taken(tx: &mut LibraryTx, photo: &PhotoRow) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE photos SET taken_local = ?, taken_precision = ?, taken_offset = ?, \
                          taken_by_hand = ?, taken_sort = ?, taken_month = ?, taken_day = ? WHERE id = ?";
    sql::query(UPDATE)
        .bind(photo.taken_local.as_str())
        .bind(photo.taken_precision.as_str())
        .bind(photo.taken_offset.as_deref())
        .bind(photo.taken_by_hand)
        .bind(photo.taken_sort)
        .bind(photo.taken_month)
        .bind(photo.taken_day)
        .bind(photo.id)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn update_caption(tx: &mut LibraryTx, photo: PhotoId, sealed: &[u8]) -> Result<(), StoreError> {
    sql::query("UPDATE photos SET caption = ? WHERE id = ?").bind(sealed).bind(photo.0).execute(tx).await?;
    Ok(())
}

/// None: nobody.
pub async fn update_people(
    tx: &mut LibraryTx,
    photo: PhotoId,
    sealed: Option<&[u8]>,
) -> Result<(), StoreError> {
    sql::query("UPDATE photos SET people = ? WHERE id = ?").bind(sealed).bind(photo.0).execute(tx).await?;
    Ok(())
}

pub async fn update_hidden(tx: &mut LibraryTx, photo: PhotoId, hidden: bool) -> Result<(), StoreError> {
    sql::query("UPDATE photos SET hidden = ? WHERE id = ?").bind(hidden).bind(photo.0).execute(tx).await?;
    Ok(())
}

pub async fn update_removal_proposed(
    tx: &mut LibraryTx,
    photo: PhotoId,
    proposed: bool,
) -> Result<(), StoreError> {
    sql::query("UPDATE photos SET removal_proposed = ? WHERE id = ?")
        .bind(proposed)
        .bind(photo.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// Puts a photo in the trash until `purge_at`, or takes it out with None and None. Either way nobody need ask for its
/// removal any more.
pub async fn update_trash(
    tx: &mut LibraryTx,
    photo: PhotoId,
    trashed_at: Option<i64>,
    purge_at: Option<i64>,
) -> Result<(), StoreError> {
    sql::query("UPDATE photos SET trashed_at = ?, purge_at = ?, removal_proposed = 0 WHERE id = ?")
        .bind(trashed_at)
        .bind(purge_at)
        .bind(photo.0)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove(tx: &mut LibraryTx, photo: PhotoId) -> Result<(), StoreError> {
    sql::query("DELETE FROM photos WHERE id = ?").bind(photo.0).execute(tx).await?;
    Ok(())
}

/// Some photos of a family, kept or trashed: for deleting it bit by bit.
pub async fn any_of(
    connection: &mut Connection,
    family: FamilyId,
    limit: u32,
) -> Result<Vec<PhotoRow>, StoreError> {
    const ANY: &str = select_photos!("FROM photos p WHERE p.family_id = ? LIMIT ?");
    sql::query_as(ANY).bind(family.0).bind(limit).fetch_all(connection).await
}

//! The `changes` table: what happened in a family, numbered without gaps.

use picup_api::{
    AlbumId, FamilyId, PhotoId, Timestamp,
    change::{Change, ChangeKind, Event},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{LibraryTx, families};
use crate::store::{Connection, StoreError, sql};

impl LibraryTx {
    /// Numbers a change, stores it, and tells listeners after the commit.
    ///
    /// Invariant: the number is taken in the transaction that writes what it describes, so that nobody ever sees a
    /// number without everything before it.
    pub async fn record_change(
        &mut self,
        family: FamilyId,
        kind: ChangeKind,
        now: i64,
    ) -> Result<(), StoreError> {
        let missing = || StoreError::unreadable(anyhow::anyhow!("a change of a family without a row"));
        let seq = families::next_seq(self, family).await?.ok_or_else(missing)?;
        insert(self, family, seq, &kind, now).await?;
        let change = Change { seq: seq.unsigned_abs(), at: Timestamp::from_millis(now), kind };
        self.announce(Event::Change { family_id: family, change });
        Ok(())
    }
}

async fn insert(
    tx: &mut LibraryTx,
    family: FamilyId,
    seq: i64,
    kind: &ChangeKind,
    now: i64,
) -> Result<(), StoreError> {
    let (word, subject) = columns(kind);
    sql::query("INSERT INTO changes (family_id, seq, at, kind, subject_id) VALUES (?, ?, ?, ?, ?)")
        .bind(family.0)
        .bind(seq)
        .bind(now)
        .bind(word)
        .bind(subject)
        .execute(tx)
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct ChangeRow {
    seq: i64,
    at: i64,
    kind: String,
    subject_id: Uuid,
}

/// Changes numbered above `after`, oldest first.
pub async fn after(
    connection: &mut Connection,
    family: FamilyId,
    after: i64,
    limit: u32,
) -> Result<Vec<Change>, StoreError> {
    const AFTER: &str = "SELECT seq, at, kind, subject_id FROM changes \
                         WHERE family_id = ? AND seq > ? ORDER BY seq LIMIT ?";
    let rows: Vec<ChangeRow> =
        sql::query_as(AFTER).bind(family.0).bind(after).bind(limit).fetch_all(connection).await?;
    Ok(rows.into_iter().map(to_wire).collect())
}

fn to_wire(row: ChangeRow) -> Change {
    Change {
        seq: row.seq.unsigned_abs(),
        at: Timestamp::from_millis(row.at),
        kind: kind_from(&row.kind, row.subject_id),
    }
}

macro_rules! kinds {
    ($($variant:ident $field:ident $id:ident $word:literal)*) => {
        fn columns(kind: &ChangeKind) -> (&'static str, Uuid) {
            match kind {
                $(ChangeKind::$variant { $field } => ($word, $field.0),)*
                ChangeKind::Unknown => ("unknown", Uuid::nil()),
            }
        }

        /// A kind stored by a newer version reads as `unknown`, which every client passes over.
        fn kind_from(word: &str, subject: Uuid) -> ChangeKind {
            match word {
                $($word => ChangeKind::$variant { $field: $id(subject) },)*
                _ => ChangeKind::Unknown,
            }
        }
    };
}

kinds! {
    PhotoAdded photo_id PhotoId "photo_added"
    PhotoUpdated photo_id PhotoId "photo_updated"
    PhotoTrashed photo_id PhotoId "photo_trashed"
    PhotoRestored photo_id PhotoId "photo_restored"
    PhotoRemoved photo_id PhotoId "photo_removed"
    HeartsChanged photo_id PhotoId "hearts_changed"
    CommentsChanged photo_id PhotoId "comments_changed"
    AlbumChanged album_id AlbumId "album_changed"
    AlbumRemoved album_id AlbumId "album_removed"
    AlbumPhotosChanged album_id AlbumId "album_photos_changed"
}

/// The oldest number a family's feed has.
pub async fn first_seq(connection: &mut Connection, family: FamilyId) -> Result<Option<i64>, StoreError> {
    sql::query_scalar("SELECT MIN(seq) FROM changes WHERE family_id = ?")
        .bind(family.0)
        .fetch_one(connection)
        .await
}

/// Forgets changes of a deleted family.
pub async fn remove_through(tx: &mut LibraryTx, family: FamilyId, seq: i64) -> Result<(), StoreError> {
    sql::query("DELETE FROM changes WHERE family_id = ? AND seq <= ?")
        .bind(family.0)
        .bind(seq)
        .execute(tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_stored_as_the_word_it_has_on_the_wire() {
        let id = Uuid::from_u128(7);
        for kind in [
            ChangeKind::PhotoAdded { photo_id: PhotoId(id) },
            ChangeKind::CommentsChanged { photo_id: PhotoId(id) },
            ChangeKind::AlbumPhotosChanged { album_id: AlbumId(id) },
        ] {
            let (word, subject) = columns(&kind);
            assert_eq!(serde_json::to_value(&kind).unwrap()["kind"], word);
            assert_eq!(kind_from(word, subject), kind);
        }
    }
}

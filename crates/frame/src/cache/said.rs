//! What the family says of its photos, kept here so that it is read and heard without a network.

use std::collections::HashSet;

use picup_api::{CommentId, PhotoId, Timestamp, photo::Uploader, screen::Said};
use rusqlite::{Connection, Row, params};

use super::{Cache, id, slides::name_of};
use crate::database::{execute, find, list};

/// The newest ones of a photo; more do not fit under it.
pub(crate) const KEPT: u32 = 3;

#[derive(Clone, Debug)]
pub(crate) struct NewSaid {
    pub comment: CommentId,
    pub author: Uploader,
    pub text: String,
    pub at: Timestamp,
    pub voice: Option<Heard>,
}

/// A recording: its bytes and their media type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub bytes: Vec<u8>,
    pub media_type: String,
}

impl Cache {
    /// Photos whose comments changed since they were read, the newest first, with how many there are now.
    pub(crate) async fn comments_unread(&self, limit: u32) -> anyhow::Result<Vec<(PhotoId, u32)>> {
        let sql = "SELECT id, comments FROM photos WHERE comments <> comments_read ORDER BY id DESC LIMIT ?";
        self.database.read(move |c| list(c, sql, [limit], |row| Ok((id(row, 0)?, row.get(1)?)))).await
    }

    /// A comment was added, changed or taken away: they are read again, also when there are as many as before.
    pub(crate) async fn comments_changed(&self, photo: PhotoId) -> anyhow::Result<()> {
        let sql = "UPDATE photos SET comments_read = -1 WHERE id = ?";
        self.database.write(move |c| execute(c, sql, [photo.0.as_bytes()]).map(drop)).await
    }

    /// Comments of a photo whose voice is here already.
    pub(crate) async fn voices(&self, photo: PhotoId) -> anyhow::Result<HashSet<CommentId>> {
        let sql = "SELECT comment FROM said WHERE photo = ? AND voice IS NOT NULL";
        let found = self.database.read(move |c| list(c, sql, [photo.0.as_bytes()], |row| id(row, 0)));
        Ok(found.await?.into_iter().collect())
    }

    /// Replaces what is said of a photo. A comment in `said` without a voice keeps the one that is here.
    pub(crate) async fn put_said(
        &self,
        photo: PhotoId,
        count: u32,
        said: Vec<NewSaid>,
    ) -> anyhow::Result<()> {
        self.database
            .write(move |c| {
                forget_others(c, photo, &said)?;
                said.iter().try_for_each(|it| put(c, photo, it))?;
                let sql = "UPDATE photos SET comments_read = ? WHERE id = ?";
                execute(c, sql, params![count, photo.0.as_bytes()]).map(drop)
            })
            .await
    }

    pub(crate) async fn voice(&self, comment: CommentId) -> anyhow::Result<Option<Heard>> {
        let sql = "SELECT voice, media_type FROM said WHERE comment = ? AND voice IS NOT NULL";
        let read = |row: &Row| Ok(Heard { bytes: row.get(0)?, media_type: row.get(1)? });
        self.database.read(move |c| find(c, sql, [comment.0.as_bytes()], read)).await
    }
}

/// The oldest first.
pub(super) fn of_photo(c: &Connection, photo: PhotoId) -> rusqlite::Result<Vec<Said>> {
    let sql =
        "SELECT comment, author, text, at, voice IS NOT NULL FROM said WHERE photo = ? ORDER BY at, comment";
    list(c, sql, [photo.0.as_bytes()], |row| {
        Ok(Said {
            comment_id: id(row, 0)?,
            author: row.get(1)?,
            text: row.get(2)?,
            at: Timestamp::from_millis(row.get(3)?),
            voice: row.get(4)?,
        })
    })
}

/// What nobody known said is read again, to find its author.
pub(super) fn read_nameless_again(c: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE photos SET comments_read = -1 WHERE id IN (SELECT photo FROM said WHERE author = '')";
    execute(c, sql, []).map(drop)
}

fn forget_others(c: &Connection, photo: PhotoId, kept: &[NewSaid]) -> rusqlite::Result<()> {
    let kept: HashSet<CommentId> = kept.iter().map(|it| it.comment).collect();
    let held: Vec<CommentId> =
        list(c, "SELECT comment FROM said WHERE photo = ?", [photo.0.as_bytes()], |row| id(row, 0))?;
    held.iter().filter(|comment| !kept.contains(comment)).try_for_each(|comment| {
        execute(c, "DELETE FROM said WHERE comment = ?", [comment.0.as_bytes()]).map(drop)
    })
}

fn put(c: &Connection, photo: PhotoId, said: &NewSaid) -> rusqlite::Result<()> {
    let sql = "INSERT INTO said (comment, photo, author, text, at, voice, media_type) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
               ON CONFLICT (comment) DO UPDATE SET author = ?3, text = ?4, at = ?5, \
               voice = coalesce(?6, voice), media_type = coalesce(?7, media_type)";
    // Whoever is known by now; whoever becomes known later is found by `read_nameless_again`.
    let author = name_of(c, &said.author)?.unwrap_or_default();
    let (voice, media_type) = said.voice.as_ref().map(|it| (&it.bytes, &it.media_type)).unzip();
    let (comment, photo) = (said.comment.0.as_bytes(), photo.0.as_bytes());
    let key = params![comment, photo, author, said.text, said.at.as_millis(), voice, media_type];
    execute(c, sql, key).map(drop)
}

#[cfg(test)]
mod tests {
    use picup_api::{MemberId, frame::Person};
    use uuid::Uuid;

    use super::{super::files::nameless, *};

    #[tokio::test]
    async fn what_somebody_unknown_said_is_read_again_once_the_family_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).await.unwrap();
        let [minji, newcomer] = [1, 2].map(|n| MemberId(Uuid::from_u128(n)));
        let known = |ids: &[MemberId]| {
            ids.iter().map(|id| Person { id: *id, display_name: "민지".into() }).collect::<Vec<_>>()
        };
        cache.remember_people(known(&[minji]), Vec::new()).await.unwrap();
        for author in [minji, newcomer] {
            let photo = PhotoId(author.0);
            cache.put_photo(nameless(photo)).await.unwrap();
            cache.put_said(photo, 0, vec![said_by(author)]).await.unwrap();
        }
        assert_eq!(cache.comments_unread(9).await.unwrap(), []);

        cache.remember_people(known(&[minji, newcomer]), Vec::new()).await.unwrap();
        assert_eq!(cache.comments_unread(9).await.unwrap(), [(PhotoId(newcomer.0), 0)]);
    }

    fn said_by(author: MemberId) -> NewSaid {
        NewSaid {
            comment: CommentId(author.0),
            author: Uploader::Member { id: author },
            text: "보고 싶어요".into(),
            at: Timestamp::from_millis(1),
            voice: None,
        }
    }
}

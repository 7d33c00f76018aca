//! Photos and albums as the server told them.

use std::collections::HashSet;

use jiff::civil::{Date, DateTime};
use picup_api::{
    AlbumId, PhotoId,
    album::Album,
    photo::{Photo, PhotoKind, PhotoState},
    time::Precision,
};
use rusqlite::{Connection, params};

use super::{Cache, facts, id};
use crate::database::{execute, find, list};

/// What the server told since the last look. Applied as one transaction with its place in the feed.
#[derive(Debug, Default)]
pub(crate) struct Novelties {
    pub photos: Vec<Photo>,
    pub gone_photos: Vec<PhotoId>,
    pub albums: Vec<AlbumOrder>,
    pub gone_albums: Vec<AlbumId>,
    /// All photos the family has, written down already: others are gone, and so are albums that are not above.
    pub only: Option<HashSet<PhotoId>>,
    pub last_seq: u64,
}

#[derive(Debug)]
pub(crate) struct AlbumOrder {
    pub album: Album,
    pub photos: Vec<PhotoId>,
}

impl Cache {
    pub(crate) async fn apply(&self, novelties: Novelties) -> anyhow::Result<()> {
        self.database.write(move |c| apply(c, &novelties)).await
    }

    pub(crate) async fn photo(&self, photo: PhotoId) -> anyhow::Result<Option<Photo>> {
        self.database.read(move |c| find_photo(c, photo)).await
    }

    pub(crate) async fn put_photo(&self, photo: Photo) -> anyhow::Result<()> {
        self.database.write(move |c| put_photo(c, &photo, false)).await
    }

    /// Read before the end of a snapshot: the place in the feed stays where it is.
    pub(crate) async fn put_photos(&self, photos: Vec<Photo>) -> anyhow::Result<()> {
        self.database.write(move |c| put_photos(c, &photos)).await
    }

    pub(crate) async fn remove_photo(&self, photo: PhotoId) -> anyhow::Result<()> {
        self.database.write(move |c| remove_photo(c, photo)).await
    }

    /// What `look` takes down of every photo to keep here, the newest first; with `albums`, only of those in one of them.
    /// Hidden ones come last, so that one that is put back is still here.
    ///
    /// One photo is held at a time: a family's all together would take more memory than everything else of the frame.
    pub(crate) async fn playable<T: Send + 'static>(
        &self,
        albums: Vec<AlbumId>,
        look: impl Fn(&Photo) -> T + Send + 'static,
    ) -> anyhow::Result<Vec<T>> {
        self.database
            .read(move |c| {
                let chosen = in_albums(c, &albums)?;
                let is_chosen = |photo: &Photo| chosen.as_ref().is_none_or(|ids| ids.contains(&photo.id));
                // To order by anything but the key, SQLite would hold them all.
                let sql = "SELECT photo, hidden FROM photos WHERE playable = 1 AND failures < 2 \
                           ORDER BY id DESC";
                let looks = list(c, sql, [], |row| {
                    let photo = serde_json::from_str::<Photo>(row.get_ref(0)?.as_str()?).ok();
                    let hidden: bool = row.get(1)?;
                    Ok(photo.filter(is_chosen).map(|photo| (hidden, look(&photo))))
                })?;
                let (hidden, shown): (Vec<_>, Vec<_>) =
                    looks.into_iter().flatten().partition(|(hidden, _)| *hidden);
                Ok(shown.into_iter().chain(hidden).map(|(_, look)| look).collect())
            })
            .await
    }

    /// Photos with a file that may not be shown any more.
    pub(crate) async fn gone(&self) -> anyhow::Result<HashSet<PhotoId>> {
        let sql = "SELECT DISTINCT photo FROM files WHERE photo NOT IN \
                   (SELECT id FROM photos WHERE playable = 1 AND failures < 2)";
        self.database.read(move |c| Ok(list(c, sql, [], |row| id(row, 0))?.into_iter().collect())).await
    }
}

/// `None`: all albums are played.
pub(super) fn in_albums(c: &Connection, albums: &[AlbumId]) -> rusqlite::Result<Option<HashSet<PhotoId>>> {
    if albums.is_empty() {
        return Ok(None);
    }
    let mut photos = HashSet::new();
    for album in albums {
        photos.extend(photos_of(c, *album)?);
    }
    Ok(Some(photos))
}

pub(super) fn photos_of(c: &Connection, album: AlbumId) -> rusqlite::Result<Vec<PhotoId>> {
    let sql = "SELECT photo FROM album_photos WHERE album = ? ORDER BY place";
    list(c, sql, [album.0.as_bytes()], |row| id(row, 0))
}

pub(super) fn find_photo(c: &Connection, photo: PhotoId) -> rusqlite::Result<Option<Photo>> {
    let sql = "SELECT photo FROM photos WHERE id = ?";
    let text = find(c, sql, [photo.0.as_bytes()], |row| row.get::<_, String>(0))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn apply(c: &Connection, novelties: &Novelties) -> rusqlite::Result<()> {
    if let Some(only) = &novelties.only {
        retain_photos(c, only)?;
        c.execute_batch("DELETE FROM albums; DELETE FROM album_photos;")?;
    }
    put_photos(c, &novelties.photos)?;
    for photo in &novelties.gone_photos {
        remove_photo(c, *photo)?;
    }
    for order in &novelties.albums {
        put_album(c, order)?;
    }
    for album in &novelties.gone_albums {
        execute(c, "DELETE FROM albums WHERE id = ?", [album.0.as_bytes()])?;
        execute(c, "DELETE FROM album_photos WHERE album = ?", [album.0.as_bytes()])?;
    }
    facts::remember(c, "last_seq", &novelties.last_seq)
}

fn put_photos(c: &Connection, photos: &[Photo]) -> rusqlite::Result<()> {
    // What the first snapshot brings is not news.
    let news = facts::recall::<u64>(c, "last_seq")?.is_some();
    photos.iter().try_for_each(|photo| put_photo(c, photo, news))
}

fn retain_photos(c: &Connection, kept: &HashSet<PhotoId>) -> rusqlite::Result<()> {
    let held: Vec<PhotoId> = list(c, "SELECT id FROM photos", [], |row| id(row, 0))?;
    held.into_iter().filter(|photo| !kept.contains(photo)).try_for_each(|photo| remove_photo(c, photo))
}

/// `news`: a photo that was not known comes first in the playlist.
pub(super) fn put_photo(c: &Connection, photo: &Photo, news: bool) -> rusqlite::Result<()> {
    let text = serde_json::to_string(photo).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let known = matches!(photo.kind, PhotoKind::Still | PhotoKind::Video);
    let playable = known && photo.state == PhotoState::Ready;
    let taken = day_of(photo).map(|day| day.to_string());
    let sql = "INSERT INTO photos (id, photo, playable, taken, arrival, hearts, hidden, comments) \
               SELECT ?1, ?2, ?3, ?4, CASE WHEN ?5 THEN (SELECT coalesce(max(arrival), 0) + 1 FROM photos) END, \
               ?6, ?7, ?8 WHERE true \
               ON CONFLICT (id) DO UPDATE SET photo = ?2, playable = ?3, taken = ?4, \
               arrival = CASE WHEN ?5 AND playable = 0 THEN excluded.arrival ELSE arrival END, \
               hearts = ?6, hidden = ?7, comments = ?8";
    let id = photo.id.0.as_bytes();
    let (hearts, hidden, comments) = (photo.hearts, photo.hidden, photo.comments);
    execute(c, sql, params![id, text, playable, taken, news && playable, hearts, hidden, comments])?;
    Ok(())
}

fn remove_photo(c: &Connection, photo: PhotoId) -> rusqlite::Result<()> {
    execute(c, "DELETE FROM photos WHERE id = ?", [photo.0.as_bytes()])?;
    execute(c, "DELETE FROM album_photos WHERE photo = ?", [photo.0.as_bytes()])?;
    execute(c, "DELETE FROM said WHERE photo = ?", [photo.0.as_bytes()])?;
    Ok(())
}

fn put_album(c: &Connection, order: &AlbumOrder) -> rusqlite::Result<()> {
    let album = order.album.id.0.as_bytes();
    let text =
        serde_json::to_string(&order.album).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let sql = "INSERT INTO albums (id, album, place) \
               SELECT ?1, ?2, (SELECT coalesce(max(place), 0) + 1 FROM albums) WHERE true \
               ON CONFLICT (id) DO UPDATE SET album = ?2";
    execute(c, sql, params![album, text])?;
    execute(c, "DELETE FROM album_photos WHERE album = ?", [album])?;
    for (place, photo) in order.photos.iter().enumerate() {
        let sql = "INSERT INTO album_photos (album, place, photo) VALUES (?, ?, ?)";
        execute(c, sql, params![album, place as i64, photo.0.as_bytes()])?;
    }
    Ok(())
}

/// The day it was taken, when it is known to the day.
pub(super) fn day_of(photo: &Photo) -> Option<Date> {
    let known = matches!(photo.taken_at.precision, Precision::Exact | Precision::Day);
    known.then(|| photo.taken_at.local.parse::<DateTime>().ok())?.map(|local| local.date())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{super::files::nameless, *};

    #[tokio::test]
    async fn the_newest_are_kept_first_and_hidden_ones_last() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).await.unwrap();
        let [first, second, third, fourth] = [1, 2, 3, 4].map(|n| PhotoId(Uuid::from_u128(n)));
        for (id, hidden) in [(first, true), (second, false), (third, true), (fourth, false)] {
            cache.put_photo(Photo { hidden, ..nameless(id) }).await.unwrap();
        }
        assert_eq!(kept(&cache).await, [fourth, second, third, first]);
    }

    #[tokio::test]
    async fn a_snapshot_counts_at_its_end_and_what_the_first_one_brings_is_no_news() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).await.unwrap();
        let [first, second, third] = [1, 2, 3].map(|n| PhotoId(Uuid::from_u128(n)));
        cache.put_photos([first, second].map(nameless).to_vec()).await.unwrap();
        assert_eq!(cache.facts().await.unwrap().last_seq, None, "switched off now, it is taken anew");

        let end = Novelties { only: Some([second].into()), last_seq: 7, ..Novelties::default() };
        cache.apply(end).await.unwrap();
        assert_eq!(cache.facts().await.unwrap().last_seq, Some(7));
        assert_eq!((kept(&cache).await, news(&cache).await), (vec![second], 0));

        cache.put_photos(vec![nameless(third)]).await.unwrap();
        assert_eq!((kept(&cache).await, news(&cache).await), (vec![third, second], 1));
    }

    async fn kept(cache: &Cache) -> Vec<PhotoId> {
        cache.playable(Vec::new(), |photo| photo.id).await.unwrap()
    }

    async fn news(cache: &Cache) -> u32 {
        let sql = "SELECT count(*) FROM photos WHERE arrival IS NOT NULL";
        cache.database.read(|c| c.query_row(sql, [], |row| row.get(0))).await.unwrap()
    }
}

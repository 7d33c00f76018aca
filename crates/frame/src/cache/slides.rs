//! What the slideshow and the shelf ask of the cache.

use std::collections::HashMap;

use picup_api::{
    AlbumId, PhotoId,
    account::Locale,
    album::Album,
    frame::Person,
    photo::{Photo, PhotoKind, Place, Rendition, Uploader},
    screen::{Focus, OpenAlbum, ShelfAlbum, Slide},
};
use picup_imaging::Look;
use rusqlite::{Connection, params};

use super::{Cache, catalogue, facts, files, id, said};
use crate::{
    clock,
    database::{execute, find, list},
    places::{self, place_words},
    playlist::{Candidate, Pick, weigh},
};

const PLAYABLE_HERE: &str = "playable = 1 AND failures < 2 AND hidden = 0 AND \
    EXISTS (SELECT 1 FROM files WHERE files.photo = photos.id AND rendition <> 'original')";

/// Of a picture nobody has looked at: the mat of an old album.
const PLAIN: Look = Look { mat: [0xef, 0xe6, 0xd6], focus: (0.5, 0.5) };

impl Cache {
    /// What can be shown now. With nothing of the chosen albums here yet, all that is here. `panel`: pixels.
    pub(crate) async fn candidates(
        &self,
        albums: Vec<AlbumId>,
        panel: (u32, u32),
    ) -> anyhow::Result<Vec<Candidate>> {
        self.database
            .read(move |c| {
                let round: u64 = facts::recall(c, "round")?.unwrap_or(1);
                let all = candidates(c, round, panel)?;
                let Some(chosen) = catalogue::in_albums(c, &albums)? else { return Ok(all) };
                let some: Vec<_> = all.iter().filter(|it| chosen.contains(&it.photo)).copied().collect();
                Ok(if some.is_empty() { all } else { some })
            })
            .await
    }

    /// Marks a photo as shown. True when it had never been shown before.
    pub(crate) async fn mark_seen(&self, pick: Pick) -> anyhow::Result<bool> {
        self.database
            .write(move |c| {
                let round: u64 = facts::recall(c, "round")?.unwrap_or(1) + u64::from(pick.starts_round);
                facts::remember(c, "round", &round)?;
                let photo = pick.photo.0.as_bytes();
                let sql = "SELECT arrival IS NOT NULL FROM photos WHERE id = ?";
                let is_new = find(c, sql, [photo], |row| row.get(0))?.unwrap_or(false);
                for shown in [Some(pick.photo), pick.beside].into_iter().flatten() {
                    let sql = "UPDATE photos SET seen_round = ?, arrival = NULL WHERE id = ?";
                    execute(c, sql, params![round as i64, shown.0.as_bytes()])?;
                }
                Ok(is_new)
            })
            .await
    }

    /// Arrivals that wait to be shown and can be.
    pub(crate) async fn arrivals_waiting(&self) -> anyhow::Result<u32> {
        let sql = format!("SELECT count(*) FROM photos WHERE arrival IS NOT NULL AND {PLAYABLE_HERE}");
        self.database.read(move |c| Ok(find(c, &sql, [], |row| row.get(0))?.unwrap_or(0))).await
    }

    pub(crate) async fn photos_cached(&self) -> anyhow::Result<u32> {
        let sql = format!("SELECT count(*) FROM photos WHERE {PLAYABLE_HERE}");
        self.database.read(move |c| Ok(find(c, &sql, [], |row| row.get(0))?.unwrap_or(0))).await
    }

    /// Where it was taken is said in the language of `locale`.
    pub(crate) async fn slide(&self, photo: PhotoId, locale: Locale) -> anyhow::Result<Option<Slide>> {
        self.database.read(move |c| slide(c, photo, locale)).await
    }

    /// Seconds a cached video lasts.
    pub(crate) async fn video_seconds(&self, photo: PhotoId) -> anyhow::Result<Option<f64>> {
        Ok(self.photo(photo).await?.and_then(|photo| photo.duration_seconds))
    }

    /// Albums with something to show here.
    pub(crate) async fn shelf(&self) -> anyhow::Result<Vec<ShelfAlbum>> {
        self.database
            .read(|c| {
                let albums = list(c, "SELECT album FROM albums ORDER BY place DESC", [], |row| {
                    row.get::<_, String>(0)
                })?;
                let albums = albums.iter().filter_map(|text| serde_json::from_str::<Album>(text).ok());
                let shelf: Result<Vec<_>, _> = albums.map(|album| on_shelf(c, &album)).collect();
                Ok(shelf?.into_iter().filter(|album| album.photo_count > 0).collect())
            })
            .await
    }

    pub(crate) async fn open_album(
        &self,
        album: AlbumId,
        locale: Locale,
    ) -> anyhow::Result<Option<OpenAlbum>> {
        self.database
            .read(move |c| {
                let sql = "SELECT album FROM albums WHERE id = ?";
                let text = find(c, sql, [album.0.as_bytes()], |row| row.get::<_, String>(0))?;
                let Some(album) = text.and_then(|text| serde_json::from_str::<Album>(&text).ok()) else {
                    return Ok(None);
                };
                let slides = shown_of(c, album.id)?;
                let slides = slides.into_iter().filter_map(|photo| slide(c, photo, locale).transpose());
                Ok(Some(OpenAlbum {
                    id: album.id,
                    title: album.title,
                    slides: slides.collect::<Result<_, _>>()?,
                    last_open: facts::recall(c, &page_of(album.id))?,
                }))
            })
            .await
    }

    pub(crate) async fn remember_page(&self, album: AlbumId, photo: PhotoId) -> anyhow::Result<()> {
        self.database.write(move |c| facts::remember(c, &page_of(album), &photo)).await
    }
}

/// The fact that says where an album was open last.
fn page_of(album: AlbumId) -> String {
    format!("page of {album}")
}

/// Reads the table once: its rows are wide, as they hold all that the server told of each photo.
fn candidates(c: &Connection, round: u64, panel: (u32, u32)) -> rusqlite::Result<Vec<Candidate>> {
    let mut hearts = HashMap::new();
    let sql = format!(
        "SELECT id, hearts, arrival, taken, seen_round, \
         (SELECT max(width * 1.0 / height) FROM files WHERE files.photo = photos.id AND rendition <> 'original') \
         FROM photos WHERE {PLAYABLE_HERE}"
    );
    let mut all = list(c, &sql, [], |row| {
        let photo = id(row, 0)?;
        hearts.insert(photo, row.get(1)?);
        let taken: Option<String> = row.get(3)?;
        Ok(Candidate {
            photo,
            arrival: row.get::<_, Option<i64>>(2)?.map(i64::unsigned_abs),
            taken: taken.and_then(|day| day.parse().ok()),
            seen: row.get::<_, i64>(4)?.unsigned_abs() == round,
            weight: 1.0,
            crosswise: is_crosswise(row.get::<_, Option<f64>>(5)?.unwrap_or(1.0), panel),
        })
    })?;
    let weights = weigh(&hearts, &albums(c)?);
    for one in &mut all {
        one.weight = weights[&one.photo];
    }
    Ok(all)
}

/// `ratio`: width by height of a photo. Nearly square ones are neither upright nor lying.
fn is_crosswise(ratio: f64, (width, height): (u32, u32)) -> bool {
    if width >= height { ratio < 0.9 } else { ratio > 1.0 / 0.9 }
}

fn albums(c: &Connection) -> rusqlite::Result<HashMap<AlbumId, Vec<PhotoId>>> {
    let mut albums: HashMap<AlbumId, Vec<PhotoId>> = HashMap::new();
    for (album, photo) in
        list(c, "SELECT album, photo FROM album_photos", [], |row| Ok((id(row, 0)?, id(row, 1)?)))?
    {
        albums.entry(album).or_default().push(photo);
    }
    Ok(albums)
}

fn slide(c: &Connection, photo: PhotoId, locale: Locale) -> rusqlite::Result<Option<Slide>> {
    let Some(known) = catalogue::find_photo(c, photo)? else { return Ok(None) };
    let Some(file) = files::picture_of(c, photo)? else { return Ok(None) };
    let sql =
        "SELECT arrival IS NOT NULL, playable = 1 AND failures < 2 AND hidden = 0 FROM photos WHERE id = ?";
    let (is_new, may_be_shown) =
        find(c, sql, [photo.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or((false, false));
    let look = file.look.unwrap_or(PLAIN);
    let kind = if has_video(c, &known)? { PhotoKind::Video } else { PhotoKind::Still };
    Ok(may_be_shown.then_some(Slide {
        photo_id: photo,
        kind,
        width: file.width,
        height: file.height,
        caption: known.caption,
        people: known.people,
        place: known.place.and_then(|place| words_of(&place, locale)),
        taken_at: known.taken_at,
        hearted: known.hearted_by_me,
        is_new,
        sent_by: name_of(c, &known.uploaded_by)?,
        mat: files::colour_words(look.mat),
        focus: Focus { x: look.focus.0, y: look.focus.1 },
        said: said::of_photo(c, photo)?,
        beside: None,
    }))
}

fn words_of(place: &Place, locale: Locale) -> Option<String> {
    place_words(place, locale, places::home(clock::zone().as_deref(), locale))
}

/// Nobody the frame knows, such as the frame itself, has no name.
pub(super) fn name_of(c: &Connection, uploader: &Uploader) -> rusqlite::Result<Option<String>> {
    let Uploader::Member { id } = uploader else { return Ok(None) };
    let people: Vec<Person> = facts::recall(c, facts::PEOPLE)?.unwrap_or_default();
    Ok(people.into_iter().find(|person| person.id == *id).map(|person| person.display_name))
}

/// A video that is not here is shown as its poster.
fn has_video(c: &Connection, photo: &Photo) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM files WHERE photo = ? AND rendition = ?";
    let key = params![photo.id.0.as_bytes(), Rendition::Original.as_str()];
    Ok(photo.kind == PhotoKind::Video && find(c, sql, key, |_| Ok(()))?.is_some())
}

fn on_shelf(c: &Connection, album: &Album) -> rusqlite::Result<ShelfAlbum> {
    let photos = shown_of(c, album.id)?;
    let cover = album.cover_photo_id.filter(|cover| photos.contains(cover)).or(photos.first().copied());
    Ok(ShelfAlbum {
        id: album.id,
        title: album.title.clone(),
        cover_photo_id: cover,
        photo_count: photos.len() as u32,
    })
}

/// Photos of an album that can be shown here, in its order.
fn shown_of(c: &Connection, album: AlbumId) -> rusqlite::Result<Vec<PhotoId>> {
    let sql = format!(
        "SELECT photos.id FROM album_photos JOIN photos ON photos.id = album_photos.photo \
         WHERE album = ? AND {PLAYABLE_HERE} ORDER BY place"
    );
    list(c, &sql, [album.0.as_bytes()], |row| id(row, 0))
}

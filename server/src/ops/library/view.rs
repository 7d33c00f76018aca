//! Makes what clients see of photos out of rows: the one place where photo JSON comes from.
//!
//! A whole page costs three queries, however many photos it has.

use std::collections::{BTreeMap, HashMap, HashSet};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use picup_api::{
    AlbumId, FamilyId, Timestamp,
    photo::{MediaLink, Photo, PhotoState, Place, Rendition},
    sharing::SharedPhoto,
    time::TakenAt,
};
use uuid::Uuid;

use super::families;
use crate::{
    App, Error, Result,
    domain::{access::Caller, photo as words},
    seal::DataKey,
    store::{
        Connection,
        library::{album_photos, hearts, photos::PhotoRow},
    },
};

/// The photos as `caller` sees them, in the order of `rows`, which are of one family.
pub(crate) async fn photos(
    app: &App,
    connection: &mut Connection,
    caller: &Caller,
    family: FamilyId,
    rows: &[PhotoRow],
) -> Result<Vec<Photo>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = families::key(app, connection, family).await?;
    let around = Surroundings::load(connection, caller, rows).await?;
    Ok(rows.iter().filter_map(|row| photo(app, &key, row, &around)).collect())
}

/// One photo as `caller` sees it.
pub(crate) async fn one(
    app: &App,
    connection: &mut Connection,
    caller: &Caller,
    row: &PhotoRow,
) -> Result<Photo> {
    let key = families::key(app, connection, row.family()).await?;
    let around = Surroundings::load(connection, caller, std::slice::from_ref(row)).await?;
    photo(app, &key, row, &around)
        .ok_or_else(|| Error::internal(anyhow::anyhow!("a digest of another length")))
}

/// What other tables say about a page of photos.
struct Surroundings {
    albums: HashMap<Uuid, Vec<AlbumId>>,
    hearted_by_me: HashSet<Uuid>,
}

impl Surroundings {
    async fn load(connection: &mut Connection, caller: &Caller, rows: &[PhotoRow]) -> Result<Self> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut albums: HashMap<Uuid, Vec<AlbumId>> = HashMap::new();
        for (photo, album) in album_photos::albums_of(connection, &ids).await? {
            albums.entry(photo).or_default().push(AlbumId(album));
        }
        let (_, me) = words::uploader_columns(&words::uploader_of(caller.actor));
        let hearted_by_me = hearts::given_among(connection, me, &ids).await?.into_iter().collect();
        Ok(Self { albums, hearted_by_me })
    }
}

/// None, and a line in the log, for a row without a proper digest: nothing of it can be fetched, and a made-up digest
/// would be taken for the truth.
fn photo(app: &App, key: &DataKey, row: &PhotoRow, around: &Surroundings) -> Option<Photo> {
    let now = app.now();
    let Some(sha256) = row.digest() else {
        tracing::error!(photo = %row.id, "a digest of another length");
        return None;
    };
    Some(Photo {
        id: row.photo(),
        family_id: row.family(),
        sha256,
        bytes: row.bytes.unsigned_abs(),
        kind: words::kind_from_word(&row.kind),
        state: state(row),
        source: words::source_from_word(&row.source),
        media_type: row.media_type.clone(),
        filename: open(key, FILENAME, row.id, &row.filename),
        taken_at: taken_at(row),
        width: row.width,
        height: row.height,
        duration_seconds: seconds(row),
        camera: row.camera.as_deref().map(|sealed| open(key, CAMERA, row.id, sealed)),
        place: row.place.as_deref().and_then(|sealed| place(&open(key, PLACE, row.id, sealed))),
        caption: open(key, CAPTION, row.id, &row.caption),
        people: people(key, row),
        uploaded_by: words::uploader_from_columns(&row.uploader_kind, row.uploader_id),
        thumbhash: thumbhash(row),
        renditions: renditions(app, row, now),
        albums: around.albums.get(&row.id).cloned().unwrap_or_default(),
        hearts: row.hearts,
        hearted_by_me: around.hearted_by_me.contains(&row.id),
        comments: row.comments,
        created_at: Timestamp::from_millis(row.created_at),
        purge_at: row.purge_at.map(Timestamp::from_millis),
        hidden: row.hidden,
        removal_proposed: row.removal_proposed,
    })
}

pub(crate) fn people(key: &DataKey, row: &PhotoRow) -> Vec<String> {
    let sealed = row.people.as_deref();
    let names = sealed.and_then(|sealed| serde_json::from_str(&open(key, PEOPLE, row.id, sealed)).ok());
    names.unwrap_or_default()
}

/// What a guest with a link sees: nothing about people or places. Originals carry both, so a guest gets one only of
/// a video, which has nothing else to play.
pub(crate) fn shared_photo(app: &App, key: &DataKey, row: &PhotoRow) -> SharedPhoto {
    let mut renditions = renditions(app, row, app.now());
    if row.kind != words::kind_word(picup_api::photo::PhotoKind::Video) {
        renditions.remove(&Rendition::Original);
    }
    SharedPhoto {
        id: row.photo(),
        kind: words::kind_from_word(&row.kind),
        taken_at: taken_at(row),
        width: row.width,
        height: row.height,
        duration_seconds: seconds(row),
        caption: open(key, CAPTION, row.id, &row.caption),
        thumbhash: thumbhash(row),
        renditions,
    }
}

pub(crate) fn thumbhash(row: &PhotoRow) -> Option<String> {
    row.thumbhash.as_deref().map(|hash| BASE64.encode(hash))
}

/// The address of one rendition of a rendered photo.
pub(crate) fn media_link(app: &App, row: &PhotoRow, rendition: Rendition, now: i64) -> MediaLink {
    let (width, height) = words::rendition_size(rendition, row.width, row.height);
    MediaLink { url: app.media_signer.link(row.photo(), rendition, now), width, height }
}

/// Every rendition once the photo is rendered; before that, and of one that cannot be, the original alone.
fn renditions(app: &App, row: &PhotoRow, now: i64) -> BTreeMap<Rendition, MediaLink> {
    let is_rendered = row.state == words::state_word(PhotoState::Ready) && row.width > 0 && row.height > 0;
    let kept = |rendition: &Rendition| is_rendered || *rendition == Rendition::Original;
    let links = Rendition::ALL.into_iter().filter(kept);
    links.map(|rendition| (rendition, media_link(app, row, rendition, now))).collect()
}

fn state(row: &PhotoRow) -> PhotoState {
    if row.trashed_at.is_some() { PhotoState::Trashed } else { words::state_from_word(&row.state) }
}

fn taken_at(row: &PhotoRow) -> TakenAt {
    TakenAt {
        local: row.taken_local.clone(),
        precision: words::precision_from_word(&row.taken_precision),
        offset: row.taken_offset.clone(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a video lasts less than 285,000 years")]
fn seconds(row: &PhotoRow) -> Option<f64> {
    row.duration_ms.map(|millis| millis as f64 / 1000.0)
}

fn place(json: &str) -> Option<Place> {
    serde_json::from_str(json).ok()
}

/// Sealed columns, as the context of what is sealed in them.
pub(crate) const FILENAME: &str = "photos.filename";
pub(crate) const CAPTION: &str = "photos.caption";
pub(crate) const PEOPLE: &str = "photos.people";
pub(crate) const CAMERA: &str = "photos.camera";
pub(crate) const PLACE: &str = "photos.place";
pub(crate) const ALBUM_TITLE: &str = "albums.title";
pub(crate) const ALBUM_DESCRIPTION: &str = "albums.description";
pub(crate) const COMMENT_TEXT: &str = "comments.text";

pub(crate) fn seal(key: &DataKey, column: &str, id: Uuid, text: &str) -> Result<Vec<u8>> {
    key.seal(&format!("{column}:{id}"), text)
}

/// One damaged text does not hide a whole page of photos: it reads as empty, and the log names it.
pub(crate) fn open(key: &DataKey, column: &str, id: Uuid, sealed: &[u8]) -> String {
    key.open(&format!("{column}:{id}"), sealed).unwrap_or_else(|error| {
        tracing::error!(column, row = %id, %error, "a sealed text cannot be opened");
        String::new()
    })
}

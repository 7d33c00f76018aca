//! The cached files: `cache/{photo}.{rendition}`.

use std::{collections::HashSet, fs, path::Path};

use picup_api::{
    FamilyId, PhotoId, Sha256Digest, Timestamp,
    photo::{Photo, PhotoKind, PhotoSource, PhotoState, Rendition, Uploader},
    time::{Precision, TakenAt},
};
use picup_imaging::{Limits, Look, MediaType, Orientation, Picture};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{Cache, catalogue, id};
use crate::{
    database::{execute, find, list},
    disk,
    engine::CachedPicture,
    sync::plan::{FileKey, Sized},
};

/// Of the pictures that are kept, and so of those that are taken from here.
pub(crate) const LIMITS: Limits = Limits { max_pixels: 3840 * 2160 };

/// A file that is whole, was decoded, and waits in `incoming`.
#[derive(Clone, Debug)]
pub(crate) struct NewFile {
    pub key: FileKey,
    pub bytes: u64,
    /// Pixels; zero for a video.
    pub width: u32,
    pub height: u32,
    pub media_type: String,
    /// Absent for a video, and for a picture that an older version fetched.
    pub look: Option<Look>,
}

impl Cache {
    pub(crate) async fn held(&self) -> anyhow::Result<Vec<Sized>> {
        self.database.read(held).await
    }

    /// Gives a verified download its name.
    pub(crate) async fn take_in(&self, file: NewFile) -> anyhow::Result<()> {
        let folder = self.folder.clone();
        let from = self.incoming().join(name_of(file.key));
        self.database
            .write(move |c| {
                let to = folder.join(name_of(file.key));
                disk::publish(&from, &to).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
                put_file(c, &file)
            })
            .await
    }

    /// The row goes first: a file without a row is swept at the next start, a row without a file is never shown.
    pub(crate) async fn evict(&self, key: FileKey) -> anyhow::Result<()> {
        let path = self.folder.join(name_of(key));
        let sql = "DELETE FROM files WHERE photo = ? AND rendition = ?";
        self.database
            .write(move |c| execute(c, sql, params![key.photo.0.as_bytes(), key.rendition.as_str()]))
            .await?;
        Ok(tokio::task::spawn_blocking(move || disk::remove_if_there(&path)).await??)
    }

    /// Counts a failure the screen reported, and drops the photo's files so that they are fetched anew.
    pub(crate) async fn reject(&self, photo: PhotoId) -> anyhow::Result<()> {
        let sql = "UPDATE photos SET failures = failures + 1 WHERE id = ?";
        self.database.write(move |c| execute(c, sql, [photo.0.as_bytes()])).await?;
        for file in self.held().await?.into_iter().filter(|file| file.key.photo == photo) {
            self.evict(file.key).await?;
        }
        Ok(())
    }

    pub(crate) async fn picture(&self, photo: PhotoId) -> anyhow::Result<Option<CachedPicture>> {
        let folder = self.folder.clone();
        self.database
            .read(move |c| {
                let file = picture_of(c, photo)?;
                Ok(file.map(|file| CachedPicture {
                    path: folder.join(name_of(file.key)),
                    media_type: file.media_type,
                }))
            })
            .await
    }

    pub(crate) async fn video(&self, photo: PhotoId) -> anyhow::Result<Option<CachedPicture>> {
        let key = FileKey { photo, rendition: Rendition::Original };
        let path = self.folder.join(name_of(key));
        let sql = "SELECT media_type FROM files WHERE photo = ? AND rendition = 'original'";
        let media_type =
            self.database.read(move |c| find(c, sql, [photo.0.as_bytes()], |row| row.get(0))).await?;
        Ok(media_type.map(|media_type| CachedPicture { path, media_type }))
    }
}

/// The best picture of a photo that is here.
pub(super) fn picture_of(c: &Connection, photo: PhotoId) -> rusqlite::Result<Option<NewFile>> {
    let sql = "SELECT rendition, bytes, width, height, media_type, mat, focus_x, focus_y FROM files \
               WHERE photo = ? AND rendition <> 'original' ORDER BY width * height DESC LIMIT 1";
    find(c, sql, [photo.0.as_bytes()], |row| {
        let name: String = row.get(0)?;
        let rendition = Rendition::from_name(&name).unwrap_or(Rendition::Screen1080);
        let mat: Option<String> = row.get(5)?;
        let focus = (row.get(6)?, row.get(7)?);
        Ok(NewFile {
            key: FileKey { photo, rendition },
            bytes: size(row, 1)?,
            width: row.get(2)?,
            height: row.get(3)?,
            media_type: row.get(4)?,
            look: mat.and_then(|mat| Some(Look { mat: colour_of(&mat)?, focus })),
        })
    })
}

pub(crate) fn name_of(key: FileKey) -> String {
    format!("{}.{}", key.photo, key.rendition.as_str())
}

pub(super) fn key_of(path: &Path) -> Option<FileKey> {
    let (photo, rendition) = path.file_name()?.to_str()?.split_once('.')?;
    Some(FileKey { photo: photo.parse().ok()?, rendition: Rendition::from_name(rendition)? })
}

fn held(c: &Connection) -> rusqlite::Result<Vec<Sized>> {
    let sql = "SELECT photo, rendition, bytes FROM files ORDER BY photo DESC";
    let rows = list(c, sql, [], |row| Ok((id(row, 0)?, row.get::<_, String>(1)?, size(row, 2)?)))?;
    let sized = |(photo, name, bytes): (PhotoId, String, u64)| {
        Some(Sized { key: FileKey { photo, rendition: Rendition::from_name(&name)? }, bytes })
    };
    Ok(rows.into_iter().filter_map(sized).collect())
}

/// SQLite's integers are signed.
fn size(row: &rusqlite::Row, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}

fn put_file(c: &Connection, file: &NewFile) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO files \
               (photo, rendition, bytes, width, height, media_type, mat, focus_x, focus_y) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let (photo, rendition) = (file.key.photo.0.as_bytes(), file.key.rendition.as_str());
    let mat = file.look.map(|look| colour_words(look.mat));
    let (x, y) = file.look.map_or((0.5, 0.5), |look| look.focus);
    let (bytes, media_type) = (file.bytes as i64, &file.media_type);
    execute(c, sql, params![photo, rendition, bytes, file.width, file.height, media_type, mat, x, y])?;
    Ok(())
}

/// Drops rows whose file is gone or has another size. Returns what is left.
pub(super) fn drop_missing(c: &Connection, folder: &Path) -> anyhow::Result<HashSet<FileKey>> {
    let mut known = HashSet::new();
    for file in held(c)? {
        let there = fs::metadata(folder.join(name_of(file.key))).is_ok_and(|meta| meta.len() == file.bytes);
        if there {
            known.insert(file.key);
        } else {
            let sql = "DELETE FROM files WHERE photo = ? AND rendition = ?";
            execute(c, sql, params![file.key.photo.0.as_bytes(), file.key.rendition.as_str()])?;
        }
    }
    Ok(known)
}

/// Takes whole pictures of an index that was lost into a new one, so that the screen has something to show.
pub(super) fn adopt(c: &Connection, folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(key) = key_of(&path).filter(|key| key.rendition != Rendition::Original) else { continue };
        let Some(file) = fs::read(&path).ok().and_then(|bytes| examine(key, &bytes)) else { continue };
        catalogue::put_photo(c, &nameless(key.photo), false)?;
        put_file(c, &file)?;
    }
    Ok(())
}

/// Decodes a picture whole; `None` for one that is torn, or is none.
pub(crate) fn examine(key: FileKey, bytes: &[u8]) -> Option<NewFile> {
    let media_type = MediaType::sniff(&bytes[..bytes.len().min(MediaType::HEAD_BYTES)])?.mime().to_owned();
    let picture = Picture::decode(bytes, Orientation::Upright, &LIMITS, &[]).ok()?;
    let (width, height) = picture.size();
    let look = picup_imaging::look(&picture).ok();
    Some(NewFile { key, bytes: bytes.len() as u64, width, height, media_type, look })
}

/// `#rrggbb`.
pub(super) fn colour_words([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn colour_of(words: &str) -> Option<[u8; 3]> {
    let digits = u32::from_str_radix(words.strip_prefix('#')?, 16).ok()?;
    let [_, r, g, b] = digits.to_be_bytes();
    Some([r, g, b])
}

/// A photo of which nothing is known but its picture.
pub(super) fn nameless(id: PhotoId) -> Photo {
    Photo {
        id,
        family_id: FamilyId(Uuid::nil()),
        sha256: Sha256Digest([0; 32]),
        bytes: 0,
        kind: PhotoKind::Still,
        state: PhotoState::Ready,
        source: PhotoSource::Unknown,
        media_type: String::new(),
        filename: String::new(),
        taken_at: TakenAt {
            local: "1970-01-01T00:00:00".into(),
            precision: Precision::Unknown,
            offset: None,
        },
        width: 0,
        height: 0,
        duration_seconds: None,
        camera: None,
        place: None,
        caption: String::new(),
        people: Vec::new(),
        uploaded_by: Uploader::Frame { id: Uuid::nil().into() },
        thumbhash: None,
        renditions: Default::default(),
        albums: Vec::new(),
        hearts: 0,
        hearted_by_me: false,
        comments: 0,
        created_at: Timestamp::from_millis(0),
        purge_at: None,
        hidden: false,
        removal_proposed: false,
    }
}

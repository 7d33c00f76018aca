//! Opens the cache after anything that may have happened to it: a power cut, another version, a broken disk.
//!
//! A cache of another version or one that cannot be read is dropped; its pictures are kept and shown without their
//! captions until the server has told them again.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use tracing::{info, warn};

use super::{Cache, files};
use crate::{database::Database, disk, sync::plan::FileKey};

const SCHEMA: &str = "
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE photos (
    id BLOB PRIMARY KEY,
    photo TEXT NOT NULL,
    playable INTEGER NOT NULL,
    taken TEXT,
    arrival INTEGER,
    seen_round INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX photos_arrival ON photos (arrival) WHERE arrival IS NOT NULL;
CREATE TABLE albums (id BLOB PRIMARY KEY, album TEXT NOT NULL, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE album_photos (
    album BLOB NOT NULL, place INTEGER NOT NULL, photo BLOB NOT NULL, PRIMARY KEY (album, place)
) WITHOUT ROWID;
CREATE TABLE files (
    photo BLOB NOT NULL, rendition TEXT NOT NULL, bytes INTEGER NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, media_type TEXT NOT NULL,
    PRIMARY KEY (photo, rendition)
) WITHOUT ROWID;
CREATE TABLE commands_done (id BLOB PRIMARY KEY, place INTEGER NOT NULL);
";

/// What a picture looks like at a glance; hearts and hiding, to choose by; and what the family says.
const LOOKS_AND_WORDS: &str = "
ALTER TABLE files ADD COLUMN mat TEXT;
ALTER TABLE files ADD COLUMN focus_x REAL NOT NULL DEFAULT 0.5;
ALTER TABLE files ADD COLUMN focus_y REAL NOT NULL DEFAULT 0.5;
ALTER TABLE photos ADD COLUMN hearts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN comments_read INTEGER NOT NULL DEFAULT 0;
CREATE INDEX photos_comments ON photos (comments) WHERE comments <> comments_read;
CREATE TABLE said (
    comment BLOB PRIMARY KEY, photo BLOB NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
    voice BLOB, media_type TEXT
) WITHOUT ROWID;
CREATE INDEX said_photo ON said (photo, at);
";

pub(super) const EMPTY: &str = "
DELETE FROM facts WHERE name <> 'panel'; DELETE FROM photos; DELETE FROM albums; DELETE FROM album_photos;
DELETE FROM files; DELETE FROM commands_done; DELETE FROM said;
";

pub(super) fn open(data_dir: &Path) -> anyhow::Result<Cache> {
    let folder = data_dir.join("cache");
    fs::create_dir_all(folder.join("incoming")).context("make the cache's folder")?;
    let path = data_dir.join("cache.db");
    let connection = match open_database(&path) {
        Ok(connection) => connection,
        Err(error) => {
            warn!(error = format!("{error:#}"), "the cache's index is unusable and is made anew");
            drop_database(&path);
            let connection = open_database(&path)?;
            files::adopt(&connection, &folder)?;
            connection
        }
    };
    let known = files::drop_missing(&connection, &folder)?;
    sweep(&folder, &known)?;
    Ok(Cache { database: Database::new(connection), folder })
}

/// Fails for a newer schema, too: what a later version wrote is not guessed at.
fn open_database(path: &Path) -> anyhow::Result<Connection> {
    let mut connection = Database::open(path, "NORMAL")?;
    let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    anyhow::ensure!(sound == "ok", "the index is damaged");
    Migrations::new(vec![M::up(SCHEMA), M::up(LOOKS_AND_WORDS)]).to_latest(&mut connection)?;
    Ok(connection)
}

fn drop_database(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        if let Err(error) = fs::remove_file(PathBuf::from(file))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            warn!(%error, "a part of the cache's index cannot be removed");
        }
    }
}

/// Removes downloads that never finished, and files without a row.
pub(super) fn sweep(folder: &Path, known: &HashSet<FileKey>) -> anyhow::Result<()> {
    let mut swept = 0;
    for entry in fs::read_dir(folder.join("incoming"))?.chain(fs::read_dir(folder)?) {
        let path = entry?.path();
        let kept =
            files::key_of(&path).is_some_and(|key| known.contains(&key)) && path.parent() == Some(folder);
        if path.is_file() && !kept {
            fs::remove_file(&path)?;
            swept += 1;
        }
    }
    if swept > 0 {
        info!(swept, "removed unfinished files from the cache");
        disk::sync_folder(folder)?;
    }
    Ok(())
}

//! Opens the ledger and brings the spool and it together after a power cut.
//!
//! A copy without a row is taken up, never thrown away: the stick it came from may be gone. A ledger that cannot be
//! read is put aside, and its spool is taken up in the same way.

use std::{
    collections::HashSet,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use picup_api::photo::PhotoSource;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use tracing::{error, warn};

use super::{Ledger, SourceFile, Spooled, rows};
use crate::{
    database::Database,
    disk,
    inbox::{settle::Stamp, spool},
};

const SCHEMA: &str = "
CREATE TABLE arrivals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    source TEXT NOT NULL,
    filename TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 BLOB,
    spool_name TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    upload_url TEXT,
    photo_id BLOB,
    UNIQUE (path, bytes, modified)
);
CREATE INDEX arrivals_state ON arrivals (state, id);
CREATE INDEX arrivals_sha256 ON arrivals (sha256);
CREATE TABLE wished_hearts (photo BLOB PRIMARY KEY, on_ INTEGER NOT NULL) WITHOUT ROWID;
";

/// The older table stays, empty, for a version that is returned to.
const WISHES: &str = "
CREATE TABLE wishes (photo BLOB NOT NULL, wish TEXT NOT NULL, on_ INTEGER NOT NULL, PRIMARY KEY (photo, wish))
    WITHOUT ROWID;
INSERT INTO wishes SELECT photo, 'heart', on_ FROM wished_hearts;
DELETE FROM wished_hearts;
";

pub(super) fn open(data_dir: &Path) -> anyhow::Result<Ledger> {
    let spool = data_dir.join("spool");
    fs::create_dir_all(&spool).context("make the spool")?;
    let path = data_dir.join("ledger.db");
    let connection = match open_database(&path) {
        Ok(connection) => connection,
        Err(reason) => {
            error!(
                error = format!("{reason:#}"),
                "the ledger is unusable: it is put aside and the spool is read anew"
            );
            put_aside(&path)?;
            open_database(&path)?
        }
    };
    reconcile(&connection, &spool)?;
    Ok(Ledger { database: Database::new(connection), spool })
}

fn open_database(path: &Path) -> anyhow::Result<Connection> {
    let mut connection = Database::open(path, "FULL")?;
    let steps = vec![M::up(SCHEMA), M::up(WISHES)];
    // A later version only adds: this one goes on with what it knows.
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if (version as usize) < steps.len() {
        Migrations::new(steps).to_latest(&mut connection)?;
    }
    connection.prepare("SELECT id, path, state, spool_name FROM arrivals LIMIT 1")?.exists([])?;
    Ok(connection)
}

fn put_aside(path: &Path) -> anyhow::Result<()> {
    let free = (1..).map(|n| path.with_extension(format!("db.unreadable-{n}"))).find(|aside| !aside.exists());
    let aside = free.unwrap_or_else(|| path.with_extension("db.unreadable"));
    fs::rename(path, aside)?;
    for suffix in ["-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        disk::remove_if_there(&PathBuf::from(file))?;
    }
    Ok(())
}

fn reconcile(connection: &Connection, folder: &Path) -> anyhow::Result<()> {
    let mut known = HashSet::new();
    for (id, state, name) in rows::spool_names(connection)? {
        if !folder.join(&name).exists() && state == super::State::Spooled {
            warn!(arrival = id, "a spooled copy is gone: its source is looked for again");
            rows::forget(connection, id)?;
        }
        known.insert(name);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match spool::original_name(&name) {
            _ if known.contains(&name) => {}
            Some(filename) => take_up(connection, &path, &name, filename)?,
            None => disk::remove_if_there(&path)?,
        }
    }
    Ok(())
}

/// Between the copy's rename and its row the power went, or the spooled bytes were about to be removed.
fn take_up(connection: &Connection, path: &Path, name: &str, filename: &str) -> anyhow::Result<()> {
    let meta = fs::metadata(path)?;
    let (sha256, media_type) = spool::digest_of(path)?;
    let stamp = Stamp { bytes: meta.len(), modified: meta.mtime() };
    let spooled = Spooled {
        from: SourceFile { path: path.to_owned(), stamp },
        source: PhotoSource::Camera,
        filename: filename.to_owned(),
        media_type: media_type.map_or_else(String::new, |kind| kind.mime().to_owned()),
        sha256,
        spool_name: name.to_owned(),
    };
    if !rows::record(connection, &spooled)? {
        disk::remove_if_there(path)?;
    }
    Ok(())
}

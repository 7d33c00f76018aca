//! The ledger's statements.

use std::os::unix::ffi::OsStrExt;

use picup_api::{PhotoId, Sha256Digest, photo::PhotoSource, screen::SetAside};
use rusqlite::{Connection, Row, params};

use super::{Arrival, Counts, SourceFile, Spooled};
use crate::database::{execute, find, list};

/// Stored by name: never rename.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// In the spool, to be sent.
    Spooled,
    Sent,
    SetAside,
    /// The same bytes as another arrival.
    Same,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Spooled => "spooled",
            Self::Sent => "sent",
            Self::SetAside => "set_aside",
            Self::Same => "same",
        }
    }
}

const INSERT: &str = "INSERT OR IGNORE INTO arrivals \
    (path, bytes, modified, source, filename, media_type, sha256, spool_name, state, reason) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

pub(super) fn knows(c: &Connection, file: &SourceFile) -> rusqlite::Result<bool> {
    // What could not be read is tried again at every listing.
    let sql = "SELECT 1 FROM arrivals WHERE path = ? AND bytes = ? AND modified = ? \
               AND coalesce(reason, '') <> 'unreadable'";
    let key = params![file.path.as_os_str().as_bytes(), file.stamp.bytes as i64, file.stamp.modified];
    Ok(find(c, sql, key, |_| Ok(()))?.is_some())
}

pub(super) fn record(c: &Connection, spooled: &Spooled) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM arrivals WHERE sha256 = ? AND state <> 'same'";
    let is_new = find(c, sql, [&spooled.sha256.0], |_| Ok(()))?.is_none();
    let (state, spool_name) = match is_new {
        true => (State::Spooled, Some(&spooled.spool_name)),
        false => (State::Same, None),
    };
    let key = &spooled.from;
    let unread = "DELETE FROM arrivals WHERE path = ? AND reason = 'unreadable'";
    execute(c, unread, [key.path.as_os_str().as_bytes()])?;
    let source = source_name(spooled.source);
    let inserted = execute(
        c,
        INSERT,
        params![
            key.path.as_os_str().as_bytes(),
            key.stamp.bytes as i64,
            key.stamp.modified,
            source,
            spooled.filename,
            spooled.media_type,
            spooled.sha256.0,
            spool_name,
            state.name(),
            None::<&str>,
        ],
    )?;
    Ok(is_new && inserted == 1)
}

pub(super) fn refuse(c: &Connection, file: &SourceFile, reason: &str) -> rusqlite::Result<()> {
    let filename = file.path.file_name().unwrap_or_default().to_string_lossy();
    let (bytes, modified) = (file.stamp.bytes as i64, file.stamp.modified);
    let state = State::SetAside.name();
    let nothing = None::<&str>;
    execute(
        c,
        INSERT,
        params![
            file.path.as_os_str().as_bytes(),
            bytes,
            modified,
            "camera",
            filename,
            "",
            nothing,
            nothing,
            state,
            reason,
        ],
    )?;
    Ok(())
}

pub(super) fn waiting(c: &Connection, limit: u32) -> rusqlite::Result<Vec<Arrival>> {
    let sql = "SELECT id, source, filename, media_type, sha256, spool_name, upload_url FROM arrivals \
               WHERE state = 'spooled' ORDER BY id LIMIT ?";
    list(c, sql, [limit], read_arrival)
}

fn read_arrival(row: &Row) -> rusqlite::Result<Arrival> {
    Ok(Arrival {
        id: row.get(0)?,
        source: source_of(&row.get::<_, String>(1)?),
        filename: row.get(2)?,
        media_type: row.get(3)?,
        sha256: Sha256Digest(row.get(4)?),
        spool_name: row.get(5)?,
        upload_url: row.get(6)?,
    })
}

pub(super) fn counts(c: &Connection) -> rusqlite::Result<Counts> {
    let count = |state: State| {
        let sql = "SELECT count(*) FROM arrivals WHERE state = ?";
        find(c, sql, [state.name()], |row| row.get(0)).map(Option::unwrap_or_default)
    };
    let sql = "SELECT filename, reason FROM arrivals WHERE state = 'set_aside' ORDER BY id DESC LIMIT 100";
    let set_aside = list(c, sql, [], |row| Ok(SetAside { filename: row.get(0)?, reason: row.get(1)? }))?;
    Ok(Counts { sending: count(State::Spooled)?, sent: count(State::Sent)?, set_aside })
}

pub(super) fn remember_upload(c: &Connection, arrival: i64, url: Option<&str>) -> rusqlite::Result<()> {
    execute(c, "UPDATE arrivals SET upload_url = ? WHERE id = ?", params![url, arrival])?;
    Ok(())
}

pub(super) fn mark_sent(c: &Connection, arrival: i64, photo: Option<PhotoId>) -> rusqlite::Result<()> {
    let sql =
        "UPDATE arrivals SET state = 'sent', photo_id = ?, upload_url = NULL, spool_name = NULL WHERE id = ?";
    execute(c, sql, params![photo.map(|id| *id.0.as_bytes()), arrival])?;
    Ok(())
}

pub(super) fn set_aside(c: &Connection, arrival: i64, reason: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE arrivals SET state = 'set_aside', reason = ?, upload_url = NULL WHERE id = ?";
    execute(c, sql, params![reason, arrival])?;
    Ok(())
}

pub(super) fn retry_for_room(c: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE arrivals SET state = 'spooled', reason = NULL \
               WHERE state = 'set_aside' AND reason = 'quota_exceeded' AND spool_name IS NOT NULL";
    execute(c, sql, [])?;
    Ok(())
}

pub(super) fn forget(c: &Connection, arrival: i64) -> rusqlite::Result<()> {
    let sql = "DELETE FROM arrivals WHERE id = ?1 OR \
               (state = 'same' AND sha256 = (SELECT sha256 FROM arrivals WHERE id = ?1))";
    execute(c, sql, [arrival])?;
    Ok(())
}

pub(super) fn forget_what_was_sent(c: &Connection) -> rusqlite::Result<()> {
    c.execute_batch(
        "DELETE FROM arrivals WHERE state IN ('sent', 'same') OR (state = 'set_aside' AND spool_name IS NULL);
         UPDATE arrivals SET state = 'spooled', reason = NULL, upload_url = NULL;
         DELETE FROM wishes;",
    )
}

/// Every spooled copy that is still needed.
pub(super) fn spool_names(c: &Connection) -> rusqlite::Result<Vec<(i64, State, String)>> {
    let sql = "SELECT id, state, spool_name FROM arrivals WHERE spool_name IS NOT NULL";
    list(c, sql, [], |row| {
        let spooled = row.get::<_, String>(1)? == State::Spooled.name();
        Ok((row.get(0)?, if spooled { State::Spooled } else { State::SetAside }, row.get(2)?))
    })
}

fn source_name(source: PhotoSource) -> &'static str {
    match source {
        PhotoSource::Scanner => "scanner",
        _ => "camera",
    }
}

fn source_of(name: &str) -> PhotoSource {
    match name {
        "scanner" => PhotoSource::Scanner,
        _ => PhotoSource::Camera,
    }
}

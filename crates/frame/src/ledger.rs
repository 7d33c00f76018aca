//! The record of every file that arrived, and of what the family's server said to it. Never dropped.
//!
//! Invariant: a commit is on the disk when it returns, so a file is forgotten (its spooled bytes removed) only
//! after the server's last word about it is here.

mod open;
mod rows;
mod wishes;

use std::path::{Path, PathBuf};

use picup_api::{PhotoId, Sha256Digest, photo::PhotoSource, screen::SetAside};

use crate::{database::Database, inbox::settle::Stamp};

pub(crate) use rows::State;
pub(crate) use wishes::{Wish, Wished};

#[derive(Clone)]
pub(crate) struct Ledger {
    database: Database,
    spool: PathBuf,
}

/// A file of an inbox, as it was when it settled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SourceFile {
    pub path: PathBuf,
    pub stamp: Stamp,
}

/// A whole copy in the spool.
#[derive(Clone, Debug)]
pub(crate) struct Spooled {
    pub from: SourceFile,
    pub source: PhotoSource,
    pub filename: String,
    pub media_type: String,
    pub sha256: Sha256Digest,
    /// The file's name within the spool.
    pub spool_name: String,
}

/// An arrival that waits to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub id: i64,
    pub source: PhotoSource,
    pub filename: String,
    pub media_type: String,
    pub sha256: Sha256Digest,
    pub spool_name: String,
    pub upload_url: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub sending: u32,
    pub sent: u32,
    pub set_aside: Vec<SetAside>,
}

impl Ledger {
    pub(crate) async fn open(data_dir: &Path) -> anyhow::Result<Self> {
        let data_dir = data_dir.to_owned();
        tokio::task::spawn_blocking(move || open::open(&data_dir)).await?
    }

    pub(crate) fn spool(&self) -> &Path {
        &self.spool
    }

    /// Whether this file, as it is now, was taken or refused before.
    pub(crate) async fn knows(&self, file: SourceFile) -> anyhow::Result<bool> {
        self.database.read(move |c| rows::knows(c, &file)).await
    }

    /// Records a copy. False when the same bytes arrived before: the copy is not needed.
    pub(crate) async fn record(&self, spooled: Spooled) -> anyhow::Result<bool> {
        self.database.write(move |c| rows::record(c, &spooled)).await
    }

    /// Records a file that was refused without a copy.
    pub(crate) async fn refuse(&self, file: SourceFile, reason: &'static str) -> anyhow::Result<()> {
        self.database.write(move |c| rows::refuse(c, &file, reason)).await
    }

    /// What is to be sent, the first to arrive first.
    pub(crate) async fn waiting(&self, limit: u32) -> anyhow::Result<Vec<Arrival>> {
        self.database.read(move |c| rows::waiting(c, limit)).await
    }

    pub(crate) async fn counts(&self) -> anyhow::Result<Counts> {
        self.database.read(rows::counts).await
    }

    pub(crate) async fn remember_upload(&self, arrival: i64, url: Option<String>) -> anyhow::Result<()> {
        self.database.write(move |c| rows::remember_upload(c, arrival, url.as_deref())).await
    }

    /// The server has it: on return the spooled copy is not needed any more, and is removed.
    pub(crate) async fn mark_sent(&self, arrival: &Arrival, photo: Option<PhotoId>) -> anyhow::Result<()> {
        let id = arrival.id;
        self.database.write(move |c| rows::mark_sent(c, id, photo)).await?;
        let copy = self.spool.join(&arrival.spool_name);
        Ok(tokio::task::spawn_blocking(move || crate::disk::remove_if_there(&copy)).await??)
    }

    /// The server will not take it: the copy stays, because the source may be gone.
    pub(crate) async fn set_aside(&self, arrival: i64, reason: String) -> anyhow::Result<()> {
        self.database.write(move |c| rows::set_aside(c, arrival, &reason)).await
    }

    /// Tries those again that the server had no room for.
    pub(crate) async fn retry_for_room(&self) -> anyhow::Result<()> {
        self.database.write(rows::retry_for_room).await
    }

    /// The copy is gone from the spool: the source, if it is still there, is an arrival again.
    pub(crate) async fn forget(&self, arrival: i64) -> anyhow::Result<()> {
        self.database.write(move |c| rows::forget(c, arrival)).await
    }

    /// Another family has none of what the last one was sent. What waits to be sent still waits.
    pub(crate) async fn forget_what_was_sent(&self) -> anyhow::Result<()> {
        self.database.write(rows::forget_what_was_sent).await
    }

    pub(crate) async fn wish(&self, wished: Wished) -> anyhow::Result<()> {
        self.database.write(move |c| wishes::put(c, wished)).await
    }

    /// What the server has not heard of yet.
    pub(crate) async fn wishes(&self) -> anyhow::Result<Vec<Wished>> {
        self.database.read(wishes::all).await
    }

    pub(crate) async fn grant(&self, wished: Wished) -> anyhow::Result<()> {
        self.database.write(move |c| wishes::grant(c, wished)).await
    }
}

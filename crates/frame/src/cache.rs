//! What the frame knows of its family and keeps of its pictures. Everything here can be had again from the server.
//!
//! Invariant: a file with a row in `files` is whole and was decoded once. The row is written after the file has its
//! name, and deleted before the file is.

mod catalogue;
mod facts;
mod files;
mod open;
mod said;
mod slides;

use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::database::Database;

pub(crate) use catalogue::{AlbumOrder, Novelties};
pub(crate) use files::{LIMITS, NewFile, examine, name_of};
pub(crate) use said::{Heard, KEPT, NewSaid};

#[derive(Clone)]
pub(crate) struct Cache {
    database: Database,
    folder: PathBuf,
}

impl Cache {
    pub(crate) async fn open(data_dir: &Path) -> anyhow::Result<Self> {
        let data_dir = data_dir.to_owned();
        tokio::task::spawn_blocking(move || open::open(&data_dir)).await?
    }

    /// Where downloads grow; emptied at every start.
    pub(crate) fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// Forgets the family: rows first, then every file.
    pub(crate) async fn erase(&self) -> anyhow::Result<()> {
        self.database.write(|c| c.execute_batch(open::EMPTY)).await?;
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || open::sweep(&folder, &Default::default())).await??;
        Ok(())
    }
}

fn id<T: From<Uuid>>(row: &rusqlite::Row, column: usize) -> rusqlite::Result<T> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(Uuid::from_bytes(bytes).into())
}

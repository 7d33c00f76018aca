//! A file on its way: `name.part` beside its target.

use std::{
    io,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{Context, SHA256};
use picup_api::Sha256Digest;
use tokio::{
    fs::{self, File, OpenOptions},
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, SeekFrom},
};

use crate::{ClientError, ErrorKind, Result};

pub(super) struct Part {
    path: PathBuf,
    file: File,
    bytes: u64,
    /// Over the first `bytes` bytes.
    hash: Context,
}

impl Part {
    /// `continued`: keeps what an earlier run left, because a digest will tell whether it still fits.
    pub(super) async fn open(target: &Path, continued: bool) -> io::Result<Self> {
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let path = target.with_file_name(name);
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(!continued).open(&path).await?;
        let mut part = Self { path, file, bytes: 0, hash: Context::new(&SHA256) };
        part.read_through().await?;
        Ok(part)
    }

    async fn read_through(&mut self) -> io::Result<()> {
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = self.file.read(&mut buffer).await?;
            if read == 0 {
                return Ok(());
            }
            self.hash.update(&buffer[..read]);
            self.bytes += read as u64;
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) async fn restart(&mut self) -> io::Result<()> {
        self.file.set_len(0).await?;
        self.file.seek(SeekFrom::Start(0)).await?;
        self.bytes = 0;
        self.hash = Context::new(&SHA256);
        Ok(())
    }

    pub(super) async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Compares, writes to the disk, and takes the target's place.
    pub(super) async fn finish(&mut self, target: &Path, expected: Option<Sha256Digest>) -> Result<()> {
        let digest = self.hash.clone().finish();
        if expected.is_some_and(|expected| expected.0 != digest.as_ref()) {
            fs::remove_file(&self.path).await.map_err(ClientError::disk)?;
            return Err(ClientError::new(ErrorKind::Corrupt, "the bytes are not the promised ones"));
        }
        self.put_in_place(target).await.map_err(ClientError::disk)
    }

    async fn put_in_place(&mut self, target: &Path) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        fs::rename(&self.path, target).await?;
        let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new("."))).await?.sync_all().await
    }
}

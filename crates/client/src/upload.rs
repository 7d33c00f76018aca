//! Resumable uploads (https://tus.io/protocols/resumable-upload, version 1.0).
//!
//! The server's offset is the only truth: after any trouble it is asked for. So a cut, a restart of either side
//! or a dropped future costs a repeated request, never a byte of the file twice or left out.

mod body;
pub(crate) mod memory;

use std::path::PathBuf;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{Method, header::LOCATION};
use picup_api::{
    AlbumId, ErrorCode, FamilyId, PhotoId, Sha256Digest,
    photo::PhotoSource,
    upload::{DUPLICATE_HEADER, PHOTO_ID_HEADER, TUS_VERSION},
};
use reqwest::{Response, Url};

use crate::{Client, ClientError, ErrorKind, Result, retry::luck};
use body::Transfer;
use memory::{UploadMemory, UploadState};

const OFFSET: &str = "upload-offset";
const LENGTH: &str = "upload-length";

/// A file to send, and what the server should know of it.
#[derive(Clone, Debug)]
pub struct UploadFile {
    pub path: PathBuf,
    pub family: FamilyId,
    pub album: Option<AlbumId>,
    pub filename: String,
    pub media_type: Option<String>,
    pub source: PhotoSource,
    /// Of the whole file; the server compares.
    pub sha256: Sha256Digest,
}

/// Bytes; `sent` may fall back after a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadProgress {
    pub sent: u64,
    pub total: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uploaded {
    pub photo_id: PhotoId,
    /// The family had these bytes.
    pub duplicate: bool,
}

type OnProgress<'a> = &'a (dyn Fn(UploadProgress) + Send + Sync);

/// Where an upload stands.
struct Position {
    url: Url,
    offset: u64,
    /// The server has stored it already, and said so.
    finished: Option<Uploaded>,
}

/// One call of `upload`.
struct Sending<'a> {
    client: &'a Client,
    file: &'a UploadFile,
    memory: &'a dyn UploadMemory,
    on_progress: OnProgress<'a>,
    total: u64,
    /// The farthest offset the server has confirmed.
    confirmed: u64,
    /// The last request was the creation: what it cannot find is the family or the album.
    creating: bool,
}

impl Client {
    /// Sends a file until the server has stored it. After a transient error the next call goes on where this one
    /// stopped, as long as `memory` remembers.
    pub async fn upload(
        &self,
        file: &UploadFile,
        memory: &dyn UploadMemory,
        on_progress: &(dyn Fn(UploadProgress) + Send + Sync),
    ) -> Result<Uploaded> {
        let total = tokio::fs::metadata(&file.path).await.map_err(ClientError::disk)?.len();
        let mut sending =
            Sending { client: self, file, memory, on_progress, total, confirmed: 0, creating: false };
        let mut failures = 0;
        loop {
            let before = sending.confirmed;
            let error = match sending.advance().await {
                Ok(uploaded) => {
                    memory.save(None).await.map_err(ClientError::disk)?;
                    return Ok(uploaded);
                }
                Err(error) => error,
            };
            failures = if sending.confirmed > before { 1 } else { failures + 1 };
            sending.forget_if_gone(&error).await?;
            match self.inner.retry.wait(failures, &error, luck()) {
                Some(wait) if sending.can_go_on_after(&error) => tokio::time::sleep(wait).await,
                _ => return Err(error),
            }
        }
    }

    /// Tells the server that an upload will not be finished. One it does not know any more is as good.
    pub async fn abandon_upload(&self, state: &UploadState) -> Result<()> {
        let url = self.url(&state.url)?;
        let build = || self.inner.http.delete(url.clone()).header("tus-resumable", TUS_VERSION);
        match self.authorised(build).await {
            Err(error) if !is_gone(&error) => Err(error),
            _ => Ok(()),
        }
    }
}

impl Sending<'_> {
    async fn advance(&mut self) -> Result<Uploaded> {
        let mut position = match self.memory.load().await.map_err(ClientError::disk)? {
            Some(state) => self.resume(&state).await?,
            None => self.create().await?,
        };
        loop {
            self.confirmed = self.confirmed.max(position.offset);
            (self.on_progress)(UploadProgress { sent: position.offset, total: self.total });
            if let Some(uploaded) = position.finished {
                return Ok(uploaded);
            }
            position = self.send_chunk(position).await?;
        }
    }

    async fn create(&mut self) -> Result<Position> {
        self.creating = true;
        let url = self.client.url("/v1/uploads")?;
        let build = || {
            let request = self.client.inner.http.post(url.clone()).header("tus-resumable", TUS_VERSION);
            request.header(LENGTH, self.total).header("upload-metadata", self.metadata()).body(Vec::new())
        };
        let response = self.client.authorised(build).await?;
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let location = location.ok_or_else(|| unreadable("an upload without an address"))?;
        let state = UploadState { url: location.to_owned() };
        self.memory.save(Some(&state)).await.map_err(ClientError::disk)?;
        self.creating = false;
        Ok(Position { url: self.client.url(location)?, offset: 0, finished: None })
    }

    async fn resume(&mut self, state: &UploadState) -> Result<Position> {
        let url = self.client.url(&state.url)?;
        let build =
            || self.client.inner.http.request(Method::HEAD, url.clone()).header("tus-resumable", TUS_VERSION);
        let response = self.client.authorised(build).await?;
        let offset = number(&response, OFFSET).ok_or_else(|| unreadable("an upload without an offset"))?;
        // The file at this path is another one now.
        if number(&response, LENGTH).is_some_and(|length| length != self.total) {
            return self.create().await;
        }
        Ok(Position { url, offset, finished: uploaded(&response) })
    }

    /// At the end of the file this sends nothing, and asks for an answer that was lost.
    async fn send_chunk(&self, from: Position) -> Result<Position> {
        let left = self.total.saturating_sub(from.offset);
        let length = self.client.inner.chunk_bytes.map_or(left, |chunk| chunk.min(left));
        let transfer = Transfer::new(&self.file.path, from.offset, length);
        let report =
            |moved| (self.on_progress)(UploadProgress { sent: from.offset + moved, total: self.total });
        let response = transfer.send(self.client, &from.url, report).await?;
        let finished = uploaded(&response);
        let offset = number(&response, OFFSET).unwrap_or(from.offset + length);
        if finished.is_none() && offset >= self.total {
            return Err(unreadable("a whole upload that became no photo"));
        }
        Ok(Position { offset, finished, ..from })
    }

    /// Whether asking for the offset, or starting anew, can resolve it.
    fn can_go_on_after(&self, error: &ClientError) -> bool {
        let resolvable = matches!(error.status(), Some(404 | 409 | 410 | 423)) && !self.creating;
        error.is_transient() || resolvable
    }

    /// An upload the server has dropped, or whose bytes it refused as a whole, starts anew.
    async fn forget_if_gone(&self, error: &ClientError) -> Result<()> {
        let dropped = is_gone(error) && !self.creating;
        if dropped || error.code() == Some(ErrorCode::UploadDigestMismatch) {
            self.memory.save(None).await.map_err(ClientError::disk)?;
        }
        Ok(())
    }

    fn metadata(&self) -> String {
        let file = self.file;
        let source =
            serde_json::to_value(file.source).ok().and_then(|value| value.as_str().map(str::to_owned));
        let entries = [
            ("filename", Some(file.filename.clone())),
            ("filetype", file.media_type.clone()),
            ("sha256", Some(file.sha256.to_string())),
            ("family", Some(file.family.to_string())),
            ("album", file.album.map(|album| album.to_string())),
            ("source", source),
        ];
        let encoded = entries
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key} {}", BASE64_STANDARD.encode(value?))))
            .collect::<Vec<_>>();
        encoded.join(",")
    }
}

fn uploaded(response: &Response) -> Option<Uploaded> {
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let photo_id = header(PHOTO_ID_HEADER)?.parse().ok()?;
    Some(Uploaded { photo_id, duplicate: header(DUPLICATE_HEADER) == Some("true") })
}

fn number(response: &Response, name: &str) -> Option<u64> {
    response.headers().get(name)?.to_str().ok()?.parse().ok()
}

fn is_gone(error: &ClientError) -> bool {
    matches!(error.status(), Some(404 | 410))
}

fn unreadable(what: &'static str) -> ClientError {
    ClientError::new(ErrorKind::Unreadable, what)
}

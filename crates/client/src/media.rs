//! Fetches pictures and videos into files: whole, or not at all.
//!
//! Invariant: the target is replaced by one rename, after its bytes are on the disk and counted. A cut is
//! continued with Range; a page of a captive portal is never taken for a picture.

mod part;

use std::path::Path;

use http::{
    StatusCode,
    header::{CONTENT_RANGE, ETAG, IF_RANGE, RANGE, TRANSFER_ENCODING},
};
use picup_api::Sha256Digest;
use reqwest::Response;

use crate::{Client, ClientError, ErrorKind, Result, answer, retry::luck, transport::within};
use part::Part;

#[derive(Clone, Copy, Debug, Default)]
pub struct DownloadOptions {
    /// Of the whole file, where known. Also lets a part left by an earlier run be continued.
    pub sha256: Option<Sha256Digest>,
    pub max_bytes: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    pub bytes: u64,
    pub media_type: String,
}

/// What the head of an answer promises.
struct Promise {
    /// Where its first byte belongs.
    start: u64,
    /// Of the whole file; None when the length is only known at the end.
    total: Option<u64>,
    etag: Option<String>,
    media_type: String,
}

impl Client {
    /// Fetches a media address of this server into a file, over as many connections as it takes.
    pub async fn download(&self, url: &str, to: &Path, options: &DownloadOptions) -> Result<Downloaded> {
        let mut part = Part::open(to, options.sha256.is_some()).await.map_err(ClientError::disk)?;
        let mut etag = None;
        let mut failures = 0;
        loop {
            let before = part.bytes();
            let error = match self.continue_part(url, &mut part, &mut etag, options).await {
                Ok(promise) => {
                    part.finish(to, options.sha256).await?;
                    return Ok(Downloaded { bytes: part.bytes(), media_type: promise.media_type });
                }
                Err(error) => error,
            };
            failures = if part.bytes() > before { 1 } else { failures + 1 };
            match self.inner.retry.wait(failures, &error, luck()) {
                Some(wait) if error.is_transient() => tokio::time::sleep(wait).await,
                _ => return Err(error),
            }
        }
    }

    /// The bytes of something small.
    pub async fn media_bytes(&self, url: &str, max_bytes: usize) -> Result<Vec<u8>> {
        let response = self.head_of(self.inner.http.get(self.url(url)?)).await?;
        check_is_media(&response)?;
        within(self.inner.timeouts.answer, answer::read(response, max_bytes)).await
    }

    async fn continue_part(
        &self,
        url: &str,
        part: &mut Part,
        etag: &mut Option<String>,
        options: &DownloadOptions,
    ) -> Result<Promise> {
        // Without a name for the version or a digest, two versions could be glued together.
        if etag.is_none() && options.sha256.is_none() {
            part.restart().await.map_err(ClientError::disk)?;
        }
        let response = match self.ask(url, part.bytes(), etag.as_deref()).await {
            Err(error) if error.status() == Some(416) => {
                part.restart().await.map_err(ClientError::disk)?;
                self.ask(url, 0, None).await?
            }
            outcome => outcome?,
        };
        let promise = promise_of(&response)?;
        if promise.start != part.bytes() {
            part.restart().await.map_err(ClientError::disk)?;
        }
        etag.clone_from(&promise.etag);
        check_length(promise.total, options)?;
        self.receive(response, part, promise.total, options).await?;
        Ok(promise)
    }

    async fn ask(&self, url: &str, start: u64, etag: Option<&str>) -> Result<Response> {
        let mut request = self.inner.http.get(self.url(url)?);
        if start > 0 {
            request = request.header(RANGE, format!("bytes={start}-"));
        }
        if let Some(etag) = etag.filter(|_| start > 0) {
            request = request.header(IF_RANGE, etag);
        }
        let response = self.head_of(request).await?;
        check_is_media(&response)?;
        Ok(response)
    }

    async fn receive(
        &self,
        mut response: Response,
        part: &mut Part,
        total: Option<u64>,
        options: &DownloadOptions,
    ) -> Result<()> {
        let stall = self.inner.timeouts.stall;
        while let Some(chunk) =
            within(stall, async { response.chunk().await.map_err(ClientError::network) }).await?
        {
            check_length(Some(part.bytes() + chunk.len() as u64), options)?;
            part.append(&chunk).await.map_err(ClientError::disk)?;
        }
        match total {
            Some(total) if part.bytes() < total => {
                Err(ClientError::new(ErrorKind::Offline, "the connection was cut in mid-download"))
            }
            Some(total) if part.bytes() > total => {
                Err(ClientError::new(ErrorKind::Corrupt, "more bytes came than were promised"))
            }
            _ => Ok(()),
        }
    }
}

fn promise_of(response: &Response) -> Result<Promise> {
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let (start, total) = match response.status() {
        StatusCode::PARTIAL_CONTENT => header(CONTENT_RANGE)
            .and_then(read_content_range)
            .ok_or_else(|| ClientError::new(ErrorKind::Unreadable, "a range without its place"))?,
        _ => (0, response.content_length()),
    };
    // A body that ends with the connection cannot be told from one that was cut.
    if total.is_none() && header(TRANSFER_ENCODING).is_none() {
        return Err(ClientError::new(ErrorKind::Unreadable, "a body without a length"));
    }
    let etag = header(ETAG).filter(|etag| !etag.starts_with("W/")).map(str::to_owned);
    Ok(Promise { start, total, etag, media_type: answer::media_type(response) })
}

/// First byte and total of `bytes 5-9/10`.
fn read_content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.parse().ok()?, Some(total.parse().ok()?)))
}

fn check_is_media(response: &Response) -> Result<()> {
    let media_type = answer::media_type(response);
    let plausible = ["image/", "video/", "application/octet-stream"];
    match plausible.iter().any(|start| media_type.starts_with(start)) {
        true => Ok(()),
        false => Err(answer::portal(response.status())),
    }
}

fn check_length(bytes: Option<u64>, options: &DownloadOptions) -> Result<()> {
    match (bytes, options.max_bytes) {
        (Some(bytes), Some(max)) if bytes > max => {
            Err(ClientError::new(ErrorKind::Corrupt, "the file is longer than allowed"))
        }
        _ => Ok(()),
    }
}

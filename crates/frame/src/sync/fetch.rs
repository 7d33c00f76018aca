//! Fetches one file, and lets it into the cache only when it is whole and can be decoded.

use std::{path::PathBuf, time::Duration};

use picup_api::{
    ErrorCode,
    photo::{Photo, Rendition},
};
use picup_client::{ClientError, DownloadOptions, ErrorKind};
use picup_imaging::MediaType;
use tracing::warn;

use super::plan::FileKey;
use crate::{
    cache::{NewFile, examine, name_of},
    disk,
    engine::Core,
};

/// No rendition for a screen is larger.
const LARGEST_PICTURE: u64 = 64 << 20;

pub(super) enum Fetched {
    Here,
    /// The server is still rendering it.
    NotReady(Duration),
    /// It left the family meanwhile.
    Gone,
    /// Torn, or no picture: not let in.
    Unusable,
    DiskFull,
}

pub(super) async fn fetch(core: &Core, key: FileKey, photo: &Photo) -> anyhow::Result<Fetched> {
    if lacks_room(core, key, photo) {
        return Ok(Fetched::DiskFull);
    }
    match download(core, key, photo).await {
        Ok(path) => let_in(core, key, path).await,
        // The signature was good for hours; the photo brings a new one.
        Err(error) if is_stale(&error) => match core.client.photo(photo.id).await {
            Ok(fresh) => {
                core.take_in_photos(vec![fresh.clone()]).await?;
                match download(core, key, &fresh).await {
                    Ok(path) => let_in(core, key, path).await,
                    Err(error) => refused(error),
                }
            }
            Err(error) if error.code() == Some(ErrorCode::NotFound) => {
                core.cache.remove_photo(photo.id).await?;
                Ok(Fetched::Gone)
            }
            Err(error) => Err(error.into()),
        },
        Err(error) => refused(error),
    }
}

fn lacks_room(core: &Core, key: FileKey, photo: &Photo) -> bool {
    let needed = if key.rendition == Rendition::Original { photo.bytes } else { 1 << 20 };
    let free = disk::free_bytes(&core.options.data_dir).unwrap_or(u64::MAX);
    free < needed.saturating_add(core.options.reserve_bytes)
}

async fn download(core: &Core, key: FileKey, photo: &Photo) -> Result<PathBuf, ClientError> {
    let path = core.cache.incoming().join(name_of(key));
    let url = photo.renditions.get(&key.rendition).map_or("", |link| link.url.as_str());
    let options = match key.rendition {
        Rendition::Original => DownloadOptions { sha256: Some(photo.sha256), max_bytes: Some(photo.bytes) },
        _ => DownloadOptions { sha256: None, max_bytes: Some(LARGEST_PICTURE) },
    };
    core.client.download(url, &path, &options).await?;
    Ok(path)
}

fn is_stale(error: &ClientError) -> bool {
    let code = error.code();
    matches!(code, Some(ErrorCode::MediaLinkExpired | ErrorCode::MediaSignatureInvalid | ErrorCode::NotFound))
}

fn refused(error: ClientError) -> anyhow::Result<Fetched> {
    match error.kind() {
        _ if error.code() == Some(ErrorCode::RenditionNotReady) => {
            let wait = error.retry_after().unwrap_or(Duration::from_secs(1));
            Ok(Fetched::NotReady(wait.clamp(Duration::from_millis(200), Duration::from_secs(10))))
        }
        ErrorKind::Disk => Ok(Fetched::DiskFull),
        ErrorKind::Refused | ErrorKind::Corrupt | ErrorKind::Unreadable => {
            warn!(%error, "a file was not let into the cache");
            Ok(Fetched::Unusable)
        }
        _ => Err(error.into()),
    }
}

async fn let_in(core: &Core, key: FileKey, path: PathBuf) -> anyhow::Result<Fetched> {
    let examined = tokio::task::spawn_blocking(move || -> std::io::Result<Option<NewFile>> {
        let file = match key.rendition {
            Rendition::Original => examine_video(key, &path)?,
            _ => examine(key, &std::fs::read(&path)?),
        };
        if file.is_none() {
            disk::remove_if_there(&path)?;
        }
        Ok(file)
    });
    let Some(file) = examined.await?? else {
        warn!(photo = %key.photo, "a picture cannot be decoded and was not let into the cache");
        return Ok(Fetched::Unusable);
    };
    core.cache.take_in(file).await?;
    Ok(Fetched::Here)
}

/// Its digest was compared while it came; here it only has to be a video at all.
fn examine_video(key: FileKey, path: &std::path::Path) -> std::io::Result<Option<NewFile>> {
    use std::io::Read;
    let mut file = std::fs::File::open(path)?;
    let bytes = file.metadata()?.len();
    let mut head = Vec::new();
    file.by_ref().take(MediaType::HEAD_BYTES as u64).read_to_end(&mut head)?;
    let kind = MediaType::sniff(&head).filter(|kind| kind.is_video());
    Ok(kind.map(|kind| NewFile {
        key,
        bytes,
        width: 0,
        height: 0,
        media_type: kind.mime().to_owned(),
        look: None,
    }))
}

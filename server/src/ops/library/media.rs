//! Pictures and videos by signed address.
//!
//! The address is the permission: who has it may read that one rendition until it expires.

use std::{ops::Range, sync::Arc};

use picup_api::{
    ErrorCode, FamilyId, PhotoId,
    photo::{PhotoState, Rendition},
};
use picup_blob::{Blob, BlobErrorKind};

use super::{
    copies::{self, Original},
    families, view,
};
use crate::{
    App, Error, Result,
    domain::{job::LibraryJob, photo::state_word},
    storage::{RETRY_AFTER, rendition_key},
    store::library::{photos, photos::PhotoRow},
};

/// A signed address, taken apart. `expires` in epoch seconds.
#[derive(Clone, Debug)]
pub struct Address {
    pub photo: PhotoId,
    pub rendition: Rendition,
    pub expires: i64,
    pub signature: String,
}

/// Something that can be read.
#[derive(Clone, Debug)]
pub struct Medium {
    family: FamilyId,
    photo: PhotoId,
    rendition: Rendition,
    original: Original,
    /// Bytes of this rendition.
    pub size: u64,
    /// Without quotes; the same for the same bytes.
    pub tag: String,
    pub media_type: &'static str,
    /// Of the original alone.
    pub filename: Option<String>,
    /// Seconds the address is still good for.
    pub seconds_left: i64,
}

/// Types a browser may show. Anything else is a download without a type, so that no page of ours runs a stranger's
/// script.
const SAFE_TYPES: [&str; 10] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/tiff",
    "image/bmp",
    "image/heic",
    "image/avif",
    "video/mp4",
    "video/quicktime",
];

/// Errors: `MediaSignatureInvalid`, `MediaLinkExpired`, `NotFound`, `RenditionNotReady`.
pub async fn find(app: &App, address: &Address) -> Result<Medium> {
    let now = app.now();
    let Address { photo, rendition, expires, .. } = *address;
    app.media_signer.check(photo, rendition, expires, &address.signature, now)?;
    let mut reader = app.library.stale_ok().await?;
    let row = photos::find(&mut reader, photo).await?.ok_or(ErrorCode::NotFound)?;
    let digest =
        row.digest().ok_or_else(|| Error::internal(anyhow::anyhow!("a digest of another length")))?;
    let original = Original { family: row.family(), digest, bytes: row.bytes.unsigned_abs() };
    let filename = match rendition {
        Rendition::Original => {
            let key = families::key(app, &mut reader, row.family()).await?;
            Some(view::open(&key, view::FILENAME, row.id, &row.filename))
        }
        _ => None,
    };
    drop(reader);
    let size = size(app, &row, rendition, original).await?;
    Ok(Medium {
        family: row.family(),
        photo,
        rendition,
        original,
        size,
        tag: format!("{}-{}-{size}", &digest.to_string()[..32], rendition.as_str()),
        media_type: media_type(&row, rendition),
        filename,
        seconds_left: expires - now / 1000,
    })
}

async fn size(app: &App, row: &PhotoRow, rendition: Rendition, original: Original) -> Result<u64> {
    if rendition == Rendition::Original {
        return Ok(original.bytes);
    }
    let key = rendition_key(row.family(), row.photo(), rendition.as_str());
    match app.storage.main().head(&key).await {
        Err(error) if error.kind == BlobErrorKind::NotFound => Err(not_ready(app, row, rendition).await?),
        found => Ok(found?),
    }
}

/// Asks for the rendition, unless the photo has been found to be none.
async fn not_ready(app: &App, row: &PhotoRow, rendition: Rendition) -> Result<Error> {
    if row.state == state_word(PhotoState::Broken) {
        return Ok(ErrorCode::NotFound.into());
    }
    let mut tx = app.library.begin().await?;
    let (photo, family) = (row.photo(), Some(row.family()));
    // A photo that is still processing is in the queue already; asking twice is one job.
    let is_ready = row.state == state_word(PhotoState::Ready);
    let job = if is_ready {
        LibraryJob::RenderOne { photo, family, rendition }
    } else {
        LibraryJob::Render { photo, family }
    };
    tx.enqueue(&job, app.now()).await?;
    tx.commit().await?;
    Ok(Error::new(ErrorCode::RenditionNotReady).with_retry_after(RETRY_AFTER))
}

fn media_type(row: &PhotoRow, rendition: Rendition) -> &'static str {
    match rendition {
        Rendition::Thumb | Rendition::Preview => "image/webp",
        Rendition::Screen1080 | Rendition::Screen2160 => "image/jpeg",
        Rendition::Original => {
            let safe = SAFE_TYPES.into_iter().find(|safe| *safe == row.media_type);
            safe.unwrap_or("application/octet-stream")
        }
    }
}

/// Opens all of it, or a part.
pub async fn open(app: &Arc<App>, medium: &Medium, range: Option<Range<u64>>) -> Result<Blob> {
    if medium.rendition == Rendition::Original {
        return copies::open(app, medium.original, range).await;
    }
    let key = rendition_key(medium.family, medium.photo, medium.rendition.as_str());
    Ok(app.storage.main().get(&key, range).await?)
}

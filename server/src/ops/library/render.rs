//! Makes a photo's pictures from its original.
//!
//! Safe to run twice: the same original gives the same pictures under the same names. What cannot be decoded is
//! broken, which is an answer; what failed around it is an error, and the job tries again.

use base64::{Engine, prelude::BASE64_STANDARD};
use picup_api::{
    ErrorCode, FamilyId, PhotoId,
    photo::{PhotoKind, Place, Rendition},
    time::{Precision, TakenAt},
};
use tempfile::TempPath;

use super::{
    arrivals::{self, Rendered},
    copies,
};
use crate::{
    App, Error, Result,
    domain::job::LibraryJob,
    rendering::{self, RenderError},
    store::library::photos::{self, PhotoRow},
};

/// Made for every photo as it arrives; larger ones when they are first asked for.
const AT_ARRIVAL: [Rendition; 3] = [Rendition::Thumb, Rendition::Preview, Rendition::Screen1080];

/// Renders a photo that has arrived. One that is gone meanwhile is no error.
pub async fn render(app: &App, photo: PhotoId, family: Option<FamilyId>) -> Result<()> {
    let Some(row) = find(app, photo).await? else { return remove_left(app, photo, family).await };
    match make_pictures(app, &row, &AT_ARRIVAL).await {
        Ok(rendered) => arrivals::record_rendered(app, photo, &to_record(&rendered)).await,
        Err(Trouble::Broken(error)) => {
            tracing::info!(%photo, error = %error, "a photo cannot be shown");
            arrivals::record_broken(app, photo).await
        }
        Err(Trouble::Other(error)) => Err(error),
    }
}

/// Makes one rendition that is not there: never made before, or lost.
///
/// Errors: `NotFound` when the photo is gone or cannot be decoded.
pub async fn make_one(
    app: &App,
    photo: PhotoId,
    family: Option<FamilyId>,
    rendition: Rendition,
) -> Result<()> {
    let Some(row) = find(app, photo).await? else {
        remove_left(app, photo, family).await?;
        return Err(ErrorCode::NotFound.into());
    };
    match make_pictures(app, &row, &[rendition]).await {
        Ok(_) => Ok(()),
        Err(Trouble::Broken(error)) => Err(Error::new(ErrorCode::NotFound).with_source(error)),
        Err(Trouble::Other(error)) => Err(error),
    }
}

async fn find(app: &App, photo: PhotoId) -> Result<Option<PhotoRow>> {
    Ok(photos::find(&mut *app.library.fresh().await?, photo).await?)
}

enum Trouble {
    Broken(RenderError),
    Other(Error),
}

impl<E: Into<Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

async fn make_pictures(
    app: &App,
    row: &PhotoRow,
    wanted: &[Rendition],
) -> Result<rendering::Rendered, Trouble> {
    let original = fetch_original(app, row).await?;
    let rendered = match app.renderer.render(&original, wanted).await {
        Ok(rendered) => rendered,
        Err(error @ RenderError::Broken { .. }) => return Err(Trouble::Broken(error)),
        Err(error @ RenderError::Unavailable(_)) => return Err(Error::internal(error).into()),
    };
    let stored = store_pictures(app, row, &rendered).await;
    remove_if_gone(app, row).await?;
    stored?;
    Ok(rendered)
}

async fn store_pictures(app: &App, row: &PhotoRow, rendered: &rendering::Rendered) -> Result<()> {
    for file in &rendered.files {
        let bytes = tokio::fs::read(&file.path).await.map_err(Error::internal)?;
        app.storage.put_rendition(row.family(), row.photo(), file.rendition.as_str(), bytes.into()).await?;
    }
    Ok(())
}

/// A photo purged while it was rendered: its pictures may have been removed before the last one was stored.
async fn remove_if_gone(app: &App, row: &PhotoRow) -> Result<()> {
    let (family, photo) = (row.family(), row.photo());
    if find(app, photo).await?.is_some() {
        return Ok(());
    }
    let mut tx = app.library.begin_in(row.family()).await?;
    tx.enqueue(&LibraryJob::RemoveRenditions { family, photo }, app.now()).await?;
    Ok(tx.commit().await?)
}

/// A run of this job that was killed may have stored pictures after those of the photo were removed.
async fn remove_left(app: &App, photo: PhotoId, family: Option<FamilyId>) -> Result<()> {
    match family {
        Some(family) => copies::removal::remove_renditions(app, family, photo).await,
        None => Ok(()),
    }
}

/// In a local file, compared with its digest: a copy with a flipped bit must not make a photo broken.
async fn fetch_original(app: &App, row: &PhotoRow) -> Result<TempPath> {
    let digest = row.digest().ok_or(ErrorCode::Internal)?;
    let bytes = u64::try_from(row.bytes).map_err(Error::internal)?;
    let file = app.renderer.scratch_file().map_err(Error::internal)?;
    copies::fetch_original(app, row.family(), &digest, bytes, &file).await?;
    Ok(file)
}

fn to_record(rendered: &rendering::Rendered) -> Rendered {
    let metadata = &rendered.metadata;
    Rendered {
        kind: if metadata.media_type.is_video() { PhotoKind::Video } else { PhotoKind::Still },
        media_type: metadata.media_type.mime().to_owned(),
        width: metadata.width,
        height: metadata.height,
        duration_seconds: metadata.duration_seconds,
        camera: metadata.camera.clone(),
        place: metadata.place.map(|place| Place { latitude: place.latitude, longitude: place.longitude }),
        taken_at: metadata.taken_at.as_ref().map(to_taken),
        thumbhash: BASE64_STANDARD.decode(&rendered.fingerprint.thumbhash).unwrap_or_default(),
        phash: hex::decode(&rendered.fingerprint.perceptual_hash).ok(),
    }
}

fn to_taken(taken: &picup_imaging::TakenAt) -> TakenAt {
    let precision = match taken.precision {
        picup_imaging::Precision::Exact => Precision::Exact,
        picup_imaging::Precision::Day => Precision::Day,
        picup_imaging::Precision::Month => Precision::Month,
        picup_imaging::Precision::Year => Precision::Year,
    };
    TakenAt { local: taken.local.clone(), precision, offset: taken.offset.clone() }
}

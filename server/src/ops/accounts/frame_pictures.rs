//! What a frame's screen shows, for the children who look after it: the newest picture alone is kept.

use picup_api::{ErrorCode, FamilyId, FrameId, change::Event};

use super::{
    frame_of,
    frames::{family_key, find_in},
    member_of,
};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        screen_picture::{known, sniff},
    },
    store::accounts::{frame_pictures, frames},
};

/// A picture as it is sent.
pub struct ScreenPicture {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

fn context(frame: FrameId) -> String {
    format!("frame_pictures.picture:{frame}")
}

/// Keeps a picture of the calling frame's screen in the place of the one before.
///
/// Errors: `ValidationFailed` for what is no picture, `FrameRevoked`.
pub async fn keep(app: &App, caller: &Caller, picture: &[u8]) -> Result<()> {
    let id = frame_of(caller)?;
    let media_type = sniff(picture)
        .ok_or_else(|| Error::new(ErrorCode::ValidationFailed).with_field("body", "invalid"))?;
    let mut tx = app.accounts.begin().await?;
    let row = frames::find(&mut tx, id).await?.ok_or(ErrorCode::FrameRevoked)?;
    let family = FamilyId(row.family_id);
    let sealed = family_key(app, &mut tx, family).await?.seal_bytes(&context(id), picture)?;
    // First, for it locks the frame's row: pictures of one frame come one after the other, and none after its removal.
    if !frames::set_picture_at(&mut tx, id, app.now()).await? {
        return Err(ErrorCode::FrameRevoked.into());
    }
    frame_pictures::remove(&mut tx, id).await?;
    frame_pictures::insert(&mut tx, id, media_type, sealed).await?;
    tx.announce(Event::FrameChanged { family_id: family, frame_id: id });
    Ok(tx.commit().await?)
}

/// Not for frames: one living room does not look into another.
pub async fn read(app: &App, caller: &Caller, family: FamilyId, id: FrameId) -> Result<ScreenPicture> {
    caller.allow(family, Act::Read)?;
    member_of(caller)?;
    let mut reader = app.accounts.fresh().await?;
    find_in(&mut reader, family, id).await?;
    let (media_type, sealed) = frame_pictures::find(&mut reader, id).await?.ok_or(ErrorCode::NotFound)?;
    let media_type = known(&media_type).ok_or(ErrorCode::NotFound)?;
    let bytes = family_key(app, &mut reader, family).await?.open_bytes(&context(id), &sealed)?;
    Ok(ScreenPicture { media_type, bytes })
}

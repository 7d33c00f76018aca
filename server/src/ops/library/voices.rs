//! Spoken comments: recorded by a child, listened to under the photo.
//!
//! The sound is sealed like the words of other comments, and counts against the family's quota.

use picup_api::{CommentId, ErrorCode, PhotoId, photo::Comment};

use super::{
    comments::{add, new_row, show},
    families,
    photos::{find, find_kept},
};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        faults::Faults,
        text::{TextFault, VoiceText},
        voice::VoiceType,
    },
    store::library::{comments, families as families_table, voices},
};

/// A recording as it is sent to listeners.
pub struct Voice {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

fn context(comment: CommentId) -> String {
    format!("voices.sound:{comment}")
}

/// Errors: `ValidationFailed` for what is no recording, `QuotaExceeded`.
pub async fn say(
    app: &App,
    caller: &Caller,
    photo: PhotoId,
    sound: &[u8],
    text: Option<&str>,
) -> Result<Comment> {
    let mut tx = app.library.begin_in(photo).await?;
    let row = find_kept(&mut tx, caller, photo, Act::Comment).await?;
    let (kind, text) = parse(sound, text.unwrap_or_default())?;
    let bytes = i64::try_from(sound.len()).map_err(Error::internal)?;
    if !families_table::take_quota(&mut tx, row.family(), bytes).await? {
        return Err(ErrorCode::QuotaExceeded.into());
    }
    let key = families::key(app, &mut tx, row.family()).await?;
    let mut comment = new_row(&key, caller, &row, text.as_str(), app.now())?;
    comment.voice_type = Some(kind.mime().to_owned());
    comment.voice_bytes = Some(bytes);
    let id = comment.comment();
    voices::insert(&mut tx, id, photo, key.seal_bytes(&context(id), sound)?).await?;
    add(&mut tx, &comment).await?;
    tx.commit().await?;
    Ok(show(&key, &comment))
}

fn parse(sound: &[u8], text: &str) -> Result<(VoiceType, VoiceText)> {
    let mut faults = Faults::default();
    let kind: Result<_, TextFault> = VoiceType::sniff(sound).ok_or("invalid");
    let parsed = (faults.take("body", kind), faults.take("text", VoiceText::parse(text)));
    match parsed {
        (Some(kind), Some(text)) => Ok((kind, text)),
        _ => Err(Error::invalid(faults.into_fields())),
    }
}

/// Errors: `NotFound` also for a comment that was written.
pub async fn read(app: &App, caller: &Caller, comment: CommentId) -> Result<Voice> {
    let mut reader = app.library.fresh().await?;
    let row = comments::find(&mut reader, comment).await?.ok_or(ErrorCode::NotFound)?;
    let photo = find(&mut reader, caller, row.photo(), Act::Read).await?;
    let kind = row.voice_type.as_deref().and_then(VoiceType::from_mime).ok_or(ErrorCode::NotFound)?;
    let sealed = voices::find(&mut reader, comment).await?.ok_or(ErrorCode::NotFound)?;
    let key = families::key(app, &mut reader, photo.family()).await?;
    Ok(Voice { media_type: kind.mime(), bytes: key.open_bytes(&context(comment), &sealed)? })
}

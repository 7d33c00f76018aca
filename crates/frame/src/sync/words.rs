//! Fetches what the family says of its photos: the newest comments of each, and the voices among them.

use std::collections::HashSet;

use picup_api::{CommentId, ErrorCode, PhotoId, photo::Comment};
use picup_client::{ClientError, ErrorKind, PageQuery};
use tracing::warn;

use crate::{
    cache::{Heard, KEPT, NewSaid},
    engine::Core,
};

/// Photos in one round: what is said must not keep pictures waiting.
const AT_ONCE: u32 = 50;
const PAGE: u32 = 200;

/// True when there is more to read.
pub(super) async fn read_comments(core: &Core) -> anyhow::Result<bool> {
    let unread = core.cache.comments_unread(AT_ONCE).await?;
    if unread.is_empty() {
        return Ok(false);
    }
    for (photo, count) in &unread {
        let held = core.cache.voices(*photo).await?;
        let mut said = Vec::new();
        for comment in newest(core, *photo).await? {
            said.push(listen(core, comment, &held).await?);
        }
        core.cache.put_said(*photo, *count, said).await?;
        core.words_came(*photo).await?;
    }
    Ok(unread.len() as u32 == AT_ONCE)
}

/// The last ones of a list that begins with the oldest. A photo that left meanwhile has none.
async fn newest(core: &Core, photo: PhotoId) -> Result<Vec<Comment>, ClientError> {
    let (mut newest, mut page) = (Vec::new(), PageQuery::first(PAGE));
    loop {
        let next = match core.client.comments(photo, &page).await {
            Err(error) if error.code() == Some(ErrorCode::NotFound) => return Ok(Vec::new()),
            answer => answer?,
        };
        newest.extend(next.items);
        newest.drain(..newest.len().saturating_sub(KEPT as usize));
        let Some(cursor) = next.next_cursor else { return Ok(newest) };
        page.cursor = Some(cursor);
    }
}

async fn listen(core: &Core, comment: Comment, held: &HashSet<CommentId>) -> Result<NewSaid, ClientError> {
    let voice = match comment.voice {
        Some(note) if !held.contains(&comment.id) => voice(core, comment.id, note.media_type).await?,
        _ => None,
    };
    let Comment { id, author, text, created_at, .. } = comment;
    Ok(NewSaid { comment: id, author, text, at: created_at, voice })
}

/// A voice the server refuses is left out: its words, if there are any, are still shown.
async fn voice(core: &Core, comment: CommentId, media_type: String) -> Result<Option<Heard>, ClientError> {
    match core.client.voice(comment).await {
        Ok(bytes) => Ok(Some(Heard { bytes, media_type })),
        Err(error)
            if matches!(error.kind(), ErrorKind::Refused | ErrorKind::Corrupt | ErrorKind::Unreadable) =>
        {
            warn!(%comment, %error, "a voice was not let into the cache");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

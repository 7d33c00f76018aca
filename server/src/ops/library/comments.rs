//! Comments on a photo, written or spoken: listed, written, taken away.

use picup_api::{
    CommentId, ErrorCode, Page, PhotoId, Timestamp,
    change::ChangeKind,
    photo::{Comment, NewComment, VoiceNote},
};
use uuid::Uuid;

use super::{
    families,
    paging::{PageQuery, Paging, page},
    photos::{find, find_kept},
    view::{self, COMMENT_TEXT},
};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        cursor::Cursor,
        photo::{uploader_columns, uploader_from_columns, uploader_of},
        text::CommentText,
    },
    seal::DataKey,
    store::library::{
        LibraryTx,
        comments::{self, CommentRow},
        families as families_table,
        photos::PhotoRow,
        voices,
    },
};

/// Oldest first.
pub async fn list(app: &App, caller: &Caller, photo: PhotoId, query: &PageQuery) -> Result<Page<Comment>> {
    let mut reader = app.library.fresh().await?;
    let row = find(&mut reader, caller, photo, Act::Read).await?;
    let paging = Paging::new(app, format!("photos/{photo}/comments"), query, Cursor::FIRST)?;
    let mut rows = comments::page(&mut reader, photo, paging.after.id, paging.rows()).await?;
    let next = paging.cut(&mut rows, |row| Cursor { sort: 0, id: row.id });
    let key = families::key(app, &mut reader, row.family()).await?;
    Ok(page(rows.iter().map(|comment| show(&key, comment)).collect(), next))
}

pub async fn write(app: &App, caller: &Caller, photo: PhotoId, new: &NewComment) -> Result<Comment> {
    let mut tx = app.library.begin_in(photo).await?;
    let row = find_kept(&mut tx, caller, photo, Act::Comment).await?;
    let text = CommentText::parse(&new.text)
        .map_err(|code| Error::new(ErrorCode::ValidationFailed).with_field("text", code))?;
    let key = families::key(app, &mut tx, row.family()).await?;
    let comment = new_row(&key, caller, &row, text.as_str(), app.now())?;
    add(&mut tx, &comment).await?;
    tx.commit().await?;
    Ok(show(&key, &comment))
}

/// Its author takes a comment back, or an editor takes it away.
pub async fn remove(app: &App, caller: &Caller, comment: CommentId) -> Result<()> {
    let mut tx = app.library.begin_in(comment).await?;
    let row = comments::find(&mut tx, comment).await?.ok_or(ErrorCode::NotFound)?;
    let (_, me) = uploader_columns(&uploader_of(caller.actor));
    caller.allow(row.family(), if row.author_id == me { Act::Comment } else { Act::Edit })?;
    take_away(&mut tx, &row, app.now()).await?;
    Ok(tx.commit().await?)
}

/// A comment without a voice, not stored yet.
pub(super) fn new_row(
    key: &DataKey,
    caller: &Caller,
    photo: &PhotoRow,
    text: &str,
    now: i64,
) -> Result<CommentRow> {
    let id = Uuid::now_v7();
    let (author_kind, author_id) = uploader_columns(&uploader_of(caller.actor));
    Ok(CommentRow {
        id,
        photo_id: photo.id,
        family_id: photo.family_id,
        author_kind: author_kind.to_owned(),
        author_id,
        text: view::seal(key, COMMENT_TEXT, id, text)?,
        created_at: now,
        voice_type: None,
        voice_bytes: None,
    })
}

/// Stores a comment; the photo's count and the feed follow.
pub(super) async fn add(tx: &mut LibraryTx, comment: &CommentRow) -> Result<()> {
    comments::insert(tx, comment).await?;
    follow(tx, comment, comment.created_at).await
}

/// Removes a comment with its voice; the photo's count and the feed follow.
pub(super) async fn take_away(tx: &mut LibraryTx, comment: &CommentRow, now: i64) -> Result<()> {
    if let Some(bytes) = comment.voice_bytes {
        voices::remove(tx, comment.comment()).await?;
        families_table::give_back_quota(tx, comment.family(), bytes).await?;
    }
    comments::remove(tx, comment.id).await?;
    follow(tx, comment, now).await
}

async fn follow(tx: &mut LibraryTx, comment: &CommentRow, now: i64) -> Result<()> {
    comments::recount(tx, comment.photo()).await?;
    let change = ChangeKind::CommentsChanged { photo_id: comment.photo() };
    Ok(tx.record_change(comment.family(), change, now).await?)
}

pub(super) fn show(key: &DataKey, row: &CommentRow) -> Comment {
    Comment {
        id: CommentId(row.id),
        photo_id: PhotoId(row.photo_id),
        author: uploader_from_columns(&row.author_kind, row.author_id),
        text: view::open(key, COMMENT_TEXT, row.id, &row.text),
        voice: voice(row),
        created_at: Timestamp::from_millis(row.created_at),
    }
}

fn voice(row: &CommentRow) -> Option<VoiceNote> {
    Some(VoiceNote {
        url: format!("/v1/comments/{}/voice", row.id),
        media_type: row.voice_type.clone()?,
        bytes: row.voice_bytes?.unsigned_abs(),
    })
}

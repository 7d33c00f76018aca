//! Comments on a photo.

use picup_api::{
    CommentId, ErrorCode, Page, PhotoId, Timestamp,
    change::ChangeKind,
    photo::{Comment, NewComment},
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
    store::library::comments::{self, CommentRow},
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
    let (id, now) = (Uuid::now_v7(), app.now());
    let (author_kind, author_id) = uploader_columns(&uploader_of(caller.actor));
    let comment = CommentRow {
        id,
        photo_id: photo.0,
        family_id: row.family_id,
        author_kind: author_kind.to_owned(),
        author_id,
        text: view::seal(&key, COMMENT_TEXT, id, text.as_str())?,
        created_at: now,
    };
    comments::insert(&mut tx, &comment).await?;
    comments::recount(&mut tx, photo).await?;
    tx.record_change(row.family(), ChangeKind::CommentsChanged { photo_id: photo }, now).await?;
    tx.commit().await?;
    Ok(show(&key, &comment))
}

fn show(key: &DataKey, row: &CommentRow) -> Comment {
    Comment {
        id: CommentId(row.id),
        photo_id: PhotoId(row.photo_id),
        author: uploader_from_columns(&row.author_kind, row.author_id),
        text: view::open(key, COMMENT_TEXT, row.id, &row.text),
        voice: None,
        created_at: Timestamp::from_millis(row.created_at),
    }
}

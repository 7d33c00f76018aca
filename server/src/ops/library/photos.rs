//! Photos: listed, read, captioned, dated and named.

use picup_api::{
    ErrorCode, FamilyId, Page, PhotoId,
    change::ChangeKind,
    photo::{Photo, PhotoPatch},
};

use super::{
    families,
    paging::{PageQuery, Paging, page},
    photo_filter::{Filter, PhotoFilter},
    remembered::remembered,
    view::{self, CAPTION, PEOPLE},
};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        cursor::Cursor,
        faults::Faults,
        people::People,
        photo::{Sight, precision_word, state_word},
        search::Words,
        taken_at::Taken,
        text::Caption,
    },
    seal::DataKey,
    store::{
        Connection,
        library::{
            LibraryTx,
            photo_lists::{self, PhotoQuery, Shelf},
            photos::{self, PhotoRow},
        },
    },
};

/// Rows a text search unseals in one step, and for one answer. A page may be short, or empty, and still have a next.
const SCAN_STEP: u32 = 500;
const SCAN_MAX: u32 = 10_000;

/// Newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    family: FamilyId,
    filter: &PhotoFilter,
    query: &PageQuery,
) -> Result<Page<Photo>> {
    caller.allow(family, Act::Read)?;
    let is_first_page = query.cursor.is_none() && *filter == PhotoFilter::default();
    let filter = Filter::parse(family, caller, filter)?;
    let paging = Paging::new(app, format!("families/{family}/photos?{filter:?}"), query, Cursor::LAST)?;
    let read = async {
        let mut reader = app.library.stale_ok().await?;
        let (rows, next) = match &filter.words {
            None => plain_page(&mut reader, &filter.query, &paging).await?,
            Some(words) => found_page(app, &mut reader, &filter.query, words, &paging).await?,
        };
        Ok(page(view::photos(app, &mut reader, caller, family, &rows).await?, next))
    };
    if !is_first_page {
        return read.await;
    }
    // Each sees their own hearts.
    remembered(app, family, &format!("photos:{:?}:{}", caller.actor, paging.limit), Box::pin(read)).await
}

/// A page of a list without a text search.
pub(crate) async fn plain_page(
    connection: &mut Connection,
    query: &PhotoQuery,
    paging: &Paging<'_>,
) -> Result<(Vec<PhotoRow>, Option<String>)> {
    let mut rows = photo_lists::page(connection, query, paging.after, paging.rows()).await?;
    let next = paging.cut(&mut rows, |row| sort_cursor(query, row));
    Ok((rows, next))
}

fn sort_cursor(query: &PhotoQuery, row: &PhotoRow) -> Cursor {
    let sort = match query.shelf {
        Shelf::Kept => row.taken_sort,
        Shelf::Trash => row.trashed_at.unwrap_or(i64::MIN),
    };
    Cursor { sort, id: row.id }
}

/// Captions and names are sealed, so the database cannot search them: rows are unsealed here, in bounded steps.
async fn found_page(
    app: &App,
    connection: &mut Connection,
    query: &PhotoQuery,
    words: &Words,
    paging: &Paging<'_>,
) -> Result<(Vec<PhotoRow>, Option<String>)> {
    let Some(key) = key_if_any(app, connection, query.family).await? else { return Ok((Vec::new(), None)) };
    let (mut found, mut after) = (Vec::new(), paging.after);
    for _ in 0..SCAN_MAX / SCAN_STEP {
        let rows = photo_lists::page(connection, query, after, SCAN_STEP).await?;
        let is_last = rows.len() < SCAN_STEP as usize;
        for row in rows {
            after = sort_cursor(query, &row);
            if matches(&key, &row, words) {
                found.push(row);
            }
            if found.len() == paging.limit as usize {
                return Ok((found, Some(paging.cursor(after))));
            }
        }
        if is_last {
            return Ok((found, None));
        }
    }
    Ok((found, Some(paging.cursor(after))))
}

async fn key_if_any(app: &App, connection: &mut Connection, family: FamilyId) -> Result<Option<DataKey>> {
    match families::key(app, connection, family).await {
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        key => key.map(Some),
    }
}

fn matches(key: &DataKey, row: &PhotoRow, words: &Words) -> bool {
    let mut texts = view::people(key, row);
    texts.push(view::open(key, CAPTION, row.id, &row.caption));
    texts.push(view::open(key, view::FILENAME, row.id, &row.filename));
    words.are_in(&texts)
}

pub async fn read(app: &App, caller: &Caller, photo: PhotoId) -> Result<Photo> {
    let mut reader = app.library.fresh().await?;
    let row = find(&mut reader, caller, photo, Act::Read).await?;
    view::one(app, &mut reader, caller, &row).await
}

/// Absent fields stay. A date set here is kept when the photo is rendered anew.
pub async fn update(app: &App, caller: &Caller, photo: PhotoId, patch: &PhotoPatch) -> Result<Photo> {
    let mut tx = app.library.begin_in(photo).await?;
    let mut row = find_kept(&mut tx, caller, photo, Act::Edit).await?;
    let wanted = Wanted::parse(patch)?;
    let key = families::key(app, &mut tx, row.family()).await?;
    if let Some(caption) = wanted.caption {
        row.caption = view::seal(&key, CAPTION, row.id, caption.as_str())?;
        photos::update_caption(&mut tx, photo, &row.caption).await?;
    }
    if let Some(people) = wanted.people {
        row.people = sealed_people(&key, &row, &people)?;
        photos::update_people(&mut tx, photo, row.people.as_deref()).await?;
    }
    if let Some(taken) = wanted.taken {
        row.taken_by_hand = true;
        set_taken(&mut tx, &mut row, &taken).await?;
    }
    tx.record_change(row.family(), ChangeKind::PhotoUpdated { photo_id: photo }, app.now()).await?;
    let shown = view::one(app, &mut tx, caller, &row).await?;
    tx.commit().await?;
    Ok(shown)
}

/// A patch, parsed.
struct Wanted {
    caption: Option<Caption>,
    people: Option<People>,
    taken: Option<Taken>,
}

impl Wanted {
    /// Errors: `ValidationFailed` naming every faulty field.
    fn parse(patch: &PhotoPatch) -> Result<Self> {
        let mut faults = Faults::default();
        let caption = patch.caption.as_deref();
        let caption = caption.and_then(|text| faults.take("caption", Caption::parse(text)));
        let people = patch.people.as_deref().map(|named| People::parse(&mut faults, named));
        let taken = patch.taken_at.as_ref().map(Taken::parse).transpose();
        let taken = taken.unwrap_or_else(|(field, fault)| {
            faults.add(field, fault);
            None
        });
        let fields = faults.into_fields();
        if fields.is_empty() { Ok(Self { caption, people, taken }) } else { Err(Error::invalid(fields)) }
    }
}

/// Nobody is as if there had never been a name.
fn sealed_people(key: &DataKey, row: &PhotoRow, people: &People) -> Result<Option<Vec<u8>>> {
    let names = people.names();
    if names.is_empty() {
        return Ok(None);
    }
    let json = serde_json::to_string(&names).map_err(Error::internal)?;
    Ok(Some(view::seal(key, PEOPLE, row.id, &json)?))
}

pub(crate) async fn set_taken(tx: &mut LibraryTx, row: &mut PhotoRow, taken: &Taken) -> Result<()> {
    let (keys, wire) = (taken.keys(), taken.to_wire());
    row.taken_local = wire.local;
    row.taken_precision = precision_word(wire.precision).to_owned();
    row.taken_offset = wire.offset;
    row.taken_sort = keys.sort;
    row.taken_month = keys.month;
    row.taken_day = keys.day;
    Ok(photos::update_taken(tx, row).await?)
}

/// Errors: `NotFound` when there is none the caller may see, `Forbidden`.
pub(crate) async fn find(
    connection: &mut Connection,
    caller: &Caller,
    photo: PhotoId,
    act: Act,
) -> Result<PhotoRow> {
    let row = photos::find(connection, photo).await?.ok_or(ErrorCode::NotFound)?;
    caller.allow(row.family(), act)?;
    match Sight::of(caller.actor) {
        Sight::Everything => Ok(row),
        Sight::Showable if is_showable(&row) => Ok(row),
        Sight::Showable => Err(ErrorCode::NotFound.into()),
    }
}

fn is_showable(row: &PhotoRow) -> bool {
    row.trashed_at.is_none() && row.state == state_word(picup_api::photo::PhotoState::Ready)
}

/// Errors also: `PhotoTrashed`.
pub(crate) async fn find_kept(
    connection: &mut Connection,
    caller: &Caller,
    photo: PhotoId,
    act: Act,
) -> Result<PhotoRow> {
    let row = find(connection, caller, photo, act).await?;
    if row.trashed_at.is_some() { Err(ErrorCode::PhotoTrashed.into()) } else { Ok(row) }
}

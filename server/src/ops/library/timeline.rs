//! Photos by month, and of this day in earlier years.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use picup_api::{
    ErrorCode, FamilyId, Page,
    photo::{OnThisDay, OnThisDayYear, Photo, Timeline, TimelineMonth},
};

use super::{
    paging::{PageQuery, Paging, page},
    photos::plain_page,
    remembered::remembered,
    view,
};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        cursor::Cursor,
        photo::Sight,
        taken_at::{days_like, month_name, month_range, sort_key},
    },
    store::library::{
        photo_lists::PhotoQuery,
        photos::{self, PhotoRow},
        timeline,
    },
};

/// Photos shown of one year: a wedding must not crowd out the other years.
const PER_YEAR: u32 = 30;
/// Photos shown of all years together.
const PER_DAY: usize = 300;

/// Newest month first.
pub async fn months(app: &App, caller: &Caller, family: FamilyId) -> Result<Timeline> {
    caller.allow(family, Act::Read)?;
    let sight = Sight::of(caller.actor);
    let read = async {
        let months = timeline::months(&mut *app.library.stale_ok().await?, family, sight).await?.into_iter();
        let shown = months
            .map(|(key, photos)| TimelineMonth { month: month_name(key), photos: photos.unsigned_abs() });
        Ok(Timeline { months: shown.collect() })
    };
    remembered(app, family, &format!("timeline:{sight:?}"), Box::pin(read)).await
}

/// The photos of a month such as `2024-05`, newest first. Errors: `NotFound` for text that is no month.
pub async fn month(
    app: &App,
    caller: &Caller,
    family: FamilyId,
    name: &str,
    query: &PageQuery,
) -> Result<Page<Photo>> {
    caller.allow(family, Act::Read)?;
    let taken = month_range(name).ok_or(ErrorCode::NotFound)?;
    let list = PhotoQuery { taken, ..PhotoQuery::all(family, Sight::of(caller.actor)) };
    let paging = Paging::new(app, format!("families/{family}/timeline?{list:?}"), query, Cursor::LAST)?;
    let mut reader = app.library.fresh().await?;
    let (rows, next) = plain_page(&mut reader, &list, &paging).await?;
    Ok(page(view::photos(app, &mut reader, caller, family, &rows).await?, next))
}

/// Photos of this calendar day in earlier years. `today` is the asker's local date, `2026-11-22`.
pub async fn on_this_day(
    app: &App,
    caller: &Caller,
    family: FamilyId,
    today: Option<&str>,
) -> Result<OnThisDay> {
    caller.allow(family, Act::Read)?;
    let today = local_date(app, today)?;
    let year_began = Date::new(today.year(), 1, 1).map_err(Error::internal)?;
    let before = sort_key(year_began.to_datetime(Time::midnight()));
    let sight = Sight::of(caller.actor);
    let mut reader = app.library.stale_ok().await?;
    let mut ids = timeline::of_days(&mut reader, family, sight, &days_like(today), before, PER_YEAR).await?;
    ids.truncate(PER_DAY);
    let mut rows = photos::find_all(&mut reader, &ids).await?;
    rows.sort_by_key(|row| (row.taken_sort, row.id));
    // What cannot be shown would move every later photo to another year.
    rows.retain(|row| row.digest().is_some());
    let years: Vec<i32> = rows.iter().map(year_of).collect();
    let shown = view::photos(app, &mut reader, caller, family, &rows).await?;
    Ok(OnThisDay { years: by_year(years.into_iter().zip(shown)) })
}

fn local_date(app: &App, text: Option<&str>) -> Result<Date> {
    let Some(text) = text else {
        let now = jiff::Timestamp::from_millisecond(app.now()).map_err(Error::internal)?;
        return Ok(now.to_zoned(jiff::tz::TimeZone::UTC).date());
    };
    text.parse().map_err(|_| Error::new(ErrorCode::ValidationFailed).with_field("date", "invalid"))
}

fn year_of(row: &PhotoRow) -> i32 {
    row.taken_month / 100
}

/// Newest year first; within a year in the order the day went.
fn by_year(photos: impl Iterator<Item = (i32, Photo)>) -> Vec<OnThisDayYear> {
    let mut years: BTreeMap<i32, Vec<Photo>> = BTreeMap::new();
    for (year, photo) in photos {
        years.entry(year).or_default().push(photo);
    }
    let years = years.into_iter().rev();
    years
        .map(|(year, photos)| OnThisDayYear { year: i16::try_from(year).unwrap_or(i16::MAX), photos })
        .collect()
}

//! When a photo was taken: parsing, the keys photos are sorted and grouped by, and which days are "this day".
//!
//! Everything is in the local time of the place: a picture taken on the evening of the first of May belongs to the
//! first of May wherever its family lives. A date known only to the month or less counts as its earliest day in
//! lists and months, and never as a day.

use jiff::civil::{Date, DateTime, Time};
use picup_api::time::{Precision, TakenAt, Timestamp};

/// Nobody photographed before 1826; what is later than 2999 is a broken clock.
const YEARS: std::ops::RangeInclusive<i16> = 1826..=2999;

/// A date whose parts finer than its precision are the earliest possible ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    local: DateTime,
    precision: Precision,
    offset: Option<String>,
}

/// What the database sorts and groups by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenKeys {
    /// Local time in milliseconds, as if it were UTC.
    pub sort: i64,
    /// 202405.
    pub month: i32,
    /// 501 for the first of May; 0 when the day is not known.
    pub day: i32,
}

impl Taken {
    /// A photo that does not say: its arrival stands in.
    pub fn unknown(arrival: Timestamp) -> Self {
        let local = jiff::Timestamp::from_millisecond(arrival.as_millis())
            .map_or(DateTime::ZERO, |at| at.to_zoned(jiff::tz::TimeZone::UTC).datetime());
        Self { local: clamped(without_fraction(local)), precision: Precision::Unknown, offset: None }
    }

    /// Errors: the field (`taken_at.…`) and its code.
    pub fn parse(taken: &TakenAt) -> Result<Self, (&'static str, &'static str)> {
        let local: DateTime = taken.local.parse().map_err(|_| ("taken_at.local", "invalid"))?;
        if !YEARS.contains(&local.year()) {
            return Err(("taken_at.local", "out_of_range"));
        }
        if taken.offset.as_deref().is_some_and(|offset| !is_offset(offset)) {
            return Err(("taken_at.offset", "invalid"));
        }
        let local = earliest(without_fraction(local), taken.precision);
        Ok(Self { local, precision: taken.precision, offset: taken.offset.clone() })
    }

    pub fn keys(&self) -> TakenKeys {
        let is_day_known = matches!(self.precision, Precision::Exact | Precision::Day);
        TakenKeys {
            sort: sort_key(self.local),
            month: month_key(self.local.date()),
            day: if is_day_known { day_key(self.local.date()) } else { 0 },
        }
    }

    pub fn to_wire(&self) -> TakenAt {
        TakenAt {
            local: self.local.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            precision: self.precision,
            offset: self.offset.clone(),
        }
    }
}

fn without_fraction(local: DateTime) -> DateTime {
    local.with().subsec_nanosecond(0).build().unwrap_or(local)
}

fn clamped(local: DateTime) -> DateTime {
    let year = local.year().clamp(*YEARS.start(), *YEARS.end());
    local.with().year(year).build().unwrap_or(local)
}

fn earliest(local: DateTime, precision: Precision) -> DateTime {
    let day = |year, month, day| {
        Date::new(year, month, day).map_or(local, |date| date.to_datetime(Time::midnight()))
    };
    match precision {
        Precision::Exact | Precision::Unknown => local,
        Precision::Day => day(local.year(), local.month(), local.day()),
        Precision::Month => day(local.year(), local.month(), 1),
        Precision::Year => day(local.year(), 1, 1),
        // The decade of 1826 began before photography: the clamp keeps every stored year in range.
        Precision::Decade => day((local.year() / 10 * 10).max(*YEARS.start()), 1, 1),
    }
}

/// `+09:00`, `-03:30`, or `Z`.
fn is_offset(text: &str) -> bool {
    let is_within = |text: &str, max: u8| text.len() == 2 && text.parse::<u8>().is_ok_and(|n| n <= max);
    let Some((hours, minutes)) = text.strip_prefix(['+', '-']).and_then(|rest| rest.split_once(':')) else {
        return text == "Z";
    };
    text.is_ascii()
        && !hours.starts_with('+')
        && !minutes.starts_with('+')
        && is_within(hours, 15)
        && is_within(minutes, 59)
}

/// Local time in milliseconds, as if it were UTC.
pub fn sort_key(local: DateTime) -> i64 {
    local.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_millisecond())
}

pub fn month_key(date: Date) -> i32 {
    i32::from(date.year()) * 100 + i32::from(date.month())
}

pub fn day_key(date: Date) -> i32 {
    i32::from(date.month()) * 100 + i32::from(date.day())
}

/// `2024-05` for 202405.
pub fn month_name(key: i32) -> String {
    format!("{:04}-{:02}", key / 100, key % 100)
}

/// The sort keys of a month named `2024-05`: from its first millisecond up to, not including, the next month's.
pub fn month_range(name: &str) -> Option<std::ops::Range<i64>> {
    let (year, month) = name.split_once('-')?;
    if year.len() != 4 || month.len() != 2 || !name.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return None;
    }
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    let next = first.checked_add(jiff::Span::new().months(1)).ok()?;
    Some(sort_key(first.to_datetime(Time::midnight()))..sort_key(next.to_datetime(Time::midnight())))
}

/// The bound a filter such as `taken_from=2024-05-01` or `…T10:00:00` stands for. With `end`, a date without a time
/// means the whole day, so the bound is exclusive.
pub fn filter_bound(text: &str, end: bool) -> Option<i64> {
    if let Ok(date) = text.parse::<Date>()
        && text.len() == 10
    {
        let date = if end { date.tomorrow().ok()? } else { date };
        return Some(sort_key(date.to_datetime(Time::midnight())));
    }
    let local = text.parse::<DateTime>().ok()?;
    Some(sort_key(local) + i64::from(end))
}

/// The days whose photos are shown today. Photos of a 29 February are shown on the 28th where there is no 29th.
pub fn days_like(today: Date) -> Vec<i32> {
    let is_eve_of_missing_day = (today.month(), today.day()) == (2, 28) && !today.in_leap_year();
    if is_eve_of_missing_day { vec![228, 229] } else { vec![day_key(today)] }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn taken(local: &str, precision: Precision) -> Taken {
        Taken::parse(&TakenAt { local: local.into(), precision, offset: None }).unwrap()
    }

    #[test]
    fn parts_finer_than_the_precision_are_the_earliest() {
        let at = "1987-08-23T17:45:10.5";
        for (precision, local) in [
            (Precision::Exact, "1987-08-23T17:45:10"),
            (Precision::Day, "1987-08-23T00:00:00"),
            (Precision::Month, "1987-08-01T00:00:00"),
            (Precision::Year, "1987-01-01T00:00:00"),
            (Precision::Decade, "1980-01-01T00:00:00"),
        ] {
            assert_eq!(taken(at, precision).to_wire().local, local);
        }
    }

    #[test]
    fn only_a_known_day_counts_as_a_day() {
        assert_eq!(taken("1987-08-23T17:45:10", Precision::Day).keys().day, 823);
        assert_eq!(taken("1987-08-23T17:45:10", Precision::Month).keys().day, 0);
        assert_eq!(taken("1987-08-23T17:45:10", Precision::Month).keys().month, 198_708);
        assert_eq!(Taken::unknown(Timestamp::from_millis(1_714_557_600_000)).keys().day, 0);
    }

    #[test]
    fn dates_no_camera_can_mean_are_refused() {
        let parse = |local: &str, offset: Option<&str>| {
            Taken::parse(&TakenAt {
                local: local.into(),
                precision: Precision::Exact,
                offset: offset.map(Into::into),
            })
        };
        assert_eq!(parse("0000-00-00T00:00:00", None), Err(("taken_at.local", "invalid")));
        assert_eq!(parse("1600-01-01T00:00:00", None), Err(("taken_at.local", "out_of_range")));
        assert_eq!(parse("2024-05-01T10:00:00", Some("+9")), Err(("taken_at.offset", "invalid")));
        assert_eq!(parse("2024-05-01T10:00:00", Some("+99:00")), Err(("taken_at.offset", "invalid")));
        assert!(parse("2024-05-01T10:00:00", Some("+09:00")).is_ok());
    }

    #[test]
    fn a_clock_of_1970_or_a_broken_one_still_gives_a_date() {
        for millis in [0, i64::MIN, i64::MAX] {
            Taken::unknown(Timestamp::from_millis(millis)).keys();
        }
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let december = month_range("2023-12").unwrap();
        assert_eq!(december.end, month_range("2024-01").unwrap().start);
        assert!(december.contains(&taken("2023-12-31T23:59:59", Precision::Exact).keys().sort));
        for text in ["2024-13", "2024", "24-01", "2024-1", "+024-01", ""] {
            assert_eq!(month_range(text), None, "{text}");
        }
    }

    #[test]
    fn a_filters_last_day_is_included() {
        let evening = taken("2024-05-01T23:59:59", Precision::Exact).keys().sort;
        assert!(filter_bound("2024-05-01", true).unwrap() > evening);
        assert!(filter_bound("2024-05-01", false).unwrap() <= evening);
        assert_eq!(filter_bound("2024-05-01T23:59:59", true), Some(evening + 1));
        assert_eq!(filter_bound("yesterday", true), None);
    }

    #[test]
    fn leap_days_are_remembered_every_year() {
        assert_eq!(days_like(date(2024, 2, 28)), [228]);
        assert_eq!(days_like(date(2024, 2, 29)), [229]);
        assert_eq!(days_like(date(2025, 2, 28)), [228, 229]);
        assert_eq!(days_like(date(2025, 3, 1)), [301]);
    }

    proptest! {
        #[test]
        fn keys_agree_with_the_month_they_name(year in 1826i16..=2999, month in 1i8..=12, day in 1i8..=28, hour in 0i8..24) {
            let local = format!("{year:04}-{month:02}-{day:02}T{hour:02}:00:00");
            let keys = taken(&local, Precision::Exact).keys();
            prop_assert!(month_range(&month_name(keys.month)).unwrap().contains(&keys.sort));
        }
    }
}

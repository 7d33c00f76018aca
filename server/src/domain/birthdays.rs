//! Birthdays as a family notes them: all at once, each with a day of the calendar.

use jiff::{Timestamp, civil::Date, tz::Offset};
use picup_api::frame::Birthday;

use super::{faults::Faults, text::BirthdayName};

/// Of one family.
pub const MAX: usize = 100;
const OLDEST_YEAR: i16 = 1850;
const LEAP_YEAR: i16 = 2000;

/// The list with trimmed names; every fault of it goes to `faults`.
pub fn parse(faults: &mut Faults, noted: Vec<Birthday>, newest_year: i16) -> Vec<Birthday> {
    faults.require(noted.len() <= MAX, "birthdays", "too_many");
    let first = noted.into_iter().take(MAX).enumerate();
    first.filter_map(|(index, birthday)| parse_one(faults, index, birthday, newest_year)).collect()
}

fn parse_one(faults: &mut Faults, index: usize, noted: Birthday, newest_year: i16) -> Option<Birthday> {
    let field = |name: &str| format!("birthdays[{index}].{name}");
    let name = faults.take(&field("name"), BirthdayName::parse(&noted.name));
    let year = noted.year.filter(|year| (OLDEST_YEAR..=newest_year).contains(year));
    faults.require((1..=12).contains(&noted.month), &field("month"), "out_of_range");
    faults.require((1..=last_day(noted.month, year)).contains(&noted.day), &field("day"), "out_of_range");
    faults.require(year == noted.year, &field("year"), "out_of_range");
    Some(Birthday { name: name?.as_str().to_owned(), ..noted })
}

/// Without a year, February has 29 days. A month that is none has 31: it has a fault of its own.
fn last_day(month: i8, year: Option<i16>) -> i8 {
    Date::new(year.unwrap_or(LEAP_YEAR), month, 1).map_or(31, Date::days_in_month)
}

/// The year it is where the day begins first, 14 hours before UTC: nobody is told that their newborn is of the future.
pub fn newest_year(now_millis: i64) -> i16 {
    let now = Timestamp::from_millisecond(now_millis).unwrap_or(Timestamp::MAX);
    Offset::constant(14).to_datetime(now).year()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn birthday(name: &str, month: i8, day: i8, year: Option<i16>) -> Birthday {
        Birthday { name: name.into(), month, day, year }
    }

    fn faults_of(noted: Vec<Birthday>) -> Vec<(String, String)> {
        let mut faults = Faults::default();
        parse(&mut faults, noted, 2026);
        faults.into_fields().into_iter().map(|fault| (fault.field, fault.code)).collect()
    }

    #[test]
    fn the_29th_of_february_is_a_day_of_leap_years_and_of_no_year() {
        for year in [None, Some(1952), Some(2000)] {
            assert!(faults_of(vec![birthday("Kim", 2, 29, year)]).is_empty(), "{year:?}");
        }
        for year in [Some(1951), Some(1900)] {
            assert_eq!(faults_of(vec![birthday("Kim", 2, 29, year)])[0].0, "birthdays[0].day");
        }
    }

    #[test]
    fn extreme_numbers_are_faults_and_nothing_worse() {
        for number in [i8::MIN, 0, i8::MAX] {
            for year in [Some(i16::MIN), Some(1849), Some(2027), Some(i16::MAX)] {
                assert_eq!(faults_of(vec![birthday("Kim", number, number, year)]).len(), 3);
            }
        }
    }

    #[test]
    fn a_year_begins_where_the_day_begins_first() {
        let before_midnight = "2026-12-31T10:30:00Z".parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(newest_year(before_midnight), 2027);
        assert_eq!(newest_year(before_midnight - 3_600_000), 2026);
        newest_year(i64::MAX);
    }
}

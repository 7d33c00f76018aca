//! When a picture was taken, as far as the camera told.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Exact,
    Day,
    Month,
    Year,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenAt {
    /// Local date and time without a zone, `2024-05-01T10:00:00`; parts finer than `precision` are the earliest.
    pub local: String,
    pub precision: Precision,
    /// From UTC, such as `+09:00`.
    pub offset: Option<String>,
}

/// The first photograph.
const FIRST_YEAR: i16 = 1826;

impl TakenAt {
    /// From EXIF's `2024:05:01 10:00:00`, in which parts that are not known are blank or zero.
    pub(crate) fn from_exif(text: &str, offset: Option<&str>) -> Option<Self> {
        let number =
            |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.trim().parse::<i16>().ok());
        let year = number(0, 4)?;
        let month = number(5, 7).filter(|month| *month > 0);
        let day = number(8, 10).filter(|day| *day > 0);
        let clock = || Some((number(11, 13)?, number(14, 16)?, number(17, 19).unwrap_or(0)));
        let (precision, clock) = match (month, day, clock()) {
            (None, ..) => (Precision::Year, None),
            (_, None, _) => (Precision::Month, None),
            (_, _, None) => (Precision::Day, None),
            (_, _, clock) => (Precision::Exact, clock),
        };
        let date =
            Date::new(year, as_i8(month.unwrap_or(1))?, as_i8(day.filter(|_| month.is_some()).unwrap_or(1))?);
        let (hour, minute, second) = clock.unwrap_or_default();
        // A leap second is the last one that the calendar knows.
        let second = if second == 60 { 59 } else { second };
        let local = date
            .ok()?
            .to_datetime(jiff::civil::Time::new(as_i8(hour)?, as_i8(minute)?, as_i8(second)?, 0).ok()?);
        Self::new(local, precision, offset.and_then(parse_offset))
    }

    /// `offset` in seconds, where it is known.
    pub(crate) fn exact(local: DateTime, offset: Option<i32>) -> Option<Self> {
        Self::new(local, Precision::Exact, offset.map(write_offset))
    }

    fn new(local: DateTime, precision: Precision, offset: Option<String>) -> Option<Self> {
        let offset = offset.filter(|_| precision == Precision::Exact);
        let local_text = local.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        (local.year() >= FIRST_YEAR).then_some(Self { local: local_text, precision, offset })
    }
}

fn as_i8(number: i16) -> Option<i8> {
    i8::try_from(number).ok()
}

/// `+09:00`; `Z` is written by some.
fn parse_offset(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text == "Z" {
        return Some("+00:00".to_owned());
    }
    let (sign, digits) = (text.chars().next()?, text.get(1..)?);
    let (hours, minutes) = digits.split_once(':')?;
    let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?);
    let plausible = matches!(sign, '+' | '-') && (0..=14).contains(&hours) && (0..60).contains(&minutes);
    plausible.then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

fn write_offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: Option<&str>, expected: Option<(&str, Precision, Option<&str>)>) {
        let found = TakenAt::from_exif(text, offset);
        let found = found.as_ref().map(|t| (t.local.as_str(), t.precision, t.offset.as_deref()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_date_is_as_precise_as_the_camera_knew_it() {
        check(
            "2024:05:01 10:00:00",
            Some("+09:00"),
            Some(("2024-05-01T10:00:00", Precision::Exact, Some("+09:00"))),
        );
        check("2024-05-01T10:00:07", None, Some(("2024-05-01T10:00:07", Precision::Exact, None)));
        check("1987:07:04   :  :  ", Some("+09:00"), Some(("1987-07-04T00:00:00", Precision::Day, None)));
        check("1987:07:00 00:00:00", None, Some(("1987-07-01T00:00:00", Precision::Month, None)));
        check("1987:  :     :  :  ", None, Some(("1987-01-01T00:00:00", Precision::Year, None)));
    }

    #[test]
    fn a_date_that_cannot_be_is_left_out() {
        for text in [
            "0000:00:00 00:00:00",
            "2024:13:01 10:00:00",
            "2023:02:30 10:00:00",
            "    :  :     :  :  ",
            "",
            "\u{e4}\u{e4}\u{e4}",
        ] {
            check(text, None, None);
        }
        check("2024:05:01 10:00:00", Some("nonsense"), Some(("2024-05-01T10:00:00", Precision::Exact, None)));
    }
}

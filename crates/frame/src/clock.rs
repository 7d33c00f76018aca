//! The wall clock, as far as it can be trusted.
//!
//! A frame without a battery starts in 1970 until the network has told it the time.

use jiff::{Zoned, civil::Date, tz::TimeZone};

/// A clock that says less has not been set: 2025-01-01.
const IS_SET: i64 = 1_735_689_600;

/// In the machine's own time zone; `None` while the clock has not been set.
pub(crate) fn now() -> Option<Zoned> {
    Some(Zoned::now()).filter(|now| now.timestamp().as_second() > IS_SET)
}

pub(crate) fn today() -> Option<Date> {
    now().map(|now| now.date())
}

/// The machine's own time zone by its name, such as `Asia/Seoul`.
pub(crate) fn zone() -> Option<String> {
    TimeZone::system().iana_name().map(str::to_owned)
}

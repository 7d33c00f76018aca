//! Points in time, and the dates of photos, which are often less than exact.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A point in time, RFC 3339 in UTC on the wire, with a resolution of one millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z. Values out of jiff's range (years -9999 to 9999) are clamped.
    pub fn from_millis(millis: i64) -> Self {
        let clamped =
            millis.clamp(jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond());
        Self(jiff::Timestamp::from_millisecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

wire! {
    /// How much of a photo's date is known. Old prints often have only a year or a decade.
    #[derive(Copy, Eq, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum Precision { Exact, Day, Month, Year, Decade, Unknown }

    /// When a photo was taken, in the local time of the place.
    pub struct TakenAt {
        /// Local date and time without a zone, `2024-05-01T10:00:00`. Parts finer than `precision` are the
        /// earliest possible ones. For `unknown`, the time of arrival.
        pub local: String,
        pub precision: Precision,
        /// Offset from UTC such as `+09:00`, where the camera told it.
        pub offset: Option<String>,
    }
}

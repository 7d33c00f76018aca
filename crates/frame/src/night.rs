//! When the frame sleeps, and how bright it is at which hour.
//!
//! Pure: clocks are arguments. A night begins, and ends, the first time the wall clock reads its hour or a later one:
//! an hour that is skipped counts when it is jumped over, and an hour that comes twice counts once. Without a wall
//! clock there are no nights.

use std::time::{Duration, Instant};

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use picup_api::{
    frame::{FrameSettings, Night},
    time::TimeOfDay,
};
use serde::{Deserialize, Serialize};

/// However far away the next change is: a clock that jumped is noticed after this.
const LONGEST_LOOK: Duration = Duration::from_secs(60);
/// A screen that nobody can see by day would pass for a broken one.
const DIMMEST: u8 = 10;

/// What the schedule says, and when it says something else. `until` is absent where it never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Period {
    pub asleep: bool,
    pub until: Option<Timestamp>,
}

/// What the people around the frame and far away have asked for.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    asked: Option<Asked>,
    touched: Option<Instant>,
}

/// A child's word; it lasts as long as the period it was said in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asked {
    asleep: bool,
    during: Period,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub asleep: bool,
    /// At most a minute.
    pub look_again: Duration,
}

impl Wishes {
    /// Ends a child's `Sleep`, and keeps the frame awake for a while.
    pub(crate) fn touch(&mut self, now: Instant) {
        self.touched = Some(now);
        self.asked = self.asked.filter(|asked| !asked.asleep);
    }

    pub(crate) fn ask(&mut self, asleep: bool, during: Period) {
        self.asked = Some(Asked { asleep, during });
        self.touched = self.touched.filter(|_| !asleep);
    }

    /// What a child has said and what still holds, to be remembered for the next start.
    pub(crate) fn asked(&self) -> Option<Asked> {
        self.asked
    }

    /// A child's word outlasts the program; a newer one stays.
    pub(crate) fn recall(&mut self, asked: Asked) {
        self.asked = self.asked.or(Some(asked));
    }

    pub(crate) fn since_touch(&self, now: Instant) -> Option<Duration> {
        self.touched.map(|touched| now.saturating_duration_since(touched))
    }

    /// `now` is monotonic; `stay` is how long a touch keeps the frame awake.
    pub(crate) fn decide(
        &mut self,
        nights: &[Night],
        wall: Option<&Zoned>,
        now: Instant,
        stay: Duration,
    ) -> Decision {
        let period = period(nights, wall);
        self.asked = self.asked.filter(|asked| asked.lasts(period, wall));
        let left = self.since_touch(now).and_then(|since| stay.checked_sub(since)).filter(|it| !it.is_zero());
        let told = self.asked.map_or(period.asleep, |asked| asked.asleep);
        let look_again = to_the_next_minute(wall).min(left.unwrap_or(LONGEST_LOOK));
        Decision { asleep: told && left.is_none(), look_again }
    }
}

impl Asked {
    fn lasts(self, period: Period, wall: Option<&Zoned>) -> bool {
        let passed =
            matches!((self.during.until, wall), (Some(until), Some(now)) if now.timestamp() >= until);
        period.asleep == self.during.asleep && !passed
    }
}

/// Nights that overlap or follow each other without a gap are one.
pub(crate) fn period(nights: &[Night], wall: Option<&Zoned>) -> Period {
    let Some(wall) = wall else { return Period::default() };
    let (now, spans) = (wall.timestamp(), spans(nights, wall));
    let end = spans.iter().fold(now, |end, span| if span.0 <= end { end.max(span.1) } else { end });
    if end > now {
        return Period { asleep: true, until: Some(end) };
    }
    Period { asleep: false, until: spans.iter().map(|span| span.0).find(|begin| *begin > now) }
}

/// The nights around `wall`, in the order they begin.
fn spans(nights: &[Night], wall: &Zoned) -> Vec<(Timestamp, Timestamp)> {
    // Two days back, for a calendar may skip one; eight ahead, for a night comes once a week.
    let days = (-2..=8).map(|ahead| wall.date().saturating_add(ahead.days()));
    let mut spans: Vec<_> = days.flat_map(|day| of_day(nights, day, wall.time_zone())).collect();
    spans.sort_unstable();
    spans
}

fn of_day(nights: &[Night], day: Date, zone: &TimeZone) -> impl Iterator<Item = (Timestamp, Timestamp)> {
    let weekday = day.weekday().to_monday_zero_offset();
    nights.iter().filter(move |night| night.day as i8 == weekday).filter_map(move |night| {
        let last = if night.until <= night.from { day.saturating_add(1.day()) } else { day };
        let begin = first_reading(zone, day.to_datetime(reading(night.from)))?;
        let end = first_reading(zone, last.to_datetime(reading(night.until)))?;
        (begin < end).then_some((begin, end))
    })
}

fn reading(time: TimeOfDay) -> Time {
    Time::midnight().saturating_add(i64::from(time.minutes()).minutes())
}

/// The first moment at which the wall clock reads `reading` or later.
fn first_reading(zone: &TimeZone, reading: DateTime) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(reading);
    let earlier = ambiguous.earlier().ok()?;
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => zone.following(earlier).next().map(|jump| jump.timestamp()),
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => Some(earlier),
    }
}

/// Everything here is told in whole minutes.
fn to_the_next_minute(wall: Option<&Zoned>) -> Duration {
    let Some(wall) = wall else { return LONGEST_LOOK };
    let passed = Duration::new(wall.second().unsigned_abs().into(), wall.subsec_nanosecond().unsigned_abs());
    // Never nothing: a timer that fires a moment early must not spin.
    LONGEST_LOOK.saturating_sub(passed).max(Duration::from_millis(50))
}

/// Percent of light, 10 to 100. Where two dimmed spans overlap, the first decides.
pub(crate) fn light(settings: &FrameSettings, time: Option<Time>) -> u8 {
    let minute =
        time.map(|time| time.hour().unsigned_abs() as u16 * 60 + time.minute().unsigned_abs() as u16);
    let dimmed = minute.and_then(|minute| {
        settings.dimmed.iter().find(|it| contains(it.from.minutes(), it.until.minutes(), minute))
    });
    dimmed.map_or(settings.brightness, |it| it.brightness).clamp(DIMMEST, 100)
}

fn contains(from: u16, until: u16, minute: u16) -> bool {
    if from < until { (from..until).contains(&minute) } else { minute >= from || minute < until }
}

#[cfg(test)]
mod tests;

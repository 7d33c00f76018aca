//! Decides when the page gets a fresh web process: when it has grown, before it is too large, and once a night.
//!
//! Pure: time and readings are arguments. Rule: nobody who touches the screen is disturbed, unless memory runs out.

use std::time::{Duration, Instant};

use jiff::civil::{Date, DateTime};

/// Hours of the day, by the clock on the wall.
const NIGHT: std::ops::Range<i8> = 3..5;
/// Nobody is in the room.
const QUIET: Duration = Duration::from_secs(600);
/// Where the clock is not set, there is no night.
const OLD: Duration = Duration::from_secs(24 * 3600);
/// WebKit keeps about ten kilobytes of every picture a page has shown, measured over 10,000: so much is 5,000 pictures.
const GROWTH_BYTES: u64 = 48 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    TooLarge,
    Grown,
    Night,
    Old,
}

pub(crate) struct Renewal {
    cap_bytes: u64,
    look_every: Duration,
    /// When the page's process began.
    born: Instant,
    /// What it took when it was young: as much as its panel's pictures need.
    young_bytes: Option<u64>,
    touched: Option<Instant>,
    /// Renewed already, or begun in it.
    last_night: Option<Date>,
}

/// What is known at one look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) now: Instant,
    /// Local; `None` while the clock is not set.
    pub(crate) clock: Option<DateTime>,
    /// PSS of the page's process.
    pub(crate) bytes: u64,
}

impl Renewal {
    pub(crate) fn new(cap_bytes: u64, look_every: Duration, now: Instant) -> Self {
        Self { cap_bytes, look_every, born: now, young_bytes: None, touched: None, last_night: None }
    }

    pub(crate) fn touched(&mut self, now: Instant) {
        self.touched = Some(now);
    }

    /// For whatever reason there is a new web process.
    pub(crate) fn renewed(&mut self, now: Instant) {
        self.born = now;
        self.young_bytes = None;
    }

    pub(crate) fn look(&mut self, look: Look) -> Option<Reason> {
        if self.young_bytes.is_none() && look.now.duration_since(self.born) >= self.look_every * 2 {
            self.young_bytes = Some(look.bytes);
        }
        let reason = self.reason(look)?;
        if let Some(clock) = look.clock.filter(|_| reason == Reason::Night) {
            self.last_night = Some(clock.date());
        }
        Some(reason)
    }

    fn reason(&self, Look { now, clock, bytes }: Look) -> Option<Reason> {
        let age = now.duration_since(self.born);
        let untouched = |how_long| self.touched.is_none_or(|touched| now.duration_since(touched) >= how_long);
        let is_night =
            clock.is_some_and(|clock| NIGHT.contains(&clock.hour()) && self.last_night != Some(clock.date()));
        if self.is_too_large(bytes, age) && (untouched(self.look_every) || bytes >= self.cap_bytes * 3 / 2) {
            Some(Reason::TooLarge)
        } else if !untouched(QUIET) || age < QUIET {
            None
        } else if is_night {
            Some(Reason::Night)
        } else if self.has_grown(bytes) {
            Some(Reason::Grown)
        } else {
            (age >= OLD).then_some(Reason::Old)
        }
    }

    /// A page that is too large from its birth on is not made better by one new process after the other.
    fn is_too_large(&self, bytes: u64, age: Duration) -> bool {
        bytes > self.cap_bytes && age >= self.look_every * 10
    }

    fn has_grown(&self, bytes: u64) -> bool {
        self.young_bytes.is_some_and(|young| bytes >= young + GROWTH_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const CAP: u64 = 400;

    struct Page {
        start: Instant,
        renewal: Renewal,
    }

    fn page() -> Page {
        let start = Instant::now();
        Page { start, renewal: Renewal::new(CAP, MINUTE, start) }
    }

    impl Page {
        fn look(&mut self, minutes: u32, clock: Option<DateTime>, bytes: u64) -> Option<Reason> {
            let now = self.start + MINUTE * minutes;
            let reason = self.renewal.look(Look { now, clock, bytes });
            if reason.is_some() {
                self.renewal.renewed(now);
            }
            reason
        }

        fn touch(&mut self, minutes: u32) {
            self.renewal.touched(self.start + MINUTE * minutes);
        }
    }

    #[test]
    fn a_page_above_its_cap_is_renewed_at_most_every_ten_minutes() {
        let mut page = page();
        let renewed: Vec<u32> =
            (0..35).filter(|minute| page.look(*minute, None, CAP + 1).is_some()).collect();
        assert_eq!(renewed, [10, 20, 30]);
        assert_eq!(page.look(50, None, CAP), None);
    }

    #[test]
    fn a_hand_on_the_screen_is_waited_for_until_memory_runs_out() {
        let mut page = page();
        for minute in 0..20 {
            page.touch(minute);
            assert_eq!(page.look(minute, None, CAP + 1), None);
        }
        page.touch(20);
        assert_eq!(page.look(20, None, CAP * 2), Some(Reason::TooLarge));
    }

    #[test]
    fn a_page_that_has_grown_is_renewed_when_nobody_is_there() {
        let mut page = Page { renewal: Renewal::new(u64::MAX / 2, MINUTE, Instant::now()), ..page() };
        let grown_by = |minute: u32| 300 + u64::from(minute) * (GROWTH_BYTES / 28);
        let renewed: Vec<u32> =
            (0..40).filter(|minute| page.look(*minute, None, grown_by(*minute)).is_some()).collect();
        assert_eq!(renewed, [31], "half an hour after it was young");
        page.touch(62);
        assert_eq!(page.look(71, None, grown_by(71)), None);
        assert_eq!(page.look(72, None, grown_by(72)), Some(Reason::Grown));
    }

    #[test]
    fn every_night_has_one_renewal() {
        let mut page = page();
        let first = date(2026, 10, 24).at(12, 0, 0, 0);
        let minutes = 3 * 24 * 60;
        let clock = |minute: u32| first.checked_add(jiff::Span::new().minutes(minute)).unwrap();
        let renewed: Vec<DateTime> =
            (0..minutes).filter(|m| page.look(*m, Some(clock(*m)), 1).is_some()).map(clock).collect();
        let expected = [25, 26, 27].map(|day| date(2026, 10, day).at(3, 0, 0, 0));
        assert_eq!(renewed, expected);
    }

    #[test]
    fn at_night_somebody_awake_is_not_disturbed() {
        let mut page = page();
        let at = |hour, minute| Some(date(2026, 11, 5).at(hour, minute, 0, 0));
        page.touch(295);
        assert_eq!(page.look(300, at(3, 0), 1), None);
        assert_eq!(page.look(304, at(3, 4), 1), None);
        assert_eq!(page.look(305, at(3, 5), 1), Some(Reason::Night));
        assert_eq!(page.look(330, at(3, 30), 1), None);
    }

    #[test]
    fn without_a_clock_a_day_by_the_other_clock_is_enough() {
        let mut page = page();
        assert_eq!(page.look(24 * 60 - 1, None, 1), None);
        assert_eq!(page.look(24 * 60, None, 1), Some(Reason::Old));
        assert_eq!(page.look(24 * 60 + 1, None, 1), None);
    }
}

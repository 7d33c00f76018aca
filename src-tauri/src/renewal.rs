//! Decides when the page gets a fresh web process: when it has grown, before it is too large, and once a night.
//!
//! Pure: time and readings are arguments. Rule: nobody who touches the screen is disturbed, unless memory runs out.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use jiff::civil::{Date, DateTime};

/// Hours of the day, by the clock on the wall.
const NIGHT: std::ops::Range<i8> = 3..5;
/// So many looks without a touch, and nobody is in the room. So many are needed, too, to know what a page takes.
const ENOUGH_LOOKS: usize = 10;
/// Where the clock is not set, there is no night.
const OLD: Duration = Duration::from_secs(24 * 3600);
/// WebKit keeps some of what pictures took that are long gone. In a race of 10,000 it kept so much of every 400.
const GROWTH_BYTES: u64 = 12 << 20;

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
    /// Until the first picture it takes less than it ever will.
    has_painted: bool,
    /// What it took at the last looks, and the least it took at the first of them: as much as its panel's pictures need.
    taken_bytes: VecDeque<u64>,
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
        Self {
            cap_bytes,
            look_every,
            born: now,
            has_painted: false,
            taken_bytes: VecDeque::new(),
            young_bytes: None,
            touched: None,
            last_night: None,
        }
    }

    pub(crate) fn touched(&mut self, now: Instant) {
        self.touched = Some(now);
    }

    pub(crate) fn painted(&mut self) {
        self.has_painted = true;
    }

    /// For whatever reason there is a new web process.
    pub(crate) fn renewed(&mut self, now: Instant) {
        self.born = now;
        self.has_painted = false;
        self.taken_bytes.clear();
        self.young_bytes = None;
    }

    pub(crate) fn look(&mut self, look: Look) -> Option<Reason> {
        if self.has_painted {
            self.take_down(look.bytes);
        }
        let reason = self.reason(look)?;
        // Asked for once: the fresh process may come later than the next look.
        self.renewed(look.now);
        if let Some(clock) = look.clock.filter(|_| reason == Reason::Night) {
            self.last_night = Some(clock.date());
        }
        Some(reason)
    }

    fn take_down(&mut self, bytes: u64) {
        self.taken_bytes.push_back(bytes);
        if self.taken_bytes.len() > ENOUGH_LOOKS {
            self.taken_bytes.pop_front();
        }
        self.young_bytes = self.young_bytes.or(self.least_bytes());
    }

    /// Between two pictures a page takes more; what it has grown by is what it never gives back.
    fn least_bytes(&self) -> Option<u64> {
        let enough = self.taken_bytes.len() == ENOUGH_LOOKS;
        self.taken_bytes.iter().min().copied().filter(|_| enough)
    }

    fn reason(&self, Look { now, clock, bytes }: Look) -> Option<Reason> {
        let age = now.duration_since(self.born);
        let untouched = |how_long| self.touched.is_none_or(|touched| now.duration_since(touched) >= how_long);
        let is_night =
            clock.is_some_and(|clock| NIGHT.contains(&clock.hour()) && self.last_night != Some(clock.date()));
        if self.is_too_large(bytes, age) && (untouched(self.look_every) || bytes >= self.cap_bytes * 3 / 2) {
            Some(Reason::TooLarge)
        } else if !untouched(self.quiet()) || age < self.quiet() {
            None
        } else if is_night {
            Some(Reason::Night)
        } else if self.has_grown() {
            Some(Reason::Grown)
        } else {
            (age >= OLD).then_some(Reason::Old)
        }
    }

    /// A page that is too large from its birth on is not made better by one new process after the other.
    fn is_too_large(&self, bytes: u64, age: Duration) -> bool {
        bytes > self.cap_bytes && age >= self.quiet()
    }

    fn quiet(&self) -> Duration {
        self.look_every * ENOUGH_LOOKS as u32
    }

    fn has_grown(&self) -> bool {
        let (least, young) = (self.least_bytes(), self.young_bytes);
        least.zip(young).is_some_and(|(least, young)| least >= young + GROWTH_BYTES)
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
        /// A page that has painted.
        fn look(&mut self, minutes: u32, clock: Option<DateTime>, bytes: u64) -> Option<Reason> {
            self.renewal.painted();
            self.look_before_a_picture(minutes, clock, bytes)
        }

        fn look_before_a_picture(
            &mut self,
            minutes: u32,
            clock: Option<DateTime>,
            bytes: u64,
        ) -> Option<Reason> {
            let now = self.start + MINUTE * minutes;
            self.renewal.look(Look { now, clock, bytes })
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
        let grown_by = |minute: u32| 300 + u64::from(minute) * (GROWTH_BYTES / 16);
        let renewed: Vec<u32> =
            (0..40).filter(|minute| page.look(*minute, None, grown_by(*minute)).is_some()).collect();
        assert_eq!(renewed, [25], "the least of the looks 16 to 25 is so much more than that of 0 to 9");
        page.touch(62);
        let renewed: Vec<u32> =
            (40..73).filter(|minute| page.look(*minute, None, grown_by(*minute)).is_some()).collect();
        assert_eq!(renewed, [72], "ten minutes after the touch");
    }

    #[test]
    fn what_a_page_takes_between_two_pictures_is_no_growth() {
        let mut page = Page { renewal: Renewal::new(u64::MAX / 2, MINUTE, Instant::now()), ..page() };
        let taken = |minute: u32| if minute.is_multiple_of(9) { 300 } else { 300 + 2 * GROWTH_BYTES };
        assert!((0..600).all(|minute| page.look(minute, None, taken(minute)).is_none()));
    }

    #[test]
    fn what_a_page_takes_before_its_first_picture_is_no_measure_for_it() {
        let mut page = Page { renewal: Renewal::new(u64::MAX / 2, MINUTE, Instant::now()), ..page() };
        assert_eq!(page.look_before_a_picture(0, None, 1), None);
        let taken = 2 * GROWTH_BYTES;
        assert!((1..60).all(|minute| page.look(minute, None, taken).is_none()));
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

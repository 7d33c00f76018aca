//! Decides what brings a picture back when the page has died or hangs.
//!
//! Pure: the time is an argument.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// Deaths within this time count together.
const WINDOW: Duration = Duration::from_secs(60);
/// Reloads within `WINDOW` before the whole program starts anew.
const RELOADS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Load the page again, in a new web process.
    Reload,
    /// Start the whole program anew.
    StartAnew,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    Well,
    /// The page hangs: end its process.
    PageHangs,
    /// Ending the page's process did not help.
    WindowHangs,
}

pub(crate) struct Watch {
    /// A page that asks for nothing for this long hangs.
    silence: Duration,
    deaths: VecDeque<Instant>,
    last_sign: Instant,
    /// When a hung page was ended last, so that it is ended once per silence.
    ended: Option<Instant>,
    /// The next death is wanted.
    planned: bool,
}

impl Watch {
    pub(crate) fn new(silence: Duration, now: Instant) -> Self {
        Self { silence, deaths: VecDeque::new(), last_sign: now, ended: None, planned: false }
    }

    /// The page asked for something, so it lives.
    pub(crate) fn sign_of_life(&mut self, now: Instant) {
        self.last_sign = now;
        self.ended = None;
    }

    /// The web process is about to be ended for a fresh one, which is no fault of the page.
    pub(crate) fn will_end(&mut self) {
        self.planned = true;
    }

    /// The web process is gone.
    pub(crate) fn died(&mut self, now: Instant) -> Remedy {
        if std::mem::take(&mut self.planned) {
            self.last_sign = self.last_sign.max(now);
            return Remedy::Reload;
        }
        self.deaths.retain(|death| now.duration_since(*death) < WINDOW);
        self.deaths.push_back(now);
        if self.deaths.len() > RELOADS {
            return Remedy::StartAnew;
        }
        // A page that loads is given the time to.
        self.last_sign = self.last_sign.max(now);
        Remedy::Reload
    }

    /// Looked at every few seconds.
    pub(crate) fn look(&mut self, now: Instant) -> Life {
        let silent = now.duration_since(self.last_sign);
        // Silent although its page was ended: the window itself hangs.
        if self.ended.is_some_and(|ended| now.duration_since(ended) >= self.silence * 7 / 5) {
            return Life::WindowHangs;
        }
        if silent >= self.silence && self.ended.is_none() {
            self.ended = Some(now);
            return Life::PageHangs;
        }
        Life::Well
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SILENCE: Duration = Duration::from_secs(75);

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn three_deaths_a_minute_are_reloaded_and_the_fourth_starts_the_program_anew() {
        let start = Instant::now();
        let mut watch = Watch::new(SILENCE, start);
        let remedies = [0, 10, 20, 30].map(|second| watch.died(after(start, second)));
        assert_eq!(remedies, [Remedy::Reload, Remedy::Reload, Remedy::Reload, Remedy::StartAnew]);
    }

    #[test]
    fn deaths_far_apart_are_reloaded_for_ever() {
        let start = Instant::now();
        let mut watch = Watch::new(SILENCE, start);
        let all_reload = (0..50).all(|n| watch.died(after(start, n * 21)) == Remedy::Reload);
        assert!(all_reload);
    }

    #[test]
    fn a_death_that_was_planned_is_not_held_against_the_page() {
        let start = Instant::now();
        let mut watch = Watch::new(SILENCE, start);
        for second in 0..20 {
            watch.will_end();
            assert_eq!(watch.died(after(start, second)), Remedy::Reload);
        }
        assert_eq!(watch.look(after(start, 19 + 74)), Life::Well, "it is given the time to load");
    }

    #[test]
    fn a_page_that_asks_is_well() {
        let start = Instant::now();
        let mut watch = Watch::new(SILENCE, start);
        for second in (0..600).step_by(5) {
            watch.sign_of_life(after(start, second));
            assert_eq!(watch.look(after(start, second + 4)), Life::Well);
        }
    }

    #[test]
    fn a_page_that_hangs_is_ended_once() {
        let start = Instant::now();
        let mut watch = Watch::new(SILENCE, start);
        assert_eq!(watch.look(after(start, 74)), Life::Well);
        assert_eq!(watch.look(after(start, 75)), Life::PageHangs);
        assert_eq!(watch.look(after(start, 80)), Life::Well);
        assert_eq!(watch.died(after(start, 81)), Remedy::Reload);
        watch.sign_of_life(after(start, 90));
        assert_eq!(watch.look(after(start, 100)), Life::Well);
    }

    #[test]
    fn a_window_that_stays_silent_is_not_waited_for() {
        let start = Instant::now();
        let mut watch = Watch::new(SILENCE, start);
        assert_eq!(watch.look(after(start, 75)), Life::PageHangs);
        assert_eq!(watch.look(after(start, 180)), Life::WindowHangs);
    }
}

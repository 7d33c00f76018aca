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
/// The page asks for the status every 5 s; WebKit slows the timers of a page it takes for hidden to one a minute.
const SILENCE: Duration = Duration::from_secs(75);
/// A page that stays silent although it was ended: the window itself hangs.
const DEAD_SILENCE: Duration = Duration::from_secs(180);

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
    deaths: VecDeque<Instant>,
    last_sign: Instant,
    /// When a hung page was ended last, so that it is ended once per silence.
    ended: Option<Instant>,
}

impl Watch {
    pub(crate) fn new(now: Instant) -> Self {
        Self { deaths: VecDeque::new(), last_sign: now, ended: None }
    }

    /// The page asked for something, so it lives.
    pub(crate) fn sign_of_life(&mut self, now: Instant) {
        self.last_sign = now;
        self.ended = None;
    }

    /// The web process is gone.
    pub(crate) fn died(&mut self, now: Instant) -> Remedy {
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
        if self.ended.is_some_and(|ended| now.duration_since(ended) >= DEAD_SILENCE - SILENCE) {
            return Life::WindowHangs;
        }
        if silent >= SILENCE && self.ended.is_none() {
            self.ended = Some(now);
            return Life::PageHangs;
        }
        Life::Well
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn three_deaths_a_minute_are_reloaded_and_the_fourth_starts_the_program_anew() {
        let start = Instant::now();
        let mut watch = Watch::new(start);
        let remedies = [0, 10, 20, 30].map(|second| watch.died(after(start, second)));
        assert_eq!(remedies, [Remedy::Reload, Remedy::Reload, Remedy::Reload, Remedy::StartAnew]);
    }

    #[test]
    fn deaths_far_apart_are_reloaded_for_ever() {
        let start = Instant::now();
        let mut watch = Watch::new(start);
        let all_reload = (0..50).all(|n| watch.died(after(start, n * 21)) == Remedy::Reload);
        assert!(all_reload);
    }

    #[test]
    fn a_page_that_asks_is_well() {
        let start = Instant::now();
        let mut watch = Watch::new(start);
        for second in (0..600).step_by(5) {
            watch.sign_of_life(after(start, second));
            assert_eq!(watch.look(after(start, second + 4)), Life::Well);
        }
    }

    #[test]
    fn a_page_that_hangs_is_ended_once() {
        let start = Instant::now();
        let mut watch = Watch::new(start);
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
        let mut watch = Watch::new(start);
        assert_eq!(watch.look(after(start, 75)), Life::PageHangs);
        assert_eq!(watch.look(after(start, 180)), Life::WindowHangs);
    }
}

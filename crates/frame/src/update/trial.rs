//! Decides whether a version on trial works: it has to show, for the whole time, what the old one showed.
//!
//! Pure: times and sightings are arguments.

use std::time::{Duration, Instant};

/// How far a program has got, from nothing to a photo that a screen has painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Health {
    Silent,
    /// It answers, and has no photo to show.
    Answers,
    /// It has given a photo to its screen, if there is one.
    Shows,
    /// A screen has painted a photo.
    Painted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Waiting,
    Works,
    Fails(&'static str),
}

pub(crate) struct Trial {
    expected: Health,
    lasts: Duration,
    began: Instant,
    well_since: Option<Instant>,
    best: Health,
}

impl Trial {
    /// `before` is the best the old version was seen at: a new one cannot paint where there is nothing to paint.
    pub(crate) fn begin(before: Health, lasts: Duration, now: Instant) -> Self {
        let expected = before.max(Health::Answers);
        Self { expected, lasts, began: now, well_since: None, best: Health::Silent }
    }

    /// `None`: the program has ended.
    pub(crate) fn look(&mut self, health: Option<Health>, now: Instant) -> Verdict {
        let Some(health) = health else { return Verdict::Fails("it ended") };
        self.best = self.best.max(health);
        self.well_since = (health >= self.expected).then(|| self.well_since.unwrap_or(now));
        match self.well_since {
            Some(since) if now.duration_since(since) >= self.lasts => Verdict::Works,
            None if now.duration_since(self.began) >= self.lasts => Verdict::Fails(self.why()),
            _ => Verdict::Waiting,
        }
    }

    fn why(&self) -> &'static str {
        match self.best {
            Health::Silent => "it did not answer",
            best if best >= self.expected => "it did not keep its photo on the screen",
            _ => "it showed no photo",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// One look a second; the verdict and its second.
    fn judge(before: Health, seen: impl Fn(u64) -> Option<Health>) -> (Verdict, u64) {
        let start = Instant::now();
        let mut trial = Trial::begin(before, MINUTE, start);
        let look = |second| (trial.look(seen(second), start + Duration::from_secs(second)), second);
        (0..1_000).map(look).find(|(verdict, _)| *verdict != Verdict::Waiting).unwrap()
    }

    #[test]
    fn a_photo_for_a_whole_minute_is_needed() {
        let painted_after_ten = |second| Some(if second < 10 { Health::Answers } else { Health::Painted });
        assert_eq!(judge(Health::Painted, painted_after_ten), (Verdict::Works, 70));
    }

    #[test]
    fn no_photo_within_a_minute_fails() {
        assert_eq!(
            judge(Health::Painted, |_| Some(Health::Shows)),
            (Verdict::Fails("it showed no photo"), 60)
        );
        assert_eq!(judge(Health::Shows, |_| Some(Health::Silent)), (Verdict::Fails("it did not answer"), 60));
    }

    #[test]
    fn an_end_fails_at_once_and_flicker_in_the_end() {
        assert_eq!(
            judge(Health::Shows, |second| (second < 20).then_some(Health::Painted)),
            (Verdict::Fails("it ended"), 20)
        );
        let flickers = |second: u64| Some(if second % 7 == 6 { Health::Silent } else { Health::Painted });
        assert_eq!(
            judge(Health::Painted, flickers).0,
            Verdict::Fails("it did not keep its photo on the screen")
        );
    }

    #[test]
    fn where_there_was_no_photo_an_answer_is_enough() {
        assert_eq!(judge(Health::Answers, |_| Some(Health::Answers)), (Verdict::Works, 60));
        assert_eq!(judge(Health::Silent, |_| Some(Health::Answers)), (Verdict::Works, 60));
    }
}

//! Where the slideshow stands: what is on, what was on before, what was asked for, and how long a photo stays.
//!
//! Pure: the engine brings the time and carries the moves out.

use std::{collections::VecDeque, time::Duration};

use picup_api::PhotoId;

/// Steps back that are remembered.
const HISTORY: usize = 200;
/// With more arrivals than this waiting, it is an import and not a parade: the rhythm stays as it is.
const PARADE: u32 = 20;

/// A photo on the panel, and the one that shares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub photo: PhotoId,
    pub beside: Option<PhotoId>,
}

#[derive(Debug, Default)]
pub(crate) struct Show {
    /// Oldest first; `at` is the place of what is on.
    history: Vec<Placed>,
    at: usize,
    queue: VecDeque<PhotoId>,
    pub paused: bool,
}

impl Show {
    pub(crate) fn current(&self) -> Option<Placed> {
        self.history.get(self.at).copied()
    }

    /// Whether a photo is on, alone or beside another.
    pub(crate) fn has_on(&self, photo: PhotoId) -> bool {
        self.on().any(|on| on == photo)
    }

    /// The one or two photos that are on.
    pub(crate) fn on(&self) -> impl Iterator<Item = PhotoId> + use<> {
        self.current().into_iter().flat_map(|on| [Some(on.photo), on.beside]).flatten()
    }

    /// Steps back; stays at the oldest remembered.
    pub(crate) fn back(&mut self) -> Option<Placed> {
        self.at = self.at.saturating_sub(1);
        self.current()
    }

    /// Steps to what was asked for, or to what was on before stepping back; `None`: the playlist decides.
    pub(crate) fn forward(&mut self) -> Option<Placed> {
        if let Some(photo) = self.queue.pop_front() {
            let asked = Placed { photo, beside: None };
            self.put_on(asked);
            return Some(asked);
        }
        let next = self.history.get(self.at + 1).copied()?;
        self.at += 1;
        Some(next)
    }

    pub(crate) fn put_on(&mut self, placed: Placed) {
        self.history.truncate(self.at + 1);
        if self.current() != Some(placed) {
            self.history.push(placed);
        }
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
        self.at = self.history.len() - 1;
    }

    /// These come next, in this order, before the playlist goes on.
    pub(crate) fn ask_for(&mut self, photos: impl IntoIterator<Item = PhotoId>) {
        self.queue = photos.into_iter().collect();
    }

    /// Forgets a photo that may not be shown any more; one that shared the panel with it stays. True when it was on.
    pub(crate) fn forget(&mut self, photo: PhotoId) -> bool {
        let was_on = self.has_on(photo);
        let before = self.history.iter().take(self.at).filter(|it| it.photo == photo).count();
        self.history.retain(|it| it.photo != photo);
        self.history.iter_mut().for_each(|it| it.beside = it.beside.filter(|id| *id != photo));
        self.queue.retain(|id| *id != photo);
        self.at = (self.at - before).min(self.history.len().saturating_sub(1));
        was_on
    }
}

/// How long what is on stays, with `waiting` new arrivals behind it.
pub(crate) fn dwell(usual: Duration, waiting: u32) -> Duration {
    if waiting == 0 || waiting > PARADE {
        return usual;
    }
    (Duration::from_secs(8) / waiting).clamp(Duration::from_secs(1), Duration::from_secs(4)).min(usual)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn photo(n: u128) -> PhotoId {
        PhotoId(Uuid::from_u128(n))
    }

    fn alone(n: u128) -> Placed {
        Placed { photo: photo(n), beside: None }
    }

    fn showing(numbers: &[u128]) -> Show {
        let mut show = Show::default();
        numbers.iter().for_each(|n| show.put_on(alone(*n)));
        show
    }

    #[test]
    fn back_and_forward_walk_through_what_was_shown() {
        let mut show = showing(&[1, 2, 3]);
        assert_eq!(show.back(), Some(alone(2)));
        assert_eq!(show.back(), Some(alone(1)));
        assert_eq!(show.back(), Some(alone(1)));
        assert_eq!(show.forward(), Some(alone(2)));
        assert_eq!(show.forward(), Some(alone(3)));
        assert_eq!(show.forward(), None);
    }

    #[test]
    fn what_was_asked_for_comes_first() {
        let mut show = showing(&[1, 2]);
        show.ask_for([photo(7), photo(8)]);
        assert_eq!((show.forward(), show.forward(), show.forward()), (Some(alone(7)), Some(alone(8)), None));
        assert_eq!(show.back(), Some(alone(7)));
    }

    #[test]
    fn a_photo_that_left_is_not_come_back_to() {
        let mut show = showing(&[1, 2, 1, 3]);
        assert!(!show.forget(photo(1)));
        assert_eq!(show.current(), Some(alone(3)));
        assert_eq!(show.back(), Some(alone(2)));
        assert!(show.forget(photo(2)));
        assert_eq!(show.current(), Some(alone(3)));
        assert!(show.forget(photo(3)));
        assert_eq!(show.current(), None);
    }

    #[test]
    fn one_of_a_pair_stays_when_the_other_leaves() {
        let mut show = showing(&[1]);
        show.put_on(Placed { photo: photo(2), beside: Some(photo(3)) });
        assert!(show.has_on(photo(3)));
        assert!(show.forget(photo(3)));
        assert_eq!(show.current(), Some(alone(2)));
    }

    #[test]
    fn memory_of_what_was_shown_is_bounded() {
        let mut show = Show::default();
        (0..10_000).for_each(|n| show.put_on(alone(n)));
        assert_eq!(show.history.len(), HISTORY);
        assert_eq!(show.current(), Some(alone(9_999)));
    }

    #[test]
    fn a_few_arrivals_parade_and_a_large_import_does_not() {
        let usual = Duration::from_secs(15);
        assert_eq!(dwell(usual, 0), usual);
        assert_eq!(dwell(usual, 1), Duration::from_secs(4));
        assert_eq!(dwell(usual, 12), Duration::from_secs(1));
        assert_eq!(dwell(usual, 500), usual);
        assert_eq!(dwell(Duration::from_secs(3), 1), Duration::from_secs(3));
    }
}

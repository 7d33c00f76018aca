//! Decides which photo comes next.
//!
//! Pure: a function of what there is, what was seen, the date and a seed. New arrivals come first, then photos taken
//! on this day in earlier years, then a shuffle in which nothing comes twice before everything was seen. There is
//! no stored order, so photos may come and go at any time.

use jiff::civil::Date;
use picup_api::PhotoId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub photo: PhotoId,
    /// Its place among the arrivals that were never shown; absent once it was.
    pub arrival: Option<u64>,
    /// The day it was taken, where that is known.
    pub taken: Option<Date>,
    /// Shown in the current round.
    pub seen: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub photo: PhotoId,
    /// Everything had been seen: a new round begins with this photo.
    pub starts_round: bool,
}

/// `today` is absent while the clock cannot be trusted. `round` seeds the shuffle.
pub(crate) fn pick_next(
    candidates: &[Candidate],
    today: Option<Date>,
    round: u64,
    current: Option<PhotoId>,
) -> Option<Pick> {
    let unseen = candidates.iter().filter(|candidate| !candidate.seen || candidate.arrival.is_some());
    if let Some(best) = unseen.min_by_key(|candidate| rank(candidate, today, round)) {
        return Some(Pick { photo: best.photo, starts_round: false });
    }
    // The last photo of a round does not open the next one.
    let others = candidates.iter().filter(|candidate| Some(candidate.photo) != current);
    let best = others.min_by_key(|candidate| rank(candidate, today, round + 1)).or(candidates.first())?;
    Some(Pick { photo: best.photo, starts_round: true })
}

fn rank(candidate: &Candidate, today: Option<Date>, round: u64) -> (u64, bool, u64) {
    let anniversary =
        matches!((candidate.taken, today), (Some(taken), Some(today)) if is_anniversary(taken, today));
    (candidate.arrival.unwrap_or(u64::MAX), !anniversary, shuffled(candidate.photo, round))
}

fn is_anniversary(taken: Date, today: Date) -> bool {
    taken.month() == today.month() && taken.day() == today.day() && taken.year() < today.year()
}

/// A place in the shuffle: SplitMix64 (Steele, Lea, Flood 2014) over the id and the seed.
fn shuffled(photo: PhotoId, seed: u64) -> u64 {
    let (high, low) = photo.0.as_u64_pair();
    mix(mix(mix(seed) ^ high) ^ low)
}

fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn candidate(n: u128) -> Candidate {
        Candidate { photo: PhotoId(Uuid::from_u128(n)), arrival: None, taken: None, seen: false }
    }

    fn play(candidates: &mut [Candidate], round: &mut u64, current: Option<PhotoId>) -> PhotoId {
        let pick = pick_next(candidates, None, *round, current).unwrap();
        if pick.starts_round {
            *round += 1;
            candidates.iter_mut().for_each(|candidate| candidate.seen = false);
        }
        let shown = candidates.iter_mut().find(|candidate| candidate.photo == pick.photo).unwrap();
        (shown.seen, shown.arrival) = (true, None);
        pick.photo
    }

    #[test]
    fn a_new_arrival_comes_before_everything_and_the_first_to_arrive_first() {
        let mut candidates: Vec<_> = (0..20).map(candidate).collect();
        (candidates[7].arrival, candidates[3].arrival) = (Some(1), Some(2));
        let mut round = 9;
        assert_eq!(play(&mut candidates, &mut round, None), candidate(7).photo);
        assert_eq!(play(&mut candidates, &mut round, None), candidate(3).photo);
    }

    #[test]
    fn this_day_in_earlier_years_comes_next() {
        let mut candidates: Vec<_> = (0..20).map(candidate).collect();
        candidates[5].taken = Some(date(2019, 5, 1));
        candidates[6].taken = Some(date(2024, 5, 1));
        let pick = pick_next(&candidates, Some(date(2024, 5, 1)), 1, None).unwrap();
        assert_eq!(pick.photo, candidate(5).photo);
    }

    #[test]
    fn an_empty_cache_has_nothing_next_and_a_single_photo_repeats() {
        assert_eq!(pick_next(&[], None, 0, None), None);
        let only = Candidate { seen: true, ..candidate(1) };
        assert_eq!(pick_next(&[only], None, 0, Some(only.photo)).unwrap().photo, only.photo);
    }

    proptest! {
        #[test]
        fn nothing_repeats_until_everything_was_seen(count in 2usize..60, seed: u32) {
            let mut candidates: Vec<_> = (0..count as u128).map(candidate).collect();
            let (mut round, mut current) = (u64::from(seed), None);
            for _ in 0..3 {
                let mut seen = HashSet::new();
                for _ in 0..count {
                    let photo = play(&mut candidates, &mut round, current);
                    prop_assert_ne!(Some(photo), current, "not twice in a row");
                    prop_assert!(seen.insert(photo));
                    current = Some(photo);
                }
            }
        }

        #[test]
        fn the_same_facts_give_the_same_photo(count in 1u128..40, round: u32) {
            let candidates: Vec<_> = (0..count).map(candidate).collect();
            let reversed: Vec<_> = candidates.iter().rev().copied().collect();
            let round = u64::from(round);
            prop_assert_eq!(pick_next(&candidates, None, round, None), pick_next(&reversed, None, round, None));
        }
    }
}

//! Decides which photo comes next, and which one beside it.
//!
//! Pure: a function of what there is, what was seen, the date and a seed. New arrivals come first, then photos taken
//! on this day in earlier years, then a weighted shuffle in which nothing comes twice before everything was seen.
//! There is no stored order, so photos may come and go at any time.

mod weight;

use jiff::civil::Date;
use picup_api::PhotoId;

pub(crate) use weight::weigh;

/// Photos taken within so many days may share the panel: one trip.
const TRIP_DAYS: i32 = 4;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Candidate {
    pub photo: PhotoId,
    /// Its place among the arrivals that were never shown; absent once it was.
    pub arrival: Option<u64>,
    /// The day it was taken, where that is known.
    pub taken: Option<Date>,
    /// Shown in the current round.
    pub seen: bool,
    /// How early it tends to come in a round: with twice the weight, before an average photo two times in three.
    pub weight: f64,
    /// It stands where the panel lies, or lies where the panel stands: two of them fill it better than one.
    pub crosswise: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub photo: PhotoId,
    pub beside: Option<PhotoId>,
    /// Everything had been seen: a new round begins with this photo.
    pub starts_round: bool,
}

impl Pick {
    /// Not chosen by the playlist: asked for.
    pub(crate) fn alone(photo: PhotoId) -> Self {
        Self { photo, beside: None, starts_round: false }
    }

    pub(crate) fn has(&self, photo: PhotoId) -> bool {
        self.photo == photo || self.beside == Some(photo)
    }
}

/// `today` is absent while the clock cannot be trusted. `round` seeds the shuffle. `on`: what is on the panel. Without
/// `pairs`, nothing is put beside.
pub(crate) fn pick_next(
    candidates: &[Candidate],
    today: Option<Date>,
    round: u64,
    on: &[PhotoId],
    pairs: bool,
) -> Option<Pick> {
    let beside =
        |among: &[Candidate], best: &Candidate, round| pairs.then(|| companion(among, best, round)).flatten();
    let unseen = candidates.iter().filter(|candidate| !candidate.seen || candidate.arrival.is_some());
    if let Some(best) = first(unseen, today, round) {
        let beside = beside(candidates, best, round);
        return Some(Pick { photo: best.photo, beside, starts_round: false });
    }
    let next = next_round(candidates, on);
    let best = first(next.iter(), today, round + 1)?;
    Some(Pick { photo: best.photo, beside: beside(&next, best, round + 1), starts_round: true })
}

/// What the last round ended with does not open the next one, unless there is nothing else.
fn next_round(candidates: &[Candidate], on: &[PhotoId]) -> Vec<Candidate> {
    let fresh = candidates.iter().map(|candidate| Candidate { seen: false, ..*candidate });
    let (still_on, others): (Vec<_>, Vec<_>) = fresh.partition(|candidate| on.contains(&candidate.photo));
    if others.is_empty() { still_on } else { others }
}

fn first<'a>(
    candidates: impl Iterator<Item = &'a Candidate>,
    today: Option<Date>,
    round: u64,
) -> Option<&'a Candidate> {
    let rank = |candidate: &Candidate| {
        let anniversary =
            matches!((candidate.taken, today), (Some(taken), Some(today)) if is_anniversary(taken, today));
        (candidate.arrival.unwrap_or(u64::MAX), !anniversary)
    };
    candidates.min_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| turn(a, round).total_cmp(&turn(b, round))))
}

/// What shares the panel with `main`: of the same day, else of the same trip, else what would come soon anyway.
/// An arrival is only joined by another, so that neither is overlooked.
fn companion(candidates: &[Candidate], main: &Candidate, round: u64) -> Option<PhotoId> {
    let fits = |other: &&Candidate| {
        let waits = !other.seen || other.arrival.is_some();
        other.photo != main.photo
            && waits
            && other.crosswise
            && other.arrival.is_some() == main.arrival.is_some()
    };
    let distance = |other: &Candidate| match (main.taken, other.taken) {
        (Some(one), Some(other)) => days_between(one, other).min(TRIP_DAYS + 1),
        _ => TRIP_DAYS + 1,
    };
    let nearest = candidates
        .iter()
        .filter(fits)
        .min_by(|a, b| distance(a).cmp(&distance(b)).then_with(|| turn(a, round).total_cmp(&turn(b, round))));
    nearest.filter(|_| main.crosswise).map(|other| other.photo)
}

fn days_between(one: Date, other: Date) -> i32 {
    one.until(other).map_or(i32::MAX, |span| span.get_days().abs())
}

/// A birthday on 29 February has its anniversary every fourth year.
fn is_anniversary(taken: Date, today: Date) -> bool {
    taken.month() == today.month() && taken.day() == today.day() && taken.year() < today.year()
}

/// A place in the weighted shuffle, the smallest first: Efraimidis and Spirakis, "Weighted random sampling with a
/// reservoir", 2006, with a hash of the id and the seed as the random number.
fn turn(candidate: &Candidate, seed: u64) -> f64 {
    // 53 bits, so that every value is a different number between 0 and 1, and neither of them.
    let uniform = ((shuffled(candidate.photo, seed) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    -uniform.ln() / candidate.weight
}

/// SplitMix64 (Steele, Lea, Flood 2014) over the id and the seed.
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
        let photo = PhotoId(Uuid::from_u128(n));
        Candidate { photo, arrival: None, taken: None, seen: false, weight: 1.0, crosswise: false }
    }

    fn upright(n: u128, taken: Option<Date>) -> Candidate {
        Candidate { taken, crosswise: true, ..candidate(n) }
    }

    fn play(candidates: &mut [Candidate], round: &mut u64, current: Option<PhotoId>) -> PhotoId {
        play_pick(candidates, round, current, false).photo
    }

    fn play_pick(
        candidates: &mut [Candidate],
        round: &mut u64,
        current: Option<PhotoId>,
        pairs: bool,
    ) -> Pick {
        let on: Vec<_> = current.into_iter().collect();
        let pick = pick_next(candidates, None, *round, &on, pairs).unwrap();
        if pick.starts_round {
            *round += 1;
            candidates.iter_mut().for_each(|candidate| candidate.seen = false);
        }
        let on = [Some(pick.photo), pick.beside];
        for shown in candidates.iter_mut().filter(|it| on.contains(&Some(it.photo))) {
            (shown.seen, shown.arrival) = (true, None);
        }
        pick
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
        let pick = pick_next(&candidates, Some(date(2024, 5, 1)), 1, &[], true).unwrap();
        assert_eq!(pick.photo, candidate(5).photo);
    }

    #[test]
    fn an_empty_cache_has_nothing_next_and_a_single_photo_repeats() {
        assert_eq!(pick_next(&[], None, 0, &[], true), None);
        let only = Candidate { seen: true, ..candidate(1) };
        assert_eq!(pick_next(&[only], None, 0, &[only.photo], true).unwrap().photo, only.photo);
    }

    #[test]
    fn two_upright_photos_of_one_day_share_the_panel_then_those_of_one_trip_then_any() {
        let day = |day| Some(date(2024, 5, day));
        let all = [
            upright(1, day(10)),
            upright(2, day(10)),
            upright(3, day(12)),
            upright(4, day(30)),
            candidate(5),
        ];
        let beside = |main: &Candidate, left: &[Candidate]| companion(left, main, 7);
        assert_eq!(beside(&all[0], &all), Some(all[1].photo));
        assert_eq!(beside(&all[0], &[all[0], all[2], all[3], all[4]]), Some(all[2].photo));
        assert_eq!(beside(&all[0], &[all[0], all[3], all[4]]), Some(all[3].photo));
        assert_eq!(beside(&all[0], &[all[0], all[4]]), None, "a photo that lies fills the panel alone");
        assert_eq!(beside(&all[4], &all), None);
    }

    #[test]
    fn a_round_may_begin_with_a_pair_and_never_with_what_is_on() {
        let seen = |n| Candidate { seen: true, ..upright(n, None) };
        let all = [seen(1), seen(2), seen(3), seen(4)];
        let pick = pick_next(&all, None, 1, &[all[0].photo, all[1].photo], true).unwrap();
        let on: HashSet<_> = [Some(pick.photo), pick.beside].into_iter().flatten().collect();
        assert!(pick.starts_round);
        assert_eq!(on, HashSet::from([all[2].photo, all[3].photo]));
    }

    #[test]
    fn what_was_seen_is_nobodys_companion_and_an_arrival_is_only_joined_by_another() {
        let seen = Candidate { seen: true, ..upright(2, None) };
        assert_eq!(companion(&[upright(1, None), seen], &upright(1, None), 7), None);
        let new = |n| Candidate { arrival: Some(n as u64), ..upright(n, None) };
        assert_eq!(companion(&[new(1), upright(2, None)], &new(1), 7), None);
        assert_eq!(companion(&[new(1), upright(2, None), new(3)], &new(1), 7), Some(new(3).photo));
    }

    #[test]
    fn a_photo_of_three_times_the_weight_comes_early_in_most_rounds() {
        let mut candidates: Vec<_> = (0..20).map(candidate).collect();
        candidates[7].weight = 3.0;
        let place = |round| {
            let mine = turn(&candidates[7], round);
            candidates.iter().filter(|other| turn(other, round) < mine).count()
        };
        // With weight w among n of weight 1, (n - 1) / (w + 1) come before it on average: here 4.75 of 19.
        let mean = (0..2_000).map(place).sum::<usize>() as f64 / 2_000.0;
        assert!((4.4..5.1).contains(&mean), "{mean}");
    }

    proptest! {
        #[test]
        fn in_pairs_too_nothing_repeats_until_everything_was_seen(
            crosswise in proptest::collection::vec(any::<bool>(), 2..40), seed: u32
        ) {
            let mut candidates: Vec<_> = crosswise
                .iter()
                .enumerate()
                .map(|(n, crosswise)| Candidate { crosswise: *crosswise, ..candidate(n as u128) })
                .collect();
            let (mut round, mut current, mut seen) = (u64::from(seed), None, HashSet::new());
            while seen.len() < candidates.len() {
                let pick = play_pick(&mut candidates, &mut round, current, true);
                prop_assert!(!pick.starts_round);
                for photo in [Some(pick.photo), pick.beside].into_iter().flatten() {
                    prop_assert!(seen.insert(photo));
                }
                current = Some(pick.photo);
            }
        }

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
            prop_assert_eq!(pick_next(&candidates, None, round, &[], true), pick_next(&reversed, None, round, &[], true));
        }
    }
}

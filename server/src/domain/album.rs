//! The order of an album's photos.
//!
//! Each photo has a position; positions ascend with wide gaps, so that an append or a move writes one row. When a
//! gap is used up, the whole album is numbered anew.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

/// The distance between neighbours in a freshly numbered album: 2^20 leaves room for twenty moves to one place.
pub const GAP: i64 = 1 << 20;
/// Photos one album may have.
pub const MAX_PHOTOS: usize = 20_000;
/// Photos one request may name.
pub const MAX_PHOTOS_PER_REQUEST: usize = 1000;

/// A photo and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub photo: Uuid,
    pub position: i64,
}

/// The wanted order names other photos than the album has, or one twice.
#[derive(Debug, PartialEq, Eq)]
pub struct OrderMismatch;

/// The positions of `count` photos appended after `last`.
pub fn positions_after(last: Option<i64>, count: usize) -> impl Iterator<Item = i64> {
    let start = last.unwrap_or(0);
    (1..).take(count).map(move |step| start.saturating_add(GAP.saturating_mul(step)))
}

/// The rows to write so that `current` (ascending by position) has the order `wanted`.
///
/// The photos of a longest ascending subsequence stay where they are; the others go between them.
pub fn plan_order(current: &[Placed], wanted: &[Uuid]) -> Result<Vec<Placed>, OrderMismatch> {
    let held: HashMap<Uuid, i64> = current.iter().map(|placed| (placed.photo, placed.position)).collect();
    let distinct: HashSet<&Uuid> = wanted.iter().collect();
    if wanted.len() != held.len() || distinct.len() != held.len() {
        return Err(OrderMismatch);
    }
    let positions: Vec<i64> =
        wanted.iter().map(|photo| held.get(photo).copied().ok_or(OrderMismatch)).collect::<Result<_, _>>()?;
    let staying = longest_ascending(&positions);
    let planned =
        fill_gaps(&positions, &staying).unwrap_or_else(|| positions_after(None, wanted.len()).collect());
    let moved = wanted.iter().zip(positions).zip(planned).filter(|((_, before), after)| before != after);
    Ok(moved.map(|((photo, _), position)| Placed { photo: *photo, position }).collect())
}

/// The indices of a longest strictly ascending subsequence (patience sorting, n log n).
fn longest_ascending(values: &[i64]) -> Vec<usize> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; values.len()];
    for (index, value) in values.iter().enumerate() {
        let length = tails.partition_point(|&tail| values[tail] < *value);
        before[index] = length.checked_sub(1).map(|shorter| tails[shorter]);
        if length == tails.len() {
            tails.push(index);
        } else {
            tails[length] = index;
        }
    }
    let mut chain: Vec<usize> =
        std::iter::successors(tails.last().copied(), |&index| before[index]).collect();
    chain.reverse();
    chain
}

/// Positions for all, keeping those of `staying`. None when a gap is too narrow.
fn fill_gaps(positions: &[i64], staying: &[usize]) -> Option<Vec<i64>> {
    let mut planned = positions.to_vec();
    let fences = std::iter::once(None).chain(staying.iter().copied().map(Some));
    let next_fences = staying.iter().copied().map(Some).chain(std::iter::once(None));
    for (left, right) in fences.zip(next_fences) {
        let run = left.map_or(0, |index| index + 1)..right.unwrap_or(positions.len());
        let low = left.map(|index| positions[index]);
        let high = right.map(|index| positions[index]);
        spread(low, high, &mut planned[run])?;
    }
    Some(planned)
}

/// Spreads a run evenly between its fences, or by whole gaps where one side is open.
fn spread(low: Option<i64>, high: Option<i64>, run: &mut [i64]) -> Option<()> {
    if run.is_empty() {
        return Some(());
    }
    let slots = i64::try_from(run.len()).ok()?.checked_add(1)?;
    let low = match (low, high) {
        (Some(low), _) => low,
        (None, Some(high)) => high.checked_sub(GAP.checked_mul(slots)?)?,
        (None, None) => 0,
    };
    let high = high.map_or_else(|| low.checked_add(GAP.checked_mul(slots)?), Some)?;
    let step = high.checked_sub(low)? / slots;
    if step == 0 {
        return None;
    }
    run.iter_mut().zip(1..).for_each(|(position, slot)| *position = low + step * slot);
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn album(count: usize) -> Vec<Placed> {
        positions_after(None, count)
            .zip(1u128..)
            .map(|(position, n)| Placed { photo: Uuid::from_u128(n), position })
            .collect()
    }

    fn apply(current: &mut [Placed], writes: &[Placed]) {
        for write in writes {
            let placed = current.iter_mut().find(|placed| placed.photo == write.photo).unwrap();
            placed.position = write.position;
        }
        current.sort_by_key(|placed| (placed.position, placed.photo));
    }

    fn photos(album: &[Placed]) -> Vec<Uuid> {
        album.iter().map(|placed| placed.photo).collect()
    }

    #[test]
    fn moving_one_photo_writes_one_row() {
        let mut album = album(1000);
        let mut wanted = photos(&album);
        let moved = wanted.remove(900);
        wanted.insert(3, moved);
        let writes = plan_order(&album, &wanted).unwrap();
        assert_eq!(writes.len(), 1);
        apply(&mut album, &writes);
        assert_eq!(photos(&album), wanted);
    }

    #[test]
    fn the_same_order_writes_nothing() {
        let album = album(10);
        assert_eq!(plan_order(&album, &photos(&album)), Ok(Vec::new()));
    }

    #[test]
    fn other_photos_than_the_album_has_are_refused() {
        let album = album(3);
        let all = photos(&album);
        assert_eq!(plan_order(&album, &all[..2]), Err(OrderMismatch));
        assert_eq!(plan_order(&album, &[all[0], all[1], all[1]]), Err(OrderMismatch));
        assert_eq!(plan_order(&album, &[all[0], all[1], Uuid::from_u128(99)]), Err(OrderMismatch));
    }

    #[test]
    fn a_used_up_gap_numbers_the_album_anew() {
        let mut album = album(3);
        for turn in 0..100 {
            let mut wanted = photos(&album);
            wanted.swap(1, 2);
            let writes = plan_order(&album, &wanted).unwrap();
            apply(&mut album, &writes);
            assert_eq!(photos(&album), wanted, "turn {turn}");
        }
    }

    proptest! {
        #[test]
        fn any_order_can_be_reached_from_any_other(
            orders in prop::collection::vec(Just((0..24usize).collect::<Vec<_>>()).prop_shuffle(), 1..20)
        ) {
            let mut album = album(24);
            let all = photos(&album);
            for order in orders {
                let wanted: Vec<Uuid> = order.iter().map(|&index| all[index]).collect();
                let writes = plan_order(&album, &wanted).unwrap();
                apply(&mut album, &writes);
                prop_assert_eq!(photos(&album), wanted);
                prop_assert!(album.windows(2).all(|pair| pair[0].position < pair[1].position));
            }
        }
    }
}

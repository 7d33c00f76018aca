//! How much a photo weighs in the shuffle: hearts add to it, and no album drowns the others.
//!
//! Pure. An album is worth the logarithm of its size, shared by its photos: of a wedding's thousand pictures and a
//! walk's ten, a round's beginning shows both.

use std::collections::HashMap;

use picup_api::{AlbumId, PhotoId};

/// `albums`: the photos of each; a photo may be in many, and those in none make up one of their own. `hearts`: of
/// every photo that may be shown. The mean weight is about one.
pub(crate) fn weigh(
    hearts: &HashMap<PhotoId, u32>,
    albums: &HashMap<AlbumId, Vec<PhotoId>>,
) -> HashMap<PhotoId, f64> {
    let mut weights: HashMap<PhotoId, f64> = HashMap::with_capacity(hearts.len());
    for photos in albums.values() {
        let shown: Vec<_> = photos.iter().filter(|photo| hearts.contains_key(photo)).collect();
        for photo in &shown {
            *weights.entry(**photo).or_default() += share(shown.len());
        }
    }
    let loose = hearts.len() - weights.len();
    let total: f64 = weights.values().sum::<f64>() + share(loose) * loose as f64;
    let mean = if total > 0.0 { total / hearts.len() as f64 } else { 1.0 };
    hearts
        .iter()
        .map(|(photo, hearts)| {
            let of_albums = weights.get(photo).copied().unwrap_or_else(|| share(loose));
            (*photo, of_albums / mean * liking(*hearts))
        })
        .collect()
}

/// What one photo of an album with `photos` has of it.
fn share(photos: usize) -> f64 {
    if photos == 0 { 0.0 } else { (photos as f64).ln_1p() / photos as f64 }
}

/// Every doubling of hearts adds as much as being shown at all.
fn liking(hearts: u32) -> f64 {
    1.0 + (1.0 + f64::from(hearts)).log2()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn photos(numbers: std::ops::Range<u128>) -> Vec<PhotoId> {
        numbers.map(|n| PhotoId(Uuid::from_u128(n))).collect()
    }

    fn album(n: u128) -> AlbumId {
        AlbumId(Uuid::from_u128(n))
    }

    fn without_hearts(numbers: std::ops::Range<u128>) -> HashMap<PhotoId, u32> {
        photos(numbers).into_iter().map(|photo| (photo, 0)).collect()
    }

    #[test]
    fn a_hundred_times_larger_album_is_worth_little_more_than_twice_as_much() {
        let albums = HashMap::from([(album(1), photos(0..1000)), (album(2), photos(1000..1010))]);
        let weights = weigh(&without_hearts(0..1010), &albums);
        let worth = |of: std::ops::Range<u128>| photos(of).iter().map(|photo| weights[photo]).sum::<f64>();
        let ratio = worth(0..1000) / worth(1000..1010);
        assert!((2.8..3.0).contains(&ratio), "ln 1001 / ln 11 = 2.88, not {ratio}");
    }

    #[test]
    fn the_mean_weight_is_one_and_every_photo_has_one() {
        let albums = HashMap::from([(album(1), photos(0..40)), (album(2), photos(30..50))]);
        let weights = weigh(&without_hearts(0..80), &albums);
        assert_eq!(weights.len(), 80);
        assert!(weights.values().all(|weight| *weight > 0.0));
        let mean = weights.values().sum::<f64>() / 80.0;
        assert!((mean - 1.0).abs() < 1e-9, "{mean}");
    }

    #[test]
    fn hearts_make_a_photo_heavier_and_never_without_bound() {
        let mut hearts = without_hearts(0..10);
        hearts.insert(photos(3..4)[0], 1);
        hearts.insert(photos(4..5)[0], 7);
        let weights = weigh(&hearts, &HashMap::new());
        let weight = |n: u128| weights[&photos(n..n + 1)[0]];
        assert_eq!((weight(3) / weight(0), weight(4) / weight(0)), (2.0, 4.0));
    }

    #[test]
    fn photos_of_albums_that_are_not_here_weigh_nothing_and_harm_nothing() {
        let albums = HashMap::from([(album(1), photos(90..95)), (album(2), Vec::new())]);
        assert!(weigh(&without_hearts(0..3), &albums).values().all(|weight| (*weight - 1.0).abs() < 1e-9));
        assert!(weigh(&HashMap::new(), &albums).is_empty());
    }
}

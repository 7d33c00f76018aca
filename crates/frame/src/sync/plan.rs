//! Decides what a frame downloads and deletes.
//!
//! Pure: no clock, disk or network. What left the family goes first. What is merely no longer wanted stays until
//! the new set is complete, or until its room is needed.

use std::collections::HashSet;

use picup_api::{PhotoId, photo::Rendition};

/// A file of the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FileKey {
    pub photo: PhotoId,
    pub rendition: Rendition,
}

/// A file and its size in bytes; for one not fetched yet, an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sized {
    pub key: FileKey,
    pub bytes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Evict(FileKey),
    Fetch(FileKey),
}

/// `wanted`: the most wanted first. `gone`: photos that may not be shown any more.
pub(crate) fn plan_sync(wanted: &[Sized], held: &[Sized], gone: &HashSet<PhotoId>, budget: u64) -> Vec<Step> {
    let keep = within_budget(wanted, held, budget);
    let (leaving, staying): (Vec<Sized>, Vec<Sized>) =
        held.iter().copied().partition(|file| gone.contains(&file.key.photo));
    let mut steps: Vec<Step> = leaving.iter().map(|file| Step::Evict(file.key)).collect();

    let kept: HashSet<FileKey> = keep.iter().map(|file| file.key).collect();
    let have: HashSet<FileKey> = staying.iter().map(|file| file.key).collect();
    let mut used: u64 = staying.iter().map(|file| file.bytes).sum();
    let mut spare: Vec<&Sized> = staying.iter().filter(|file| !kept.contains(&file.key)).collect();

    for file in keep.iter().filter(|file| !have.contains(&file.key)) {
        while used + file.bytes > budget
            && let Some(old) = spare.pop()
        {
            steps.push(Step::Evict(old.key));
            used -= old.bytes;
        }
        steps.push(Step::Fetch(file.key));
        used += file.bytes;
    }
    steps.extend(spare.into_iter().map(|old| Step::Evict(old.key)));
    steps
}

/// What a full disk still allows: photos that left the family go, everything else stays.
pub(crate) fn plan_without_room(held: &[Sized], gone: &HashSet<PhotoId>) -> Vec<Step> {
    held.iter().filter(|file| gone.contains(&file.key.photo)).map(|file| Step::Evict(file.key)).collect()
}

/// The most wanted files that fit together. A file that is held counts with its true size.
fn within_budget(wanted: &[Sized], held: &[Sized], budget: u64) -> Vec<Sized> {
    let true_size: std::collections::HashMap<FileKey, u64> =
        held.iter().map(|file| (file.key, file.bytes)).collect();
    let mut left = budget;
    wanted
        .iter()
        .map(|file| Sized { bytes: true_size.get(&file.key).copied().unwrap_or(file.bytes), ..*file })
        .filter(|file| {
            let fits = file.bytes <= left;
            left -= if fits { file.bytes } else { 0 };
            fits
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn file(n: u8, bytes: u64) -> Sized {
        Sized {
            key: FileKey { photo: PhotoId(Uuid::from_u128(n.into())), rendition: Rendition::Screen1080 },
            bytes,
        }
    }

    fn files(numbers: &HashSet<u8>) -> Vec<Sized> {
        numbers.iter().map(|n| file(*n, 10)).collect()
    }

    #[test]
    fn a_refresh_never_empties_the_cache_first() {
        let steps = plan_sync(&[file(3, 10), file(4, 10)], &[file(1, 10), file(2, 10)], &HashSet::new(), 30);
        assert_eq!(
            steps,
            [
                Step::Fetch(file(3, 10).key),
                Step::Evict(file(2, 10).key),
                Step::Fetch(file(4, 10).key),
                Step::Evict(file(1, 10).key),
            ]
        );
    }

    proptest! {
        #[test]
        fn every_plan_ends_with_what_is_wanted_within_the_budget_all_the_way(
            wanted: HashSet<u8>, held: HashSet<u8>, gone: HashSet<u8>, room in 0u64..300
        ) {
            let wanted: HashSet<u8> = wanted.difference(&gone).copied().collect();
            let budget = room * 10;
            let held_files: Vec<_> = files(&held).into_iter().take(room as usize).collect();
            let gone: HashSet<_> = gone.iter().map(|n| file(*n, 10).key.photo).collect();
            let mut have: HashSet<_> = held_files.iter().map(|f| f.key).collect();
            let mut fetching = false;
            for step in plan_sync(&files(&wanted), &held_files, &gone, budget) {
                match step {
                    Step::Evict(key) => {
                        prop_assert!(!(fetching && gone.contains(&key.photo)), "the gone leave first");
                        prop_assert!(have.remove(&key));
                    }
                    Step::Fetch(key) => { fetching = true; prop_assert!(have.insert(key)); }
                }
                prop_assert!(have.len() as u64 * 10 <= budget);
            }
            prop_assert_eq!(have.len(), wanted.len().min(room as usize));
            prop_assert!(have.iter().all(|key| files(&wanted).iter().any(|f| f.key == *key)));
        }
    }
}

//! Work for later, and when to try again.
//!
//! A job carries ids, is safe to run twice, and is stored under its name: names are never changed.

use std::time::Duration;

use picup_api::{ErrorCode, FamilyId, MemberId, PhotoId, photo::Rendition};
use serde::{Deserialize, Serialize};

/// Attempts before a job waits in the dead-letter list for a person.
pub const MAX_ATTEMPTS: u32 = 12;

/// How often in a row the process that runs a job may end before it does. Within about a minute: a job that takes the
/// server down each time must not do so for an hour.
pub const MAX_LOSSES: u32 = 6;

/// Work caused by the library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LibraryJob {
    /// Make a photo's pictures and read what its file says.
    Render {
        photo: PhotoId,
        /// Absent in what earlier releases left.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        family: Option<FamilyId>,
    },
    /// Make one picture that was asked for and is not there.
    RenderOne {
        photo: PhotoId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        family: Option<FamilyId>,
        rendition: Rendition,
    },
    /// Remove a photo whose time in the trash is over.
    PurgePhoto { photo: PhotoId },
    /// Remove a deleted family's rows and bytes.
    EraseFamily { family: FamilyId },
    /// Write what a store lacks from the others. Works down the ledger: one waiting job per store is enough.
    RepairStore { store: String },
    /// Remove bytes no photo needs from a store. Works down the ledger.
    RemoveBytes { store: String },
    /// Remove what was rendered of a photo that is gone.
    RemoveRenditions { family: FamilyId, photo: PhotoId },
    /// Read copies again and compare them. Hourly.
    ScrubCopies,
    /// Try copies again that were given up. Daily.
    RetryRepairs,
    /// Remove uploads whose time is over. Hourly.
    ExpireUploads,
    /// Remove what killed writers left in the stores. Daily.
    SweepStores,
}

/// What the accounts tell the library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum AccountsJob {
    #[serde(rename = "family.created")]
    FamilyCreated { family: FamilyId },
    #[serde(rename = "family.deleted")]
    FamilyDeleted { family: FamilyId },
    #[serde(rename = "member.deleted")]
    MemberDeleted { member: MemberId },
}

/// A job that can be stored in an outbox.
pub trait Job: Serialize {
    /// Two waiting jobs with the same key are one. A job that already runs does not count: it may have read the
    /// state from before.
    fn dedup_key(&self) -> Option<String>;
}

impl Job for LibraryJob {
    fn dedup_key(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

impl Job for AccountsJob {
    fn dedup_key(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

/// Whether a job that failed for the `attempts`th time, with `code` if it had one, waits for a person. A store or
/// database that is away or full says nothing against the job: it is tried until it is back, or has room.
pub fn is_dead(attempts: u32, code: Option<ErrorCode>) -> bool {
    use ErrorCode::{DatabaseUnavailable, StorageFull, StorageUnavailable};
    let is_outage = matches!(code, Some(StorageUnavailable | StorageFull | DatabaseUnavailable));
    attempts >= MAX_ATTEMPTS && !is_outage
}

/// What is done with a job when the process that ran it has ended, for the `losses`th time in a row: it waits so long
/// before it runs again, or for a person.
pub fn after_loss(losses: u32) -> Option<Duration> {
    (losses < MAX_LOSSES).then(|| backoff(losses))
}

/// How often a wait is doubled.
const DOUBLINGS: u32 = 11;

/// Exponential: 2 s, 4 s, 8 s … 2048 s. A second copy must exist within a minute after an outage ends, so `attempts`
/// grows slowly enough for the first eight tries to fit into ten minutes.
pub fn backoff(attempts: u32) -> Duration {
    Duration::from_secs(1 << attempts.clamp(1, DOUBLINGS))
}

/// Every wait there is, shortest first.
pub fn backoffs() -> impl Iterator<Item = Duration> {
    (1..=DOUBLINGS).map(backoff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_is_bounded() {
        let waits: Vec<_> = (0..40).map(backoff).collect();
        assert!(waits.is_sorted());
        assert_eq!(waits[1], Duration::from_secs(2));
        assert_eq!(waits[39], Duration::from_secs(2048));
        assert!(waits.iter().all(|wait| backoffs().any(|known| known == *wait)));
    }

    #[test]
    fn a_job_that_ends_its_process_is_given_up_after_a_minute() {
        let waits: Vec<_> = (1..=MAX_LOSSES).map(after_loss).collect();
        assert_eq!(waits.iter().flatten().map(Duration::as_secs).collect::<Vec<_>>(), [2, 4, 8, 16, 32]);
        assert_eq!(waits.last(), Some(&None));
    }

    #[test]
    fn only_a_fault_of_the_job_itself_ends_in_the_dead_letter_list() {
        for code in [None, Some(ErrorCode::Internal), Some(ErrorCode::NotFound)] {
            assert!(!is_dead(MAX_ATTEMPTS - 1, code));
            assert!(is_dead(MAX_ATTEMPTS, code), "{code:?}");
        }
        for code in [ErrorCode::StorageUnavailable, ErrorCode::StorageFull, ErrorCode::DatabaseUnavailable] {
            assert!(!is_dead(1000, Some(code)), "{code:?}");
        }
    }
}

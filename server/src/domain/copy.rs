//! The state of one copy of a blob in one store.

/// Words are stored: never rename one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyState {
    /// Not there yet, or no more: to be written from another copy.
    Missing,
    /// Written and verified.
    Present,
    /// Found with other bytes and set aside: to be written from another copy.
    Corrupt,
    /// No photo needs it: to be removed.
    Deleting,
}

impl CopyState {
    pub const ALL: [Self; 4] = [Self::Missing, Self::Present, Self::Corrupt, Self::Deleting];

    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Present => "present",
            Self::Corrupt => "corrupt",
            Self::Deleting => "deleting",
        }
    }

    /// A word of a newer version counts as missing, which makes a copy be looked at again.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.word() == word).unwrap_or(Self::Missing)
    }
}

/// How a copy and the ledger differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Discord {
    /// The ledger says it is there, and it is not.
    Lost,
    /// It is there with another length than the ledger's.
    OtherLength,
    /// It is there with other bytes.
    OtherBytes,
    /// The ledger says, rightly, that it has yet to be written.
    NotCopied,
    /// It is there, and the ledger says it is not.
    Unrecorded,
    /// It is there, and the ledger has never heard of it.
    Unknown,
}

impl Discord {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Lost => "the ledger says it is there, and it is not",
            Self::OtherLength => "it has another length than the ledger says",
            Self::OtherBytes => "it has other bytes than its digest says",
            Self::NotCopied => "it has yet to be copied into this store",
            Self::Unrecorded => "it is there, and the ledger says it is not",
            Self::Unknown => "it is there, and not in the ledger",
        }
    }
}

/// Compares what the ledger says of a copy, its state and length, with the length that is stored.
pub fn discord(ledger: Option<(CopyState, u64)>, stored: Option<u64>) -> Option<Discord> {
    match (ledger, stored) {
        (None, None) => None,
        // On its way out: there or not, both are right.
        (Some((CopyState::Deleting, _)), _) => None,
        (None, Some(_)) => Some(Discord::Unknown),
        (Some((CopyState::Present, _)), None) => Some(Discord::Lost),
        (Some((CopyState::Present, bytes)), Some(found)) => (bytes != found).then_some(Discord::OtherLength),
        (Some((CopyState::Missing | CopyState::Corrupt, _)), None) => Some(Discord::NotCopied),
        (Some((CopyState::Missing | CopyState::Corrupt, _)), Some(_)) => Some(Discord::Unrecorded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_and_a_store_agree_or_differ() {
        for (ledger, stored, expected) in [
            (None, None, None),
            (None, Some(5), Some(Discord::Unknown)),
            (Some(CopyState::Present), Some(5), None),
            (Some(CopyState::Present), Some(4), Some(Discord::OtherLength)),
            (Some(CopyState::Present), None, Some(Discord::Lost)),
            (Some(CopyState::Missing), None, Some(Discord::NotCopied)),
            (Some(CopyState::Missing), Some(5), Some(Discord::Unrecorded)),
            (Some(CopyState::Corrupt), None, Some(Discord::NotCopied)),
            (Some(CopyState::Corrupt), Some(5), Some(Discord::Unrecorded)),
            (Some(CopyState::Deleting), None, None),
            (Some(CopyState::Deleting), Some(5), None),
        ] {
            assert_eq!(discord(ledger.map(|state| (state, 5)), stored), expected, "{ledger:?} {stored:?}");
        }
    }
}

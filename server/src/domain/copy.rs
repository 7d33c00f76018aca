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

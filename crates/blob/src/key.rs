//! The name of a blob: a relative path that is safe on every store.

use std::{fmt, str::FromStr};

/// Segments of `A-Z a-z 0-9 . _ -` joined by `/`. No segment is empty or begins with a dot, so a key never
/// leaves its store and never meets the store's own files.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a blob key")]
pub struct InvalidKey;

const MAX_BYTES: usize = 512;

impl Key {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let good = text.len() <= MAX_BYTES && text.split('/').all(is_segment);
        if good { Ok(Self(text.to_owned())) } else { Err(InvalidKey) }
    }
}

fn is_segment(segment: &str) -> bool {
    !segment.is_empty()
        && !segment.starts_with('.')
        && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_leaves_its_store() {
        for text in ["", "/a", "a/", "a//b", "..", "a/../b", ".tmp/x", "a b", "a\\b", "é", &"a".repeat(513)]
        {
            assert_eq!(text.parse::<Key>(), Err(InvalidKey), "{text}");
        }
        assert_eq!("originals/f/ab/0.jpg".parse::<Key>().unwrap().as_str(), "originals/f/ab/0.jpg");
    }
}

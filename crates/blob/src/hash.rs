//! SHA-256 while bytes pass by.

use aws_lc_rs::digest::{Context, SHA256};

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// An unfinished SHA-256. Cloning keeps the state, so a digest can be taken in the middle.
#[derive(Clone)]
pub struct Hasher(Context);

impl Default for Hasher {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl Hasher {
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> Digest {
        let mut digest = [0; 32];
        digest.copy_from_slice(self.0.finish().as_ref());
        digest
    }

    pub fn digest(bytes: &[u8]) -> Digest {
        let mut hasher = Self::default();
        hasher.update(bytes);
        hasher.finish()
    }
}

//! Which store this is: the text in its marker, a file on a disk or an object in a bucket.

use std::{fmt, io, str::FromStr};

use aws_lc_rs::rand;

/// The marker's name. No key has it.
pub(crate) const MARKER: &str = ".picup-store";

/// A store's identity; tells two disks at the same mount point, or two buckets of the same name, apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreId(pub [u8; 16]);

impl StoreId {
    pub(crate) fn random() -> io::Result<Self> {
        let mut id = [0; 16];
        rand::fill(&mut id).map_err(io::Error::other)?;
        Ok(Self(id))
    }
}

impl fmt::Display for StoreId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for StoreId {
    type Err = io::Error;

    fn from_str(text: &str) -> io::Result<Self> {
        let mut id = [0; 16];
        let damaged = |_| io::Error::other("the store's marker is damaged");
        hex::decode_to_slice(text.trim(), &mut id).map_err(damaged)?;
        Ok(Self(id))
    }
}

//! The picture that is on, for a home that asked for it: a JPEG of at most 512 KiB, which Home Assistant keeps in memory.

use std::path::Path;

use picup_api::PhotoId;

use crate::{
    engine::Core,
    small::{LARGEST, is_jpeg, shrunk},
};

/// `None` when it is gone from the cache, or cannot be made small enough.
pub(super) async fn of(core: &Core, photo: PhotoId) -> Option<Vec<u8>> {
    let cached = core.cache.picture(photo).await.ok()??;
    tokio::task::spawn_blocking(move || read(&cached.path)).await.ok()?
}

fn read(path: &Path) -> Option<Vec<u8>> {
    fitted(std::fs::read(path).ok()?)
}

/// As it is when it is small enough: then nothing is decoded.
fn fitted(bytes: Vec<u8>) -> Option<Vec<u8>> {
    if is_jpeg(&bytes) && bytes.len() <= LARGEST { Some(bytes) } else { shrunk(&bytes, LARGEST) }
}

#[cfg(test)]
mod tests {
    use picup_testkit::photos;

    use super::*;

    #[test]
    fn a_small_jpeg_is_sent_as_it_is() {
        let bytes = photos::jpeg(640, 400, 1);
        assert_eq!(fitted(bytes.clone()), Some(bytes));
    }

    #[test]
    fn what_is_no_jpeg_becomes_one() {
        assert!(is_jpeg(&fitted(photos::png(640, 400, 1)).unwrap()));
    }
}

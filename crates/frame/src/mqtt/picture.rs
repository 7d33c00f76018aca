//! The picture that is on, for a home that asked for it: a JPEG of at most 512 KiB.

use std::path::Path;

use picup_api::PhotoId;
use picup_imaging::{Encoding, Limits, MediaType, Orientation, Picture, RenditionSpec, render};

use crate::engine::Core;

/// Bytes. Home Assistant keeps the whole of it in memory.
pub(super) const LARGEST: usize = 512 << 10;
/// Pixels of the longer side, tried in this order.
const SIDES: [u32; 3] = [1280, 960, 640];

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
    let is_jpeg = MediaType::sniff(&bytes[..bytes.len().min(MediaType::HEAD_BYTES)]) == Some(MediaType::Jpeg);
    if is_jpeg && bytes.len() <= LARGEST {
        return Some(bytes);
    }
    SIDES.iter().find_map(|side| shrunk(&bytes, *side).filter(|small| small.len() <= LARGEST))
}

fn shrunk(bytes: &[u8], side: u32) -> Option<Vec<u8>> {
    let spec = RenditionSpec { name: "home", max_width: side, max_height: side, encoding: Encoding::Jpeg };
    let limits = Limits { max_pixels: 3840 * 2160 };
    let picture = Picture::decode(bytes, Orientation::Upright, &limits, &[spec]).ok()?;
    let (rendered, _) = render(&picture, &[spec]).ok()?;
    rendered.into_iter().next().map(|made| made.bytes)
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
    fn a_large_picture_is_made_small_enough() {
        let bytes = photos::Jpeg::new(3000, 2000, 1).quality(100).build();
        assert!(bytes.len() > LARGEST, "{}", bytes.len());
        let small = fitted(bytes).unwrap();
        assert!(small.len() <= LARGEST);
        let picture = Picture::decode(&small, Orientation::Upright, &Limits::default(), &[]).unwrap();
        assert!(picture.size().0 >= 640, "{:?}", picture.size());
    }

    #[test]
    fn what_is_no_picture_is_not_sent() {
        assert_eq!(fitted(vec![0; LARGEST + 1]), None);
        assert_eq!(fitted(Vec::new()), None);
    }
}

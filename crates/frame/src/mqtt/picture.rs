//! The picture that is on, for a home that asked for it: a JPEG of at most 512 KiB.

use std::path::Path;

use picup_api::PhotoId;
use picup_imaging::{Encoding, Limits, MediaType, Orientation, Picture, RenditionSpec, render};

use crate::engine::Core;

/// Bytes. Home Assistant keeps the whole of it in memory.
const LARGEST: usize = 512 << 10;
/// Pixels of the longer side, tried in this order.
const SIDES: [u32; 3] = [1280, 960, 640];

/// `None` when it is gone from the cache, or cannot be made small enough.
pub(super) async fn of(core: &Core, photo: PhotoId) -> Option<Vec<u8>> {
    let cached = core.cache.picture(photo).await.ok()??;
    tokio::task::spawn_blocking(move || read(&cached.path)).await.ok()?
}

fn read(path: &Path) -> Option<Vec<u8>> {
    fitted(std::fs::read(path).ok()?, LARGEST)
}

/// As it is when it is small enough: then nothing is decoded.
fn fitted(bytes: Vec<u8>, largest: usize) -> Option<Vec<u8>> {
    let is_jpeg = MediaType::sniff(&bytes[..bytes.len().min(MediaType::HEAD_BYTES)]) == Some(MediaType::Jpeg);
    if is_jpeg && bytes.len() <= largest {
        return Some(bytes);
    }
    SIDES.iter().find_map(|side| shrunk(&bytes, *side).filter(|small| small.len() <= largest))
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

    fn size(bytes: &[u8]) -> (u32, u32) {
        Picture::decode(bytes, Orientation::Upright, &Limits::default(), &[]).unwrap().size()
    }

    #[test]
    fn a_small_jpeg_is_sent_as_it_is() {
        let bytes = photos::jpeg(640, 400, 1);
        assert_eq!(fitted(bytes.clone(), LARGEST), Some(bytes));
    }

    #[test]
    fn a_large_picture_is_made_as_small_as_it_has_to_be() {
        let bytes = photos::png(2000, 1500, 1);
        let first = shrunk(&bytes, SIDES[0]).unwrap().len();
        assert_eq!(size(&fitted(bytes.clone(), first).unwrap()), (1280, 960));
        assert_eq!(size(&fitted(bytes.clone(), first - 1).unwrap()), (960, 720));
        assert_eq!(fitted(bytes, 100), None);
    }

    #[test]
    fn what_is_no_jpeg_becomes_one() {
        let made = fitted(photos::png(640, 400, 1), LARGEST).unwrap();
        assert_eq!(
            (MediaType::sniff(&made[..MediaType::HEAD_BYTES]), size(&made)),
            (Some(MediaType::Jpeg), (640, 400))
        );
    }

    #[test]
    fn what_is_no_picture_is_not_sent() {
        assert_eq!(fitted(vec![0; LARGEST + 1], LARGEST), None);
        assert_eq!(fitted(Vec::new(), LARGEST), None);
    }
}

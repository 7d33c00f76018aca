//! A picture made small enough to leave the frame: a JPEG within 1280 pixels and a number of bytes.
//!
//! Pure and slow: for blocking threads.

use picup_imaging::{Encoding, MediaType, Orientation, Picture, RenditionSpec, render_one};

use crate::cache::LIMITS;

/// What the server and a home's broker take.
pub(crate) const LARGEST: usize = 512 << 10;
/// Pixels of the longer side, tried in this order.
const SIDES: [u32; 3] = [1280, 960, 640];

/// `None` for what is no picture, or cannot be made small enough.
pub(crate) fn shrunk(bytes: &[u8], largest: usize) -> Option<Vec<u8>> {
    SIDES.iter().find_map(|side| within(bytes, *side).filter(|small| small.len() <= largest))
}

pub(crate) fn is_jpeg(bytes: &[u8]) -> bool {
    MediaType::sniff(&bytes[..bytes.len().min(MediaType::HEAD_BYTES)]) == Some(MediaType::Jpeg)
}

/// The cache holds upright pictures only, and a screen has no other way up.
fn within(bytes: &[u8], side: u32) -> Option<Vec<u8>> {
    let spec = RenditionSpec { name: "small", max_width: side, max_height: side, encoding: Encoding::Jpeg };
    let picture = Picture::decode(bytes, Orientation::Upright, &LIMITS, &[spec]).ok()?;
    render_one(&picture, spec).ok().map(|made| made.bytes)
}

#[cfg(test)]
mod tests {
    use picup_imaging::Limits;
    use picup_testkit::photos;

    use super::*;

    fn size(bytes: &[u8]) -> (u32, u32) {
        Picture::decode(bytes, Orientation::Upright, &Limits::default(), &[]).unwrap().size()
    }

    #[test]
    fn a_large_picture_is_made_as_small_as_it_has_to_be() {
        let bytes = photos::png(2000, 1500, 1);
        let first = within(&bytes, SIDES[0]).unwrap().len();
        assert_eq!(size(&shrunk(&bytes, first).unwrap()), (1280, 960));
        assert_eq!(size(&shrunk(&bytes, first - 1).unwrap()), (960, 720));
        assert_eq!(shrunk(&bytes, 100), None);
    }

    #[test]
    fn what_is_no_jpeg_becomes_one() {
        let made = shrunk(&photos::png(640, 400, 1), LARGEST).unwrap();
        assert!(is_jpeg(&made));
        assert_eq!(size(&made), (640, 400));
    }

    #[test]
    fn what_is_no_picture_is_not_sent() {
        assert_eq!(shrunk(&vec![0; LARGEST + 1], LARGEST), None);
        assert_eq!(shrunk(&[], LARGEST), None);
        assert_eq!(shrunk(b"no picture", LARGEST), None);
    }

    #[test]
    fn what_leaves_the_frame_is_a_small_jpeg() {
        let sent = shrunk(&photos::jpeg(3000, 2000, 1), LARGEST).unwrap();
        assert!(is_jpeg(&sent) && sent.len() <= LARGEST);
        assert_eq!(size(&sent), (1280, 853));
    }
}

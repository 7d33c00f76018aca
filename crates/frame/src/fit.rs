//! A picture of the cache, made no larger than the panel: more pixels would cost memory and time, and be seen by nobody.
//!
//! Pure and slow: for blocking threads.

use std::str::FromStr;

use picup_imaging::{Encoding, Limits, Orientation, Picture, RenditionSpec, render, size};

/// Larger ones are not in the cache.
const LIMITS: Limits = Limits { max_pixels: 3840 * 2160 };

/// Pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PanelSize {
    pub width: u32,
    pub height: u32,
}

/// As `1280x800`.
impl FromStr for PanelSize {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (width, height) = text.split_once('x').ok_or(())?;
        let side = |text: &str| text.parse().ok().filter(|side| *side > 0).ok_or(());
        Ok(Self { width: side(width)?, height: side(height)? })
    }
}

/// A JPEG within `panel`. `None` where the picture fits as it is, and for what is no picture.
pub(crate) fn fitted(bytes: &[u8], panel: PanelSize) -> Option<Vec<u8>> {
    let PanelSize { width: max_width, height: max_height } = panel;
    let (width, height) = size(bytes)?;
    if width <= max_width && height <= max_height {
        return None;
    }
    let spec = RenditionSpec { name: "panel", max_width, max_height, encoding: Encoding::Jpeg };
    // What is in the cache is upright.
    let picture = Picture::decode(bytes, Orientation::Upright, &LIMITS, &[spec]).ok()?;
    let (rendered, _) = render(&picture, &[spec]).ok()?;
    rendered.into_iter().next().map(|made| made.bytes)
}

#[cfg(test)]
mod tests {
    use picup_testkit::photos;

    use super::*;

    const PANEL: PanelSize = PanelSize { width: 1280, height: 800 };

    #[test]
    fn what_is_larger_than_the_panel_is_made_to_fit_it() {
        let made = |bytes: &[u8]| size(&fitted(bytes, PANEL).unwrap());
        assert_eq!(made(&photos::jpeg(1620, 1080, 1)), Some((1200, 800)));
        assert_eq!(made(&photos::jpeg(1080, 1920, 1)), Some((450, 800)));
        assert_eq!(made(&photos::png(1920, 600, 1)), Some((1280, 400)));
    }

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(fitted(&photos::jpeg(1280, 800, 1), PANEL), None);
        assert_eq!(fitted(&photos::jpeg(600, 400, 1), PANEL), None);
    }

    #[test]
    fn what_is_torn_is_left_to_the_page() {
        assert_eq!(fitted(b"no picture", PANEL), None);
        assert_eq!(fitted(&photos::truncated_jpeg(1620, 1080, 1), PANEL), None);
    }

    #[test]
    fn a_panel_is_told_in_words() {
        assert_eq!("1280x800".parse(), Ok(PANEL));
        for text in ["", "1280", "0x800", "-1x800", "1280x800x1", "axb", "1280x99999999999"] {
            assert_eq!(text.parse::<PanelSize>(), Err(()), "{text}");
        }
    }
}

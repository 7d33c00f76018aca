//! A picture of the cache, whole and no larger than the panel: more pixels would cost memory and time, and be seen by
//! nobody.
//!
//! Pure and slow: for blocking threads.

use std::str::FromStr;

use picup_imaging::{Encoding, Orientation, Picture, RenditionSpec, render_one};

use crate::cache::LIMITS;

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

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fitted {
    AsItIs,
    /// A JPEG.
    Made(Vec<u8>),
    /// No picture, or not all of one: a browser would show what it can of it.
    Torn,
}

pub(crate) fn fit(bytes: &[u8], panel: PanelSize) -> Fitted {
    let PanelSize { width: max_width, height: max_height } = panel;
    let spec = RenditionSpec { name: "panel", max_width, max_height, encoding: Encoding::Jpeg };
    // What is in the cache is upright.
    let Ok(picture) = Picture::decode(bytes, Orientation::Upright, &LIMITS, &[spec]) else {
        return Fitted::Torn;
    };
    let (width, height) = picture.size();
    if width <= max_width && height <= max_height {
        return Fitted::AsItIs;
    }
    render_one(&picture, spec).map_or(Fitted::Torn, |made| Fitted::Made(made.bytes))
}

#[cfg(test)]
mod tests {
    use picup_testkit::photos;

    use super::*;

    const PANEL: PanelSize = PanelSize { width: 1280, height: 800 };

    #[test]
    fn what_is_larger_than_the_panel_is_made_to_fit_it() {
        let made = |bytes: &[u8]| match fit(bytes, PANEL) {
            Fitted::Made(made) => Picture::decode(&made, Orientation::Upright, &LIMITS, &[]).unwrap().size(),
            other => panic!("{other:?}"),
        };
        assert_eq!(made(&photos::jpeg(1620, 1080, 1)), (1200, 800));
        assert_eq!(made(&photos::jpeg(1080, 1920, 1)), (450, 800));
        assert_eq!(made(&photos::png(1920, 600, 1)), (1280, 400));
    }

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(fit(&photos::jpeg(1280, 800, 1), PANEL), Fitted::AsItIs);
        assert_eq!(fit(&photos::jpeg(600, 400, 1), PANEL), Fitted::AsItIs);
    }

    #[test]
    fn what_is_torn_or_spoilt_is_no_picture_whatever_its_size() {
        assert_eq!(fit(b"no picture", PANEL), Fitted::Torn);
        for (width, height) in [(1620, 1080), (1200, 800)] {
            assert_eq!(fit(&photos::truncated_jpeg(width, height, 1), PANEL), Fitted::Torn);
            let mut spoilt = photos::jpeg(width, height, 1);
            let half = spoilt.len() / 2;
            for (place, byte) in spoilt[half..].iter_mut().enumerate() {
                *byte = (place as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0];
            }
            assert_eq!(fit(&spoilt, PANEL), Fitted::Torn);
        }
    }

    #[test]
    fn a_panel_is_told_in_words() {
        assert_eq!("1280x800".parse(), Ok(PANEL));
        for text in ["", "1280", "0x800", "-1x800", "1280x800x1", "axb", "1280x99999999999"] {
            assert_eq!(text.parse::<PanelSize>(), Err(()), "{text}");
        }
    }
}

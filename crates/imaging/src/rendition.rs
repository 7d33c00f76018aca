//! The pictures made from an original.
//!
//! Each is fitted within its box, never enlarged, upright and sRGB. The largest is made from the decoded pixels,
//! the smaller ones from the next larger: shrinking twice costs little and looks the same.

use crate::{
    Fingerprint, Orientation, Picture, Raster, encode,
    error::{ImageError, ImageErrorKind, Result},
    fingerprint,
    pixels::Pixels,
};

/// A picture to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenditionSpec {
    pub name: &'static str,
    pub max_width: u32,
    pub max_height: u32,
    pub encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Keeps transparency.
    WebP,
    /// Transparent parts become white.
    Jpeg,
}

pub const THUMB: RenditionSpec =
    RenditionSpec { name: "thumb", max_width: 320, max_height: 320, encoding: Encoding::WebP };
pub const PREVIEW: RenditionSpec =
    RenditionSpec { name: "preview", max_width: 1440, max_height: 1440, encoding: Encoding::WebP };
pub const SCREEN_1080: RenditionSpec =
    RenditionSpec { name: "screen-1080", max_width: 1920, max_height: 1080, encoding: Encoding::Jpeg };
pub const SCREEN_2160: RenditionSpec =
    RenditionSpec { name: "screen-2160", max_width: 3840, max_height: 2160, encoding: Encoding::Jpeg };

/// One rendition, encoded.
#[derive(Clone, Debug)]
pub struct Rendered {
    pub spec: RenditionSpec,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

impl RenditionSpec {
    /// The size of this rendition of a picture of the given size, both upright.
    pub fn fit(&self, (width, height): (u32, u32)) -> (u32, u32) {
        let scale = (f64::from(self.max_width) / f64::from(width))
            .min(f64::from(self.max_height) / f64::from(height))
            .min(1.0);
        let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
        (side(width), side(height))
    }
}

/// The least size, as stored, from which all wanted renditions can be made without enlarging.
pub(crate) fn needed(
    stored: (u32, u32),
    orientation: Orientation,
    wanted: &[RenditionSpec],
) -> Option<(u32, u32)> {
    if stored.0 == 0 || stored.1 == 0 {
        return None;
    }
    let upright = orientation.turn_size(stored);
    let sizes = wanted.iter().map(|spec| spec.fit(upright));
    let largest = sizes.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))?;
    Some(orientation.turn_size(largest))
}

/// Makes the wanted renditions, and the fingerprint that goes with them.
pub fn render(picture: &Picture, wanted: &[RenditionSpec]) -> Result<(Vec<Rendered>, Fingerprint)> {
    let mut wanted = wanted.to_vec();
    wanted.sort_by_key(|spec| std::cmp::Reverse(u64::from(spec.max_width) * u64::from(spec.max_height)));
    let mut made: Vec<Pixels> = Vec::new();
    let mut rendered = Vec::new();
    for spec in wanted {
        let (one, pixels) = make(picture, &made, spec)?;
        rendered.push(one);
        made.push(pixels);
    }
    let size = fingerprint::size_within(picture.size());
    let smallest = shrink(picture, &made, size)?.to_raster(size)?;
    Ok((rendered, fingerprint::of(&smallest)?))
}

/// Makes one rendition of a picture that is not kept, and so needs no fingerprint.
pub fn render_one(picture: &Picture, wanted: RenditionSpec) -> Result<Rendered> {
    make(picture, &[], wanted).map(|(rendered, _)| rendered)
}

fn make(picture: &Picture, made: &[Pixels], spec: RenditionSpec) -> Result<(Rendered, Pixels)> {
    let (width, height) = spec.fit(picture.size());
    let pixels = shrink(picture, made, (width, height))?;
    let bytes = encode::encode(&pixels, spec.encoding)?;
    Ok((Rendered { spec, width, height, bytes }, pixels))
}

/// A copy of a few pixels, to look at as a whole.
pub(crate) fn small(picture: &Picture, size: (u32, u32)) -> Result<Raster> {
    shrink(picture, &[], size)?.to_raster(size)
}

/// Upright and in sRGB; from the smallest picture already made that is at least twice the size.
fn shrink(picture: &Picture, made: &[Pixels], size: (u32, u32)) -> Result<Pixels> {
    if size.0 == 0 || size.1 == 0 {
        return Err(ImageError::new(ImageErrorKind::Corrupt, "no pixels"));
    }
    let ample = |pixels: &&Pixels| pixels.size().0 >= 2 * size.0 && pixels.size().1 >= 2 * size.1;
    if let Some(larger) = made.iter().rev().find(ample) {
        return larger.upright(Orientation::Upright, None, size);
    }
    picture.stored.pixels.upright(picture.orientation, picture.stored.profile.as_deref(), size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rendition_fits_its_box_and_is_never_enlarged() {
        assert_eq!(PREVIEW.fit((4032, 3024)), (1440, 1080));
        assert_eq!(SCREEN_1080.fit((3024, 4032)), (810, 1080));
        assert_eq!(SCREEN_1080.fit((640, 480)), (640, 480));
        assert_eq!(THUMB.fit((100_000, 1)), (320, 1));
    }

    #[test]
    fn what_is_needed_is_told_as_stored() {
        assert_eq!(needed((4032, 3024), Orientation::QuarterRight, &[SCREEN_1080]), Some((1080, 810)));
        assert_eq!(needed((4032, 3024), Orientation::Upright, &[THUMB, PREVIEW]), Some((1440, 1080)));
        assert_eq!(needed((4032, 3024), Orientation::Upright, &[]), None);
    }
}

//! A photo as JPEG and WebP both keep it: brightness, and colour at half of each side.
//!
//! YCbCr of ITU-R BT.601, full range, 4:2:0. A photo that is shrunk in this form is half the samples of RGB, and its
//! colours are converted neither on the way in nor on the way out.

use crate::{Orientation, Raster, error::Result, resize};

/// Invariant: `samples` holds a plane of brightness, then blue and red difference, rows without padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Planes {
    width: u32,
    height: u32,
    samples: Vec<u8>,
}

impl Planes {
    /// # Panics
    /// When the number of samples is not that of the size.
    pub(crate) fn new(width: u32, height: u32, samples: Vec<u8>) -> Self {
        let planes = Self { width, height, samples };
        let count = planes.brightness_len() + 2 * planes.color_len();
        assert_eq!(planes.samples.len(), count, "size and samples disagree");
        planes
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    pub(crate) fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// Of the two colour planes; the last sample of an odd side belongs to one pixel instead of two.
    pub(crate) fn color_size(&self) -> (u32, u32) {
        half((self.width, self.height))
    }

    /// Brightness, blue and red difference.
    pub(crate) fn split(&self) -> [&[u8]; 3] {
        let (brightness, color) = self.samples.split_at(self.brightness_len());
        let (blue, red) = color.split_at(self.color_len());
        [brightness, blue, red]
    }

    pub(crate) fn has_even_sides(&self) -> bool {
        is_even(self.size())
    }

    /// Shrunk to a size, told upright, and turned.
    pub(crate) fn upright(&self, orientation: Orientation, size: (u32, u32)) -> Result<Self> {
        // There are fewer samples to turn afterwards. But where a side is odd, the colour planes reach one pixel past
        // the last column or row, and that pixel may not end up before the first.
        if is_even(size) {
            Ok(self.resize(orientation.turn_size(size))?.turn(orientation))
        } else {
            self.clone().turn(orientation).resize(size)
        }
    }

    fn resize(&self, (width, height): (u32, u32)) -> Result<Self> {
        if self.size() == (width, height) {
            return Ok(self.clone());
        }
        let [brightness, blue, red] = self.split();
        let mut samples = resize::brightness(brightness, self.size(), (width, height))?;
        for color in [blue, red] {
            samples.extend(resize::color(color, self.color_size(), half((width, height)))?);
        }
        Ok(Self::new(width, height, samples))
    }

    fn turn(self, orientation: Orientation) -> Self {
        if orientation == Orientation::Upright {
            return self;
        }
        let [brightness, blue, red] = self.split();
        let mut samples = orientation.turn_samples(brightness.as_chunks::<1>().0, self.size());
        for color in [blue, red] {
            samples.extend(orientation.turn_samples(color.as_chunks::<1>().0, self.color_size()));
        }
        let (width, height) = orientation.turn_size(self.size());
        Self::new(width, height, samples.into_flattened())
    }

    /// In RGB, at a size that is not larger.
    pub(crate) fn to_raster(&self, size: (u32, u32)) -> Result<Raster> {
        let [brightness, blue, red] = self.split();
        let brightness = resize::brightness(brightness, self.size(), size)?;
        let blue = resize::color(blue, self.color_size(), size)?;
        let red = resize::color(red, self.color_size(), size)?;
        let pixels = brightness.iter().zip(blue).zip(red);
        let samples = pixels.flat_map(|((y, cb), cr)| to_rgb(*y, cb, cr)).collect();
        Ok(Raster::rgb(size.0, size.1, samples))
    }

    /// As video and WebP store it: brightness from 16 to 235, colour from 16 to 240.
    pub(crate) fn to_limited_range(&self) -> Self {
        let (brightness, color) = self.samples.split_at(self.brightness_len());
        let mut samples = Vec::with_capacity(self.samples.len());
        samples.extend(brightness.iter().map(|y| ((u16::from(*y) * 219 + 16 * 255 + 127) / 255) as u8));
        // 128 stays 128: (c - 128) * 224 / 255 + 128.
        samples.extend(color.iter().map(|c| ((u16::from(*c) * 224 + 128 * 31 + 127) / 255) as u8));
        Self { samples, ..*self }
    }

    fn brightness_len(&self) -> usize {
        self.width as usize * self.height as usize
    }

    fn color_len(&self) -> usize {
        let (width, height) = self.color_size();
        width as usize * height as usize
    }
}

fn half((width, height): (u32, u32)) -> (u32, u32) {
    (width.div_ceil(2), height.div_ceil(2))
}

pub(crate) fn is_even((width, height): (u32, u32)) -> bool {
    width.is_multiple_of(2) && height.is_multiple_of(2)
}

/// The JFIF specification's formulas, in 16.16 fixed point.
fn to_rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let sample = |value: i32| ((value + (1 << 15)) >> 16).clamp(0, 255) as u8;
    [sample(y + 91881 * cr), sample(y - 22554 * cb - 46802 * cr), sample(y + 116130 * cb)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primary_colours_come_back_as_the_standard_has_them() {
        assert_eq!(to_rgb(76, 85, 255), [254, 0, 0]);
        assert_eq!(to_rgb(150, 44, 21), [0, 255, 1]);
        assert_eq!(to_rgb(29, 255, 107), [0, 0, 254]);
        assert_eq!([to_rgb(0, 128, 128), to_rgb(255, 128, 128)], [[0; 3], [255; 3]]);
    }

    #[test]
    fn the_limited_range_keeps_black_white_and_gray_in_their_places() {
        let planes = Planes::new(2, 2, vec![0, 128, 255, 255, 0, 128]).to_limited_range();
        assert_eq!(planes.samples(), [16, 126, 235, 235, 16, 128]);
        let planes = Planes::new(1, 1, vec![1, 255, 1]).to_limited_range();
        assert_eq!(planes.samples(), [17, 240, 16]);
    }

    #[test]
    fn a_picture_of_odd_sides_is_turned_with_its_colours() {
        // Red above blue: the odd row's colours must not move into the even ones when the picture is turned over.
        let brightness = [[76; 6], [76; 6], [29; 6], [29; 6]].concat();
        let colors = [[85; 3], [255; 3], [255; 3], [107; 3]].concat();
        let planes = Planes::new(6, 4, [brightness, colors].concat());
        let turned = planes.upright(Orientation::UpsideDown, (3, 2)).unwrap();
        assert_eq!((turned.size(), turned.color_size()), ((3, 2), (2, 1)));
        let raster = planes.upright(Orientation::QuarterRight, (4, 6)).unwrap().to_raster((4, 6)).unwrap();
        assert!(raster.pixel(0, 3)[2] > 200 && raster.pixel(3, 3)[0] > 200, "{raster:?}");
    }
}

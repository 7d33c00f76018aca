//! The eight ways a camera may have been held, as EXIF numbers them.

use crate::Raster;

/// How stored pixels are turned to stand upright. The numbers are those of EXIF tag 0x0112.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    #[default]
    Upright = 1,
    MirroredSideways = 2,
    UpsideDown = 3,
    MirroredUpsideDown = 4,
    Transposed = 5,
    QuarterRight = 6,
    Transversed = 7,
    QuarterLeft = 8,
}

impl Orientation {
    /// Numbers out of range mean upright, as every viewer takes them.
    pub fn from_exif(number: u32) -> Self {
        match number {
            2 => Self::MirroredSideways,
            3 => Self::UpsideDown,
            4 => Self::MirroredUpsideDown,
            5 => Self::Transposed,
            6 => Self::QuarterRight,
            7 => Self::Transversed,
            8 => Self::QuarterLeft,
            _ => Self::Upright,
        }
    }

    pub fn swaps_sides(self) -> bool {
        self as u8 >= 5
    }

    /// A stored size as it is upright, or the other way round.
    pub fn turn_size(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.swaps_sides() { (height, width) } else { (width, height) }
    }

    pub fn apply(self, raster: Raster) -> Raster {
        match (self, raster.has_alpha()) {
            (Self::Upright, _) => raster,
            (_, false) => self.turn::<3>(&raster),
            (_, true) => self.turn::<4>(&raster),
        }
    }

    fn turn<const CHANNELS: usize>(self, raster: &Raster) -> Raster {
        let stored = (raster.width(), raster.height());
        let samples = self.turn_samples(raster.samples().as_chunks::<CHANNELS>().0, stored);
        let (width, height) = self.turn_size(stored);
        Raster::with_channels(width, height, raster.has_alpha(), samples.into_flattened())
    }

    /// `stored` is the size before turning.
    pub(crate) fn turn_samples<T: Copy>(self, samples: &[T], stored: (u32, u32)) -> Vec<T> {
        let (width, height) = self.turn_size(stored);
        let place = |x, y| {
            let (x, y) = self.stored_place(x, y, width, height);
            y as usize * stored.0 as usize + x as usize
        };
        let mut turned = Vec::with_capacity(samples.len());
        for y in 0..height {
            // Along a row of the upright picture the stored places lie evenly apart.
            let (first, last) = (place(0, y), place(width - 1, y));
            let step = first.abs_diff(last) / (width as usize - 1).max(1);
            let row = samples[first.min(last)..=first.max(last)].iter().step_by(step.max(1));
            if first <= last { turned.extend(row) } else { turned.extend(row.rev()) }
        }
        turned
    }

    /// Where the pixel that belongs at (x, y) of the upright picture is stored.
    fn stored_place(self, x: u32, y: u32, width: u32, height: u32) -> (u32, u32) {
        let (right, down) = (width - 1 - x, height - 1 - y);
        match self {
            Self::Upright => (x, y),
            Self::MirroredSideways => (right, y),
            Self::UpsideDown => (right, down),
            Self::MirroredUpsideDown => (x, down),
            Self::Transposed => (y, x),
            Self::QuarterRight => (y, right),
            Self::Transversed => (down, right),
            Self::QuarterLeft => (down, x),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_comes_from_its_stored_place() {
        for (number, stored) in (1..=8).flat_map(|n| [(1, 1), (1, 4), (4, 1), (3, 5)].map(|size| (n, size))) {
            let orientation = Orientation::from_exif(number);
            let samples: Vec<u32> = (0..stored.0 * stored.1).collect();
            let turned = orientation.turn_samples(&samples, stored);
            let (width, height) = orientation.turn_size(stored);
            for (at, sample) in turned.iter().enumerate() {
                let (x, y) = orientation.stored_place(at as u32 % width, at as u32 / width, width, height);
                assert_eq!(*sample, y * stored.0 + x, "{orientation:?} of {stored:?}");
            }
            assert_eq!(turned.len(), samples.len());
        }
    }
}

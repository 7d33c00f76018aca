//! Pixels in memory: 8 bits a sample, RGB or RGBA with straight alpha, rows without padding.

/// Invariant: `samples.len() == width * height * channels`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    width: u32,
    height: u32,
    alpha: bool,
    samples: Vec<u8>,
}

impl Raster {
    /// # Panics
    /// When the number of samples is not that of the size.
    pub fn rgb(width: u32, height: u32, samples: Vec<u8>) -> Self {
        Self::with_channels(width, height, false, samples)
    }

    /// # Panics
    /// When the number of samples is not that of the size.
    pub fn rgba(width: u32, height: u32, samples: Vec<u8>) -> Self {
        Self::with_channels(width, height, true, samples)
    }

    pub(crate) fn with_channels(width: u32, height: u32, alpha: bool, samples: Vec<u8>) -> Self {
        let channels = if alpha { 4 } else { 3 };
        assert_eq!(samples.len(), width as usize * height as usize * channels, "size and samples disagree");
        Self { width, height, alpha, samples }
    }

    pub fn width(&self) -> u32 {
        self.width
    }

    pub fn height(&self) -> u32 {
        self.height
    }

    pub fn has_alpha(&self) -> bool {
        self.alpha
    }

    pub fn channels(&self) -> usize {
        if self.alpha { 4 } else { 3 }
    }

    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    pub(crate) fn samples_mut(&mut self) -> &mut [u8] {
        &mut self.samples
    }

    /// Red, green and blue at a place.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = (y as usize * self.width as usize + x as usize) * self.channels();
        [self.samples[at], self.samples[at + 1], self.samples[at + 2]]
    }

    /// Without the alpha channel when it says nothing: most PNGs have one that is opaque throughout.
    pub(crate) fn without_idle_alpha(self) -> Self {
        if !self.alpha || self.samples.as_chunks::<4>().0.iter().any(|pixel| pixel[3] != 255) {
            return self;
        }
        let samples = self.samples.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
        Self { alpha: false, samples, ..self }
    }

    /// Laid on white, as paper would be.
    pub(crate) fn on_white(&self) -> Self {
        if !self.alpha {
            return self.clone();
        }
        let blend = |sample: u8, alpha: u8| {
            let alpha = u32::from(alpha);
            ((u32::from(sample) * alpha + 255 * (255 - alpha) + 127) / 255) as u8
        };
        let pixels = self.samples.as_chunks::<4>().0.iter();
        let samples = pixels.flat_map(|&[r, g, b, a]| [blend(r, a), blend(g, a), blend(b, a)]).collect();
        Self { width: self.width, height: self.height, alpha: false, samples }
    }

    pub(crate) fn to_rgba(&self) -> Vec<u8> {
        if self.alpha {
            return self.samples.clone();
        }
        self.samples.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect()
    }
}

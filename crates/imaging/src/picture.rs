//! A decoded picture, and the limits within which it may be decoded.
//!
//! The pixels stay as they are stored: they are turned upright and brought to sRGB after they have been shrunk,
//! when there are fewer of them.

use image::ImageFormat;

use crate::{
    MediaType, Orientation, RenditionSpec,
    error::{ImageError, ImageErrorKind, Result},
    heic, jpeg,
    pixels::Pixels,
    rendition, stills,
};

/// What one file may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Width times height as the file states them.
    pub max_pixels: u64,
}

impl Default for Limits {
    /// Enough for the 200 MP of today's largest phone sensors.
    fn default() -> Self {
        Self { max_pixels: 220_000_000 }
    }
}

impl Limits {
    /// Of the decoder's own buffers: four samples of 16 bits a pixel.
    pub(crate) fn max_bytes(&self) -> u64 {
        self.max_pixels.saturating_mul(8)
    }

    pub(crate) fn check_pixels(&self, (width, height): (u32, u32)) -> Result<()> {
        let pixels = u64::from(width) * u64::from(height);
        match pixels {
            0 => Err(ImageError::new(ImageErrorKind::Corrupt, "no pixels")),
            pixels if pixels > self.max_pixels => Err(ImageError::new(
                ImageErrorKind::TooLarge,
                format!("{width} x {height} pixels, {} are allowed", self.max_pixels),
            )),
            _ => Ok(()),
        }
    }
}

/// What a decoder gives: pixels as stored.
pub(crate) struct Stored {
    pub(crate) pixels: Pixels,
    /// Of the file; there may be fewer pixels.
    pub(crate) size: (u32, u32),
    /// ICC, where the samples are not sRGB.
    pub(crate) profile: Option<Vec<u8>>,
}

pub struct Picture {
    pub(crate) stored: Stored,
    pub(crate) orientation: Orientation,
}

impl Picture {
    /// Decodes at the smallest scale that suffices for the wanted renditions; with none wanted, at full size.
    ///
    /// `orientation` is the one to apply; it is ignored where the decoder applies it itself. AVIF and videos are
    /// [`ImageErrorKind::Unsupported`]: a tool must make a picture of them first.
    pub fn decode(
        bytes: &[u8],
        orientation: Orientation,
        limits: &Limits,
        wanted: &[RenditionSpec],
    ) -> Result<Self> {
        let media = sniff(bytes)?;
        let stored = match media {
            MediaType::Jpeg => {
                let size = jpeg::size(bytes);
                let needed = size.and_then(|size| rendition::needed(size, orientation, wanted));
                jpeg::decode(bytes, limits, needed)?
            }
            MediaType::Heic => heic::decode(bytes, limits)?,
            other => stills::decode(bytes, still_format(other)?, limits)?,
        };
        let orientation = if media == MediaType::Heic { Orientation::Upright } else { orientation };
        Ok(Self { stored, orientation })
    }

    /// Pixels of the file, upright.
    pub fn size(&self) -> (u32, u32) {
        self.orientation.turn_size(self.stored.size)
    }
}

pub(crate) fn sniff(bytes: &[u8]) -> Result<MediaType> {
    if bytes.is_empty() {
        return Err(ImageError::new(ImageErrorKind::Empty, "no bytes"));
    }
    MediaType::sniff(bytes).ok_or_else(|| ImageError::new(ImageErrorKind::Unsupported, "unknown format"))
}

pub(crate) fn still_format(media: MediaType) -> Result<ImageFormat> {
    match media {
        MediaType::Jpeg => Ok(ImageFormat::Jpeg),
        MediaType::Png => Ok(ImageFormat::Png),
        MediaType::WebP => Ok(ImageFormat::WebP),
        MediaType::Gif => Ok(ImageFormat::Gif),
        MediaType::Tiff => Ok(ImageFormat::Tiff),
        MediaType::Bmp => Ok(ImageFormat::Bmp),
        MediaType::Heic | MediaType::Avif | MediaType::Mp4 | MediaType::QuickTime => {
            Err(ImageError::new(ImageErrorKind::Unsupported, format!("{} needs a tool", media.mime())))
        }
    }
}

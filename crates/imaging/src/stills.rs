//! PNG, WebP, GIF, TIFF, BMP and odd JPEGs, by the `image` crate.
//!
//! Of an animation the first frame is taken. More than 8 bits a sample become 8.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use crate::{
    error::{ImageError, ImageErrorKind, Result},
    picture::{Limits, Stored},
    pixels::Pixels,
    raster::Raster,
};

pub(crate) fn decode(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<Stored> {
    let mut decoder = open(bytes, format, limits)?;
    let size = decoder.dimensions();
    limits.check_pixels(size)?;
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(failure)?;
    let raster = to_raster(image);
    Ok(Stored { pixels: Pixels::Raster(raster), size, profile })
}

/// Width and height, without decoding.
pub(crate) fn size(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<(u32, u32)> {
    Ok(open(bytes, format, limits)?.dimensions())
}

fn open<'a>(bytes: &'a [u8], format: ImageFormat, limits: &Limits) -> Result<impl ImageDecoder + 'a> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.max_bytes());
    reader.limits(bounds);
    reader.into_decoder().map_err(failure)
}

fn to_raster(image: DynamicImage) -> Raster {
    let (width, height) = (image.width(), image.height());
    if image.color().has_alpha() {
        Raster::rgba(width, height, image.into_rgba8().into_raw()).without_idle_alpha()
    } else {
        Raster::rgb(width, height, image.into_rgb8().into_raw())
    }
}

fn failure(error: image::ImageError) -> ImageError {
    let kind = match &error {
        image::ImageError::Limits(_) => ImageErrorKind::TooLarge,
        image::ImageError::Unsupported(_) => ImageErrorKind::Unsupported,
        image::ImageError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
            ImageErrorKind::Truncated
        }
        _ => ImageErrorKind::Corrupt,
    };
    ImageError::new(kind, "picture").with_source(error)
}

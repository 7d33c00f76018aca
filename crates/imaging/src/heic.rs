//! HEIC, as iPhones and many Android phones write it.
//!
//! The decoder turns the picture upright and into sRGB itself, so neither is done again.

use heifer::{Error, Options};

use crate::{
    error::{ImageError, ImageErrorKind, Result},
    picture::{Limits, Stored},
    pixels::Pixels,
    raster::Raster,
};

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Stored> {
    // One thread: the pool of rendering processes is what uses the other cores.
    let options = Options { max_threads: 1, max_pixels: limits.max_pixels };
    let image = heifer::decode_srgb_rgba8(bytes, &options).map_err(failure)?;
    let size = (image.width, image.height);
    limits.check_pixels(size)?;
    let raster = Raster::rgba(image.width, image.height, image.data).without_idle_alpha();
    Ok(Stored { pixels: Pixels::Raster(raster), size, profile: None })
}

fn failure(error: Error) -> ImageError {
    let kind = match &error {
        Error::Unsupported(_) => ImageErrorKind::Unsupported,
        _ => ImageErrorKind::Corrupt,
    };
    ImageError::new(kind, "HEIC").with_source(error)
}

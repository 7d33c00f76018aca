//! Shrinking, with SIMD. Transparent pixels do not bleed into their neighbours: alpha is premultiplied meanwhile.

use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images};

use crate::{
    Raster,
    error::{ImageError, Result},
};

pub(crate) fn resize(raster: &Raster, (width, height): (u32, u32)) -> Result<Raster> {
    let pixels = if raster.has_alpha() { PixelType::U8x4 } else { PixelType::U8x3 };
    let samples = convolve(
        raster.samples(),
        (raster.width(), raster.height()),
        (width, height),
        pixels,
        FilterType::Lanczos3,
    )?;
    Ok(Raster::with_channels(width, height, raster.has_alpha(), samples))
}

pub(crate) fn brightness(samples: &[u8], from: (u32, u32), to: (u32, u32)) -> Result<Vec<u8>> {
    convolve(samples, from, to, PixelType::U8, FilterType::Lanczos3)
}

/// Of one difference. The eye sees colour so coarsely that a shorter filter does, at half the time.
pub(crate) fn color(samples: &[u8], from: (u32, u32), to: (u32, u32)) -> Result<Vec<u8>> {
    convolve(samples, from, to, PixelType::U8, FilterType::CatmullRom)
}

fn convolve(
    samples: &[u8],
    from: (u32, u32),
    to: (u32, u32),
    pixels: PixelType,
    filter: FilterType,
) -> Result<Vec<u8>> {
    if from == to {
        return Ok(samples.to_vec());
    }
    let source = images::ImageRef::new(from.0, from.1, samples, pixels)
        .map_err(|e| ImageError::corrupt("resize", e))?;
    let mut target = images::Image::new(to.0, to.1, pixels);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    Resizer::new().resize(&source, &mut target, &options).map_err(|e| ImageError::corrupt("resize", e))?;
    Ok(target.into_vec())
}

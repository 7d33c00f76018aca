//! Shrinking, with SIMD. Transparent pixels do not bleed into their neighbours: alpha is premultiplied meanwhile.

use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images};

use crate::{
    Raster,
    error::{ImageError, Result},
};

pub(crate) fn resize(raster: &Raster, (width, height): (u32, u32)) -> Result<Raster> {
    if (raster.width(), raster.height()) == (width, height) {
        return Ok(raster.clone());
    }
    let pixels = if raster.has_alpha() { PixelType::U8x4 } else { PixelType::U8x3 };
    let source = images::ImageRef::new(raster.width(), raster.height(), raster.samples(), pixels)
        .map_err(|e| ImageError::corrupt("resize", e))?;
    let mut target = images::Image::new(width, height, pixels);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut target, &options).map_err(|e| ImageError::corrupt("resize", e))?;
    Ok(Raster::with_channels(width, height, raster.has_alpha(), target.into_vec()))
}

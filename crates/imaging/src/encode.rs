//! Pixels to WebP and JPEG.

use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};
use webp::{Encoder, PixelLayout, WebPConfig};

use crate::{
    Encoding, Raster,
    error::{ImageError, ImageErrorKind, Result},
};

/// libwebp's quality. Four steps above sharp's default of 80 make up for the fastest method (`./dev bench renditions`).
const WEBP_QUALITY: f32 = 84.0;
/// libwebp's effort, 0 to 6: a fraction of the time of its default 4, for larger files, which a home's disk bears.
const WEBP_METHOD: i32 = 0;
/// Full-screen pictures: no block shows at arm's length.
const JPEG_QUALITY: i32 = 88;

pub(crate) fn encode(raster: &Raster, encoding: Encoding) -> Result<Vec<u8>> {
    match encoding {
        Encoding::WebP => webp(raster),
        Encoding::Jpeg => jpeg(&raster.on_white()),
    }
}

fn webp(raster: &Raster) -> Result<Vec<u8>> {
    let failure = |what: String| ImageError::new(ImageErrorKind::Corrupt, what);
    let mut config = WebPConfig::new().map_err(|()| failure("WebP encoder".to_owned()))?;
    config.quality = WEBP_QUALITY;
    config.method = WEBP_METHOD;
    let layout = if raster.has_alpha() { PixelLayout::Rgba } else { PixelLayout::Rgb };
    let encoder = Encoder::new(raster.samples(), layout, raster.width(), raster.height());
    let bytes = encoder.encode_advanced(&config).map_err(|e| failure(format!("WebP encoder: {e:?}")))?;
    Ok(bytes.to_vec())
}

fn jpeg(raster: &Raster) -> Result<Vec<u8>> {
    let failure = |e| ImageError::corrupt("JPEG encoder", e);
    let mut compressor = Compressor::new().map_err(failure)?;
    compressor.set_quality(JPEG_QUALITY).map_err(failure)?;
    compressor.set_subsamp(Subsamp::Sub2x2).map_err(failure)?;
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let image = Image { pixels: raster.samples(), width, pitch: width * 3, height, format: PixelFormat::RGB };
    compressor.compress_to_vec(image).map_err(failure)
}

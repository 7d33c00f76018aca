//! Pixels to WebP and JPEG.

use turbojpeg::{Compressor, Image, PixelFormat, Subsamp, YuvImage};
use webp::{Encoder, PixelLayout, WebPConfig, WebPEncodingError};

use crate::{
    Encoding, Raster,
    error::{ImageError, ImageErrorKind, Result},
    pixels::Pixels,
    planes::Planes,
    webp_planes,
};

/// libwebp's quality. Three steps above sharp's default of 80 make up for the fastest method (`./dev bench renditions`).
const WEBP_QUALITY: f32 = 83.0;
/// libwebp's effort, 0 to 6: a fraction of the time of its default 4, for larger files, which a home's disk bears.
const WEBP_METHOD: i32 = 0;
/// Full-screen pictures: no block shows at arm's length.
const JPEG_QUALITY: i32 = 88;

pub(crate) fn encode(pixels: &Pixels, encoding: Encoding) -> Result<Vec<u8>> {
    match (pixels, encoding) {
        (Pixels::Planes(planes), Encoding::WebP) => webp_of_planes(planes),
        (Pixels::Raster(raster), Encoding::WebP) => webp(raster),
        (Pixels::Planes(planes), Encoding::Jpeg) if planes.has_even_sides() => jpeg_of_planes(planes),
        (Pixels::Planes(planes), Encoding::Jpeg) => jpeg(&planes.to_raster(planes.size())?),
        (Pixels::Raster(raster), Encoding::Jpeg) => jpeg(&raster.on_white()),
    }
}

fn webp_config() -> Result<WebPConfig> {
    let mut config =
        WebPConfig::new().map_err(|()| ImageError::new(ImageErrorKind::Corrupt, "WebP encoder"))?;
    config.quality = WEBP_QUALITY;
    config.method = WEBP_METHOD;
    Ok(config)
}

fn webp_of_planes(planes: &Planes) -> Result<Vec<u8>> {
    webp_planes::encode(planes, &webp_config()?).map_err(webp_failure)
}

fn webp(raster: &Raster) -> Result<Vec<u8>> {
    let config = webp_config()?;
    let layout = if raster.has_alpha() { PixelLayout::Rgba } else { PixelLayout::Rgb };
    let encoder = Encoder::new(raster.samples(), layout, raster.width(), raster.height());
    Ok(encoder.encode_advanced(&config).map_err(webp_failure)?.to_vec())
}

fn webp_failure(error: WebPEncodingError) -> ImageError {
    ImageError::new(ImageErrorKind::Corrupt, format!("WebP encoder: {error:?}"))
}

/// Rows and columns come in pairs: this form of planes ends with whole ones.
fn jpeg_of_planes(planes: &Planes) -> Result<Vec<u8>> {
    let (width, height) = (planes.size().0 as usize, planes.size().1 as usize);
    let image = YuvImage { pixels: planes.samples(), width, align: 1, height, subsamp: Subsamp::Sub2x2 };
    jpeg_compressor()?.compress_yuv_to_vec(image).map_err(jpeg_failure)
}

fn jpeg(raster: &Raster) -> Result<Vec<u8>> {
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let image = Image { pixels: raster.samples(), width, pitch: width * 3, height, format: PixelFormat::RGB };
    jpeg_compressor()?.compress_to_vec(image).map_err(jpeg_failure)
}

fn jpeg_compressor() -> Result<Compressor> {
    let mut compressor = Compressor::new().map_err(jpeg_failure)?;
    compressor.set_quality(JPEG_QUALITY).map_err(jpeg_failure)?;
    compressor.set_subsamp(Subsamp::Sub2x2).map_err(jpeg_failure)?;
    Ok(compressor)
}

fn jpeg_failure(error: turbojpeg::Error) -> ImageError {
    ImageError::corrupt("JPEG encoder", error)
}

//! JPEG: the headers we need, and a decoder that shrinks while it decodes.
//!
//! Scaling in the DCT domain makes a 12 MP photo cost little more than its Huffman codes. A file whose end is
//! missing is an error, not a picture with a grey lower half.

use turbojpeg::{
    Colorspace, DecompressHeader, Decompressor, Image, PixelFormat, ScalingFactor, Subsamp, YuvImage,
};

use crate::{
    error::{ImageError, ImageErrorKind, Result},
    picture::{Limits, Stored},
    pixels::Pixels,
    planes::{self, Planes},
    raster::Raster,
};

/// Progressive files may have thousands of scans over the same pixels; real ones have about ten.
const MAX_SCANS: u32 = 200;

/// Decodes at the smallest scale that still covers `needed` (stored orientation; `None` = full size).
pub(crate) fn decode(bytes: &[u8], limits: &Limits, needed: Option<(u32, u32)>) -> Result<Stored> {
    let mut decompressor = Decompressor::new().map_err(|e| ImageError::corrupt("JPEG decoder", e))?;
    decompressor.set_scan_limit(MAX_SCANS).map_err(|e| ImageError::corrupt("JPEG decoder", e))?;
    let header = match decompressor.read_header(bytes) {
        Ok(header) => header,
        // Rare samplings that libjpeg-turbo has no name for.
        Err(turbojpeg::Error::BadSubsamp(_) | turbojpeg::Error::BadColorspace(_)) => {
            return crate::stills::decode(bytes, image::ImageFormat::Jpeg, limits);
        }
        Err(error) => return Err(failure(error)),
    };
    let size = (header.width as u32, header.height as u32);
    limits.check_pixels(size)?;
    let scale = if header.is_lossless { ScalingFactor::ONE } else { scale_for(size, needed) };
    decompressor.set_scaling_factor(scale).map_err(failure)?;
    let profile = color_profile(bytes);
    let header = header.scaled(scale);
    if stays_in_planes(&header, profile.as_deref()) {
        let pixels = Pixels::Planes(to_planes(&mut decompressor, bytes, header)?);
        return Ok(Stored { pixels, size, profile: None });
    }
    let inks = matches!(header.colorspace, Colorspace::CMYK | Colorspace::YCCK);
    let format = if inks { PixelFormat::CMYK } else { PixelFormat::RGB };
    let pixels = decompress(&mut decompressor, bytes, header, format)?;
    let raster =
        if inks { crate::color::inks_to_srgb(pixels, profile.as_deref()) } else { to_raster(pixels) };
    Ok(Stored { pixels: Pixels::Raster(raster), size, profile: profile.filter(|_| !inks) })
}

/// Photos of nearly all cameras. Of odd sides the decoder would give one column or row too many.
fn stays_in_planes(header: &DecompressHeader, profile: Option<&[u8]>) -> bool {
    header.colorspace == Colorspace::YCbCr
        && header.subsamp == Subsamp::Sub2x2
        && planes::is_even((header.width as u32, header.height as u32))
        && !profile.is_some_and(crate::color::changes_colors)
}

fn to_planes(decompressor: &mut Decompressor, bytes: &[u8], header: DecompressHeader) -> Result<Planes> {
    let DecompressHeader { width, height, subsamp, .. } = header;
    let mut image = YuvImage { pixels: vec![0; width * height * 3 / 2], width, align: 1, height, subsamp };
    unless_harmless(decompressor.decompress_to_yuv(bytes, image.as_deref_mut()))?;
    Ok(Planes::new(width as u32, height as u32, image.pixels))
}

fn decompress(
    decompressor: &mut Decompressor,
    bytes: &[u8],
    header: DecompressHeader,
    format: PixelFormat,
) -> Result<Image<Vec<u8>>> {
    let pitch = header.width * format.size();
    let samples = vec![0; pitch * header.height];
    let mut image = Image { pixels: samples, width: header.width, pitch, height: header.height, format };
    unless_harmless(decompressor.decompress(bytes, image.as_deref_mut()))?;
    Ok(image)
}

fn unless_harmless(done: turbojpeg::Result<()>) -> Result<()> {
    match done {
        Err(error) if !is_harmless(&error) => Err(failure(error)),
        _ => Ok(()),
    }
}

fn to_raster(image: Image<Vec<u8>>) -> Raster {
    Raster::rgb(image.width as u32, image.height as u32, image.pixels)
}

/// The smallest eighth that covers what is needed.
fn scale_for(size: (u32, u32), needed: Option<(u32, u32)>) -> ScalingFactor {
    let Some(needed) = needed else { return ScalingFactor::ONE };
    let covers = |scale: &ScalingFactor| {
        scale.scale(size.0 as usize) >= needed.0 as usize && scale.scale(size.1 as usize) >= needed.1 as usize
    };
    [ScalingFactor::ONE_EIGHTH, ScalingFactor::ONE_QUARTER, ScalingFactor::ONE_HALF]
        .into_iter()
        .find(covers)
        .unwrap_or(ScalingFactor::ONE)
}

/// Warnings of libjpeg that cost no pixel. The others mean that part of the picture is grey or shifted.
fn is_harmless(error: &turbojpeg::Error) -> bool {
    let text = error.to_string();
    ["extraneous bytes before marker", "Unknown Adobe color transform", "Invalid SOS parameters"]
        .iter()
        .any(|harmless| text.contains(harmless))
}

fn failure(error: turbojpeg::Error) -> ImageError {
    let text = error.to_string();
    let cut_short = ["Premature end", "premature end", "Empty input", "Insufficient data"];
    let kind = if cut_short.iter().any(|words| text.contains(words)) {
        ImageErrorKind::Truncated
    } else if text.contains("Memory") || text.contains("memory") || text.contains("limit") {
        ImageErrorKind::TooLarge
    } else {
        ImageErrorKind::Corrupt
    };
    ImageError::new(kind, "JPEG").with_source(error)
}

/// Width and height from the frame header, without decoding.
pub(crate) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let frame = |marker: u8| matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
    let (_, payload) = Segments::of(bytes).find(|(marker, _)| frame(*marker))?;
    let word = |at: usize| Some(u32::from(u16::from_be_bytes([*payload.get(at)?, *payload.get(at + 1)?])));
    Some((word(3)?, word(1)?))
}

/// The ICC profile, joined from its numbered APP2 segments.
fn color_profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut chunks: Vec<(u8, &[u8])> = Segments::of(bytes)
        .filter(|(marker, _)| *marker == 0xE2)
        .filter_map(|(_, payload)| payload.strip_prefix(b"ICC_PROFILE\0"))
        .filter_map(|chunk| Some((*chunk.first()?, chunk.get(2..)?)))
        .collect();
    chunks.sort_by_key(|(number, _)| *number);
    let profile: Vec<u8> = chunks.into_iter().flat_map(|(_, chunk)| chunk.iter().copied()).collect();
    (!profile.is_empty()).then_some(profile)
}

/// The marker segments before the first scan, as (marker, payload).
struct Segments<'a> {
    rest: &'a [u8],
}

impl<'a> Segments<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.get(2..).unwrap_or_default() }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        // Fill bytes of 0xFF may stand before a marker.
        let start = self.rest.iter().position(|byte| *byte != 0xFF)?;
        let marker = self.rest[start];
        if start == 0 || matches!(marker, 0xDA | 0xD9) {
            return None;
        }
        let body = &self.rest[start + 1..];
        let length = usize::from(u16::from_be_bytes([*body.first()?, *body.get(1)?]));
        let payload = body.get(2..length)?;
        self.rest = &body[length..];
        Some((marker, payload))
    }
}

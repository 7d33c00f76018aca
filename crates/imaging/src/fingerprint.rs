//! Two tiny summaries of a picture: one to show while it loads, one to find its near-duplicates.

use base64::{Engine, prelude::BASE64_STANDARD};
use image::{GrayImage, RgbImage};
use image_hasher::{HashAlg, HasherConfig};
use serde::{Deserialize, Serialize};

use crate::{
    Raster,
    error::{ImageError, ImageErrorKind, Result},
};

/// The longest side thumbhash takes.
const SIDE: u32 = 100;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Base64, <https://evanw.github.io/thumbhash/>.
    pub thumbhash: String,
    /// 64 bits, sixteen hexadecimal digits; pictures that look alike differ in few bits.
    pub perceptual_hash: String,
}

/// The size, within 100 x 100, that [`of`] wants.
pub(crate) fn size_within((width, height): (u32, u32)) -> (u32, u32) {
    let longest = f64::from(width.max(height).max(1));
    let scale = (f64::from(SIDE) / longest).min(1.0);
    let side = |length: u32| ((f64::from(length) * scale).round() as u32).clamp(1, SIDE);
    (side(width), side(height))
}

pub(crate) fn of(small: &Raster) -> Result<Fingerprint> {
    let (width, height) = (small.width(), small.height());
    let hash = thumbhash::rgba_to_thumb_hash(width as usize, height as usize, &small.to_rgba());
    Ok(Fingerprint { thumbhash: BASE64_STANDARD.encode(hash), perceptual_hash: perceptual_hash(small)? })
}

/// The signs of the lowest frequencies: unmoved by scaling, compression and light retouching.
fn perceptual_hash(small: &Raster) -> Result<String> {
    let flat = small.on_white();
    let picture = RgbImage::from_raw(flat.width(), flat.height(), flat.samples().to_vec())
        .ok_or_else(|| ImageError::new(ImageErrorKind::Corrupt, "perceptual hash"))?;
    let gray: GrayImage = image::imageops::grayscale(&picture);
    let hasher =
        HasherConfig::with_bytes_type::<[u8; 8]>().hash_alg(HashAlg::Median).preproc_dct().to_hasher();
    let hash = hasher.hash_image(&gray);
    Ok(hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

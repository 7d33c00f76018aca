//! WebP from planes: the one call into libwebp that no safe binding offers.
//!
//! The picture handed over points into samples that this function owns; libwebp keeps no pointer past its return.

#![expect(
    unsafe_code,
    reason = "the safe binding encodes RGB only, and converts it to these planes at a cost"
)]

use std::{mem::MaybeUninit, ptr, slice};

use libwebp_sys::{
    WebPConfig, WebPEncode, WebPEncodingError, WebPMemoryWrite, WebPMemoryWriter, WebPMemoryWriterClear,
    WebPMemoryWriterInit, WebPPicture,
};

use crate::planes::Planes;

/// # Errors
/// What libwebp says, as of a side longer than the 16,383 pixels that the format can tell.
pub(crate) fn encode(planes: &Planes, config: &WebPConfig) -> Result<Vec<u8>, WebPEncodingError> {
    let invalid = WebPEncodingError::VP8_ENC_ERROR_BAD_DIMENSION;
    let side = |length: u32| i32::try_from(length).map_err(|_| invalid);
    let planes = planes.to_limited_range();
    let mut picture =
        WebPPicture::new().map_err(|()| WebPEncodingError::VP8_ENC_ERROR_INVALID_CONFIGURATION)?;
    (picture.width, picture.height) = (side(planes.size().0)?, side(planes.size().1)?);
    (picture.y_stride, picture.uv_stride) = (picture.width, side(planes.color_size().0)?);
    // The encoder only reads what these point to.
    [picture.y, picture.u, picture.v] = planes.split().map(|plane| plane.as_ptr().cast_mut());
    let mut output = Output::new();
    picture.writer = Some(WebPMemoryWrite);
    picture.custom_ptr = ptr::from_mut(&mut output.0).cast();
    // SAFETY: the planes have as many samples as the sizes and strides set above tell (invariant of `Planes`) and
    // outlive the call; `custom_ptr` is the writer that `WebPMemoryWrite` expects.
    let done = unsafe { WebPEncode(config, &mut picture) };
    if done == 0 { Err(picture.error_code) } else { Ok(output.bytes().to_vec()) }
}

/// Memory that libwebp allocates as it writes.
struct Output(WebPMemoryWriter);

impl Output {
    fn new() -> Self {
        let mut writer = MaybeUninit::uninit();
        // SAFETY: the function writes every field.
        Self(unsafe {
            WebPMemoryWriterInit(writer.as_mut_ptr());
            writer.assume_init()
        })
    }

    fn bytes(&self) -> &[u8] {
        if self.0.mem.is_null() {
            return &[];
        }
        // SAFETY: `mem` holds `size` bytes that were written, until the writer is cleared.
        unsafe { slice::from_raw_parts(self.0.mem, self.0.size) }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // SAFETY: initialised by `new`, and cleared once.
        unsafe { WebPMemoryWriterClear(&mut self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> WebPConfig {
        let mut config = WebPConfig::new().unwrap();
        config.quality = 90.0;
        config
    }

    /// Red, of any size.
    fn red(width: u32, height: u32) -> Planes {
        let colors = width.div_ceil(2) as usize * height.div_ceil(2) as usize;
        let planes = [vec![76; width as usize * height as usize], vec![85; colors], vec![255; colors]];
        Planes::new(width, height, planes.concat())
    }

    #[test]
    fn every_size_keeps_its_colour() {
        for (width, height) in [(1, 1), (2, 1), (1, 2), (3, 5), (16, 16), (17, 33), (640, 1)] {
            let bytes = encode(&red(width, height), &config()).unwrap();
            let picture = webp::Decoder::new(&bytes).decode().unwrap();
            assert_eq!((picture.width(), picture.height()), (width, height));
            for pixel in picture.as_chunks::<3>().0 {
                assert!(pixel[0] > 245 && pixel[1] < 10 && pixel[2] < 10, "{width} x {height}: {pixel:?}");
            }
        }
    }

    #[test]
    fn a_size_the_format_cannot_tell_is_an_error() {
        let error = encode(&red(16384, 1), &config()).unwrap_err();
        assert_eq!(error, WebPEncodingError::VP8_ENC_ERROR_BAD_DIMENSION);
    }
}

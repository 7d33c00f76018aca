//! A picture of what a frame's screen shows: which kinds are taken, and how large.

use picup_imaging::MediaType;

/// A panel of 1920 x 1080, as a JPEG or WebP of good quality.
pub const MAX_BYTES: usize = 512 << 10;

const KINDS: [MediaType; 3] = [MediaType::Jpeg, MediaType::WebP, MediaType::Png];

/// The media type that the bytes are of; `None` for what is not taken.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(MediaType::HEAD_BYTES)];
    MediaType::sniff(head).filter(|kind| KINDS.contains(kind)).map(MediaType::mime)
}

/// A stored media type; `None` for one of a newer version.
pub fn known(mime: &str) -> Option<&'static str> {
    KINDS.into_iter().map(MediaType::mime).find(|known| *known == mime)
}

//! Bytes to an upright picture, its renditions and what its metadata tells.
//!
//! Pure, synchronous and bounded: no clock, no network, no child process, no thread. What needs an outside tool
//! (AVIF, the poster of a video) comes in as a picture that the tool has written.

mod boxes;
mod color;
mod encode;
mod error;
mod fingerprint;
mod heic;
mod jpeg;
mod look;
mod media;
mod metadata;
mod orientation;
mod picture;
mod pixels;
mod planes;
mod raster;
mod rendition;
mod resize;
mod stills;
mod webp_planes;

pub use error::{ImageError, ImageErrorKind};
pub use fingerprint::Fingerprint;
pub use look::{Look, look};
pub use media::MediaType;
pub use metadata::{Metadata, Place, Precision, TakenAt, probe_still, probe_video};
pub use orientation::Orientation;
pub use picture::{Limits, Picture};
pub use raster::Raster;
pub use rendition::{
    Encoding, PREVIEW, Rendered, RenditionSpec, SCREEN_1080, SCREEN_2160, THUMB, render, render_one,
};

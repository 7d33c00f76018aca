//! What a file tells about itself, without decoding its pixels.
//!
//! Metadata is written by thousands of programs, many of them careless: what cannot be believed is left out, and
//! never keeps a picture from being shown.

mod still;
mod taken_at;
mod video;

use serde::{Deserialize, Serialize};

use crate::{MediaType, Orientation};

pub use still::probe_still;
pub use taken_at::{Precision, TakenAt};
pub use video::probe_video;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    pub media_type: MediaType,
    /// Pixels, upright.
    pub width: u32,
    pub height: u32,
    pub taken_at: Option<TakenAt>,
    /// Maker and model.
    pub camera: Option<String>,
    pub place: Option<Place>,
    /// Videos only.
    pub duration_seconds: Option<f64>,
    /// Still to be applied to the stored pixels.
    #[serde(skip)]
    pub orientation: Orientation,
}

/// Degrees, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub latitude: f64,
    pub longitude: f64,
}

impl Place {
    /// `None` for what is not on Earth, and for 0 N 0 E, which is what a receiver without a fix writes.
    fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        (on_earth && (latitude, longitude) != (0.0, 0.0)).then_some(Self { latitude, longitude })
    }
}

/// Longer names are not names.
const MAX_CAMERA_CHARS: usize = 80;

/// "Canon" and "Canon EOS R5" make "Canon EOS R5"; "Apple" and "iPhone 15" make "Apple iPhone 15".
fn camera(make: Option<&str>, model: Option<&str>) -> Option<String> {
    let tidy = |text: &str| {
        let printable: String = text.chars().filter(|c| !c.is_control()).take(MAX_CAMERA_CHARS).collect();
        Some(printable.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let (make, model) = (make.and_then(tidy), model.and_then(tidy));
    match (make, model) {
        (Some(make), Some(model)) if starts_with_word_of(&model, &make) => Some(model),
        (Some(make), Some(model)) => Some(format!("{make} {model}")),
        (make, model) => model.or(make),
    }
}

fn starts_with_word_of(model: &str, make: &str) -> bool {
    let first = |text: &str| text.split_whitespace().next().unwrap_or_default().to_lowercase();
    first(model) == first(make)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_is_named_once() {
        assert_eq!(camera(Some("Canon"), Some("Canon EOS R5\0")).as_deref(), Some("Canon EOS R5"));
        assert_eq!(camera(Some("NIKON CORPORATION"), Some("NIKON D750")).as_deref(), Some("NIKON D750"));
        assert_eq!(camera(Some("Apple"), Some("iPhone 15")).as_deref(), Some("Apple iPhone 15"));
        assert_eq!(camera(Some("  "), None), None);
    }

    #[test]
    fn a_receiver_without_a_fix_gives_no_place() {
        assert_eq!(Place::new(0.0, 0.0), None);
        assert_eq!(Place::new(91.0, 10.0), None);
        assert_eq!(Place::new(f64::NAN, 10.0), None);
    }
}

//! What a photo is, in words the database keeps, and how large its renditions are.

use picup_api::{
    FrameId, MemberId,
    photo::{PhotoKind, PhotoSource, PhotoState, Rendition, Uploader},
    time::Precision,
};
use uuid::Uuid;

use super::access::Actor;

/// Values kept as words. Words are stored: never rename one.
macro_rules! words {
    ($($to:ident $from:ident $type:ident { $($variant:ident $word:literal)* })*) => { $(
        pub fn $to(value: $type) -> &'static str {
            match value {
                $($type::$variant => $word,)*
            }
        }

        /// A word of a newer version reads as `Unknown`.
        pub fn $from(word: &str) -> $type {
            match word {
                $($word => $type::$variant,)*
                _ => $type::Unknown,
            }
        }
    )* };
}

words! {
    kind_word kind_from_word PhotoKind { Still "still" Video "video" Unknown "unknown" }
    source_word source_from_word PhotoSource {
        Camera "camera" Scanner "scanner" Web "web" Frame "frame" Unknown "unknown"
    }
    state_word state_from_word PhotoState {
        Processing "processing" Ready "ready" Broken "broken" Trashed "trashed" Unknown "unknown"
    }
    precision_word precision_from_word Precision {
        Exact "exact" Day "day" Month "month" Year "year" Decade "decade" Unknown "unknown"
    }
}

/// Who uploaded, hearted or wrote, as two columns.
pub fn uploader_columns(uploader: &Uploader) -> (&'static str, Uuid) {
    match uploader {
        Uploader::Member { id } => ("member", id.0),
        Uploader::Frame { id } => ("frame", id.0),
    }
}

pub fn uploader_from_columns(kind: &str, id: Uuid) -> Uploader {
    match kind {
        "frame" => Uploader::Frame { id: FrameId(id) },
        _ => Uploader::Member { id: MemberId(id) },
    }
}

pub fn uploader_of(actor: Actor) -> Uploader {
    match actor {
        Actor::Member(id) => Uploader::Member { id },
        Actor::Frame(id) => Uploader::Frame { id },
    }
}

/// Which photos someone sees. A parent's screen never shows what cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Processing and broken ones too.
    Everything,
    /// Ready ones only.
    Showable,
}

impl Sight {
    pub fn of(actor: Actor) -> Self {
        match actor {
            Actor::Member(_) => Self::Everything,
            Actor::Frame(_) => Self::Showable,
        }
    }
}

/// The width and height a rendition of an upright picture of this size has.
pub fn rendition_size(rendition: Rendition, width: u32, height: u32) -> (u32, u32) {
    match rendition {
        Rendition::Thumb => picup_imaging::THUMB.fit((width, height)),
        Rendition::Preview => picup_imaging::PREVIEW.fit((width, height)),
        Rendition::Screen1080 => picup_imaging::SCREEN_1080.fit((width, height)),
        Rendition::Screen2160 => picup_imaging::SCREEN_2160.fit((width, height)),
        Rendition::Original => (width, height),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_small_picture_is_not_enlarged_and_a_large_one_keeps_its_shape() {
        assert_eq!(rendition_size(Rendition::Thumb, 100, 50), (100, 50));
        assert_eq!(rendition_size(Rendition::Thumb, 4000, 3000), (320, 240));
        assert_eq!(rendition_size(Rendition::Screen1080, 3000, 4000), (810, 1080));
        assert_eq!(rendition_size(Rendition::Preview, 10_000, 1), (1440, 1));
    }

    proptest! {
        #[test]
        fn every_rendition_fits_its_box(width in 1u32..=65_535, height in 1u32..=65_535) {
            let (w, h) = rendition_size(Rendition::Screen1080, width, height);
            prop_assert!((1..=1920).contains(&w) && (1..=1080).contains(&h));
        }
    }

    #[test]
    fn every_word_reads_back() {
        for source in [PhotoSource::Camera, PhotoSource::Scanner, PhotoSource::Web, PhotoSource::Frame] {
            assert_eq!(source_from_word(source_word(source)), source);
        }
        assert_eq!(kind_from_word("hologram"), PhotoKind::Unknown);
    }
}

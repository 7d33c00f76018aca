//! Metadata of pictures, from their EXIF block.

use std::io::Cursor;

use exif::{Exif, In, Reader, Tag, Value};

use crate::{
    Limits, MediaType, Metadata, Orientation, Place, TakenAt, boxes,
    error::{ImageError, ImageErrorKind, Result},
    jpeg,
    metadata::camera,
    picture, stills,
};

/// # Errors
/// When the bytes are no picture at all, or their size cannot be found.
pub fn probe_still(bytes: &[u8], limits: &Limits) -> Result<Metadata> {
    let media_type = picture::sniff(bytes)?;
    let exif = exif_block(bytes, media_type);
    // HEIF files carry their rotation in a property; the EXIF number repeats it and must not be applied again.
    let boxed = matches!(media_type, MediaType::Heic | MediaType::Avif);
    let orientation = exif.as_ref().filter(|_| !boxed).map(orientation).unwrap_or_default();
    let (width, height) = orientation.turn_size(stored_size(bytes, media_type, limits)?);
    let exif = exif.as_ref();
    Ok(Metadata {
        media_type,
        width,
        height,
        taken_at: exif.and_then(taken_at),
        camera: exif
            .and_then(|exif| camera(text(exif, Tag::Make).as_deref(), text(exif, Tag::Model).as_deref())),
        place: exif.and_then(place),
        duration_seconds: None,
        orientation,
    })
}

fn stored_size(bytes: &[u8], media: MediaType, limits: &Limits) -> Result<(u32, u32)> {
    let missing = || ImageError::new(ImageErrorKind::Corrupt, "no size");
    match media {
        MediaType::Jpeg => jpeg::size(bytes).ok_or_else(missing),
        MediaType::Heic | MediaType::Avif => boxes::still_size(bytes).ok_or_else(missing),
        other => stills::size(bytes, picture::still_format(other)?, limits),
    }
}

fn exif_block(bytes: &[u8], media: MediaType) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let partial = |error: exif::Error| error.distill_partial_result(|_| {}).ok();
    match media {
        MediaType::Bmp | MediaType::Gif => None,
        MediaType::Heic => {
            let block = heifer::read_metadata(bytes).ok()?.exif?;
            reader.read_raw(block).or_else(|error| partial(error).ok_or(())).ok()
        }
        _ => {
            reader.read_from_container(&mut Cursor::new(bytes)).or_else(|error| partial(error).ok_or(())).ok()
        }
    }
}

fn orientation(exif: &Exif) -> Orientation {
    let number = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    Orientation::from_exif(number.unwrap_or(1))
}

fn taken_at(exif: &Exif) -> Option<TakenAt> {
    let pairs = [
        (Tag::DateTimeOriginal, Tag::OffsetTimeOriginal),
        (Tag::DateTimeDigitized, Tag::OffsetTimeDigitized),
        (Tag::DateTime, Tag::OffsetTime),
    ];
    pairs
        .into_iter()
        .find_map(|(date, offset)| TakenAt::from_exif(&text(exif, date)?, text(exif, offset).as_deref()))
}

fn place(exif: &Exif) -> Option<Place> {
    let latitude = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, "S")?;
    let longitude = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, "W")?;
    Place::new(latitude, longitude)
}

fn degrees(exif: &Exif, tag: Tag, reference: Tag, negative: &str) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let part = |at: usize| parts.get(at).map_or(0.0, exif::Rational::to_f64);
    let degrees = part(0) + part(1) / 60.0 + part(2) / 3600.0;
    let sign = if text(exif, reference)?.eq_ignore_ascii_case(negative) { -1.0 } else { 1.0 };
    degrees.is_finite().then_some(degrees * sign)
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    Some(String::from_utf8_lossy(parts.first()?).trim_end_matches(['\0', ' ']).to_owned())
}

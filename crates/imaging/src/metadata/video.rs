//! Metadata of MP4 and QuickTime videos, from their movie header.

use std::io::{Read, Seek, SeekFrom};

use jiff::{civil::DateTime, tz::Offset};
use nom_exif::{EntryValue, ExifDateTime, MediaParser, MediaSource, TrackInfo, TrackInfoTag};

use crate::{
    MediaType, Metadata, Orientation, Place, TakenAt, boxes,
    error::{ImageError, ImageErrorKind, Result},
    metadata::camera,
};

/// # Errors
/// When there is no picture track, or the source cannot be read.
pub fn probe_video<R: Read + Seek>(media_type: MediaType, mut source: R) -> Result<Metadata> {
    let unreadable = |e: std::io::Error| ImageError::corrupt("video", e);
    let movie = boxes::read_movie_header(&mut source).map_err(unreadable)?;
    let (width, height) = movie
        .and_then(|movie| boxes::video_size(&movie))
        .ok_or_else(|| ImageError::new(ImageErrorKind::Corrupt, "no picture track"))?;
    source.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let track = track_info(source);
    let track = track.as_ref();
    let words = |tag| track.and_then(|track| track.get(tag)).and_then(EntryValue::as_str);
    Ok(Metadata {
        media_type,
        width,
        height,
        taken_at: track.and_then(taken_at),
        camera: camera(words(TrackInfoTag::Make), words(TrackInfoTag::Model)),
        place: track.and_then(place),
        duration_seconds: track.and_then(duration),
        orientation: Orientation::Upright,
    })
}

fn track_info<R: Read + Seek>(source: R) -> Option<TrackInfo> {
    let source = MediaSource::seekable(source).ok()?;
    MediaParser::new().parse_track(source).ok()
}

fn duration(track: &TrackInfo) -> Option<f64> {
    let millis = track.get(TrackInfoTag::DurationMs)?.as_u64()?;
    Some(millis as f64 / 1000.0)
}

fn place(track: &TrackInfo) -> Option<Place> {
    let gps = track.gps_info()?;
    Place::new(gps.latitude_decimal()?, gps.longitude_decimal()?)
}

/// Cameras that do not set their clock write the epoch of the format, 1904, or Unix's, 1970.
fn taken_at(track: &TrackInfo) -> Option<TakenAt> {
    let (local, offset) = match track.get(TrackInfoTag::CreateDate)?.as_datetime()? {
        ExifDateTime::Aware(at) => {
            (at.naive_local().and_utc().timestamp(), Some(at.offset().local_minus_utc()))
        }
        ExifDateTime::Naive(at) => (at.and_utc().timestamp(), None),
    };
    let local: DateTime = Offset::UTC.to_datetime(jiff::Timestamp::from_second(local).ok()?);
    TakenAt::exact(local, offset).filter(|_| local.year() > 1970)
}

//! The boxes of ISO base media files, as far as sizes and rotations need them.
//!
//! Lengths are believed only as far as there are bytes.

use std::io::{Read, Seek, SeekFrom};

/// More than any real movie header; a larger one is not read.
const MAX_MOVIE_HEADER: u64 = 64 << 20;

/// The boxes that lie next to one another in `bytes`, as (kind, payload).
pub(crate) fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (header, length) = match u32::from_be_bytes(*length) {
            0 => (8, bytes.len() as u64),
            1 => (16, u64::from_be_bytes(*rest.first_chunk::<8>()?)),
            length => (8, u64::from(length)),
        };
        let end = usize::try_from(length).ok()?.min(bytes.len());
        let payload = bytes.get(header..end)?;
        bytes = &bytes[end..];
        Some((*kind, payload))
    })
}

pub(crate) fn find<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes).find(|(found, _)| found == kind).map(|(_, payload)| payload)
}

/// The payload of `moov`, wherever it lies.
pub(crate) fn read_movie_header<R: Read + Seek>(source: &mut R) -> std::io::Result<Option<Vec<u8>>> {
    let end = source.seek(SeekFrom::End(0))?;
    let mut at = 0;
    while at + 8 <= end {
        source.seek(SeekFrom::Start(at))?;
        let mut header = [0; 16];
        let have = read_up_to(source, &mut header)?;
        let short = u64::from(u32::from_be_bytes([header[0], header[1], header[2], header[3]]));
        let (skip, length) = match short {
            0 => (8, end - at),
            1 if have == 16 => (16, u64::from_be_bytes(header[8..].try_into().unwrap_or_default())),
            length => (8, length),
        };
        if &header[4..8] == b"moov" {
            let payload = length.saturating_sub(skip).min(end - at).min(MAX_MOVIE_HEADER);
            source.seek(SeekFrom::Start(at + skip))?;
            let mut bytes = Vec::new();
            source.take(payload).read_to_end(&mut bytes)?;
            return Ok(Some(bytes));
        }
        if length < skip {
            return Ok(None);
        }
        at = at.saturating_add(length);
    }
    Ok(None)
}

fn read_up_to<R: Read>(source: &mut R, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut have = 0;
    while have < buffer.len() {
        match source.read(&mut buffer[have..])? {
            0 => break,
            count => have += count,
        }
    }
    Ok(have)
}

/// Size of the first track with a picture, upright.
pub(crate) fn video_size(movie: &[u8]) -> Option<(u32, u32)> {
    let tracks = boxes(movie).filter(|(kind, _)| kind == b"trak");
    tracks.filter_map(|(_, track)| track_size(find(track, b"tkhd")?)).next()
}

/// ISO 14496-12, 8.3.2: the matrix a b u c d v x y w lies before width and height, which are 16.16 fixed point.
fn track_size(header: &[u8]) -> Option<(u32, u32)> {
    let matrix = if *header.first()? == 1 { 52 } else { 40 };
    let word = |at: usize| Some(u32::from_be_bytes(*header.get(at..)?.first_chunk::<4>()?));
    let (a, b) = (word(matrix)?, word(matrix + 4)?);
    let (width, height) = (word(matrix + 36)? >> 16, word(matrix + 40)? >> 16);
    let quarter_turn = a == 0 && b != 0;
    match (width, height) {
        (0, _) | (_, 0) => None,
        (width, height) if quarter_turn => Some((height, width)),
        size => Some(size),
    }
}

/// Upright size of a HEIF or AVIF picture: of its largest item, which the tiles and thumbnails are parts of.
pub(crate) fn still_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let meta = find(bytes, b"meta")?.get(4..)?;
    let properties = find(find(meta, b"iprp")?, b"ipco")?;
    let size = boxes(properties).filter(|(kind, _)| kind == b"ispe").filter_map(|(_, payload)| {
        let word = |at: usize| Some(u32::from_be_bytes(*payload.get(at..)?.first_chunk::<4>()?));
        Some((word(4)?, word(8)?))
    });
    let (width, height) = size.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))?;
    let quarter_turn = find(properties, b"irot").and_then(<[u8]>::first).is_some_and(|turns| turns % 2 == 1);
    Some(if quarter_turn { (height, width) } else { (width, height) })
}

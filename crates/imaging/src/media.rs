//! What a file is, told from its first bytes.
//!
//! Names and declared types are never believed: a polyglot is what its first bytes say.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MediaType {
    #[serde(rename = "image/jpeg")]
    Jpeg,
    #[serde(rename = "image/png")]
    Png,
    #[serde(rename = "image/webp")]
    WebP,
    #[serde(rename = "image/gif")]
    Gif,
    #[serde(rename = "image/tiff")]
    Tiff,
    #[serde(rename = "image/bmp")]
    Bmp,
    #[serde(rename = "image/heic")]
    Heic,
    #[serde(rename = "image/avif")]
    Avif,
    #[serde(rename = "video/mp4")]
    Mp4,
    #[serde(rename = "video/quicktime")]
    QuickTime,
}

impl MediaType {
    /// Bytes from the start of a file that [`Self::sniff`] wants to see at most.
    pub const HEAD_BYTES: usize = 256;

    /// `None` for everything that Picup does not show.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        match head {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(Self::Tiff),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'B', b'M', ..] => is_bitmap(head).then_some(Self::Bmp),
            [_, _, _, _, kind @ ..] => Self::sniff_boxes(head, kind),
            _ => None,
        }
    }

    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Tiff => "image/tiff",
            Self::Bmp => "image/bmp",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
            Self::Mp4 => "video/mp4",
            Self::QuickTime => "video/quicktime",
        }
    }

    pub fn is_video(self) -> bool {
        matches!(self, Self::Mp4 | Self::QuickTime)
    }

    /// ISO base media files: the brands of `ftyp`, or the boxes with which QuickTime began before `ftyp` existed.
    fn sniff_boxes(head: &[u8], kind: &[u8]) -> Option<Self> {
        if !kind.starts_with(b"ftyp") {
            let old = [&b"moov"[..], b"mdat", b"wide", b"pnot"];
            return old.iter().any(|name| kind.starts_with(name)).then_some(Self::QuickTime);
        }
        let size = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
        let end = size.clamp(12, Self::HEAD_BYTES).min(head.len());
        let major = head.get(8..12)?;
        let compatible = head.get(16..end).unwrap_or_default().as_chunks::<4>().0;
        Self::of_brand(major, compatible)
    }

    fn of_brand(major: &[u8], compatible: &[[u8; 4]]) -> Option<Self> {
        let lists = |brand: &[u8; 4]| major == brand || compatible.contains(brand);
        match major {
            b"avif" | b"avis" => Some(Self::Avif),
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Some(Self::Heic),
            // The generic brands say only "some HEIF"; the codec is among the compatible ones.
            b"mif1" | b"msf1" if lists(b"avif") => Some(Self::Avif),
            b"mif1" | b"msf1" => Some(Self::Heic),
            b"qt  " => Some(Self::QuickTime),
            b"isom" | b"mp41" | b"mp42" | b"avc1" | b"M4V " | b"MSNV" | b"XAVC" | b"dash" | b"f4v " => {
                Some(Self::Mp4)
            }
            [b'i', b's', b'o', b'2'..=b'9'] | [b'3', b'g', ..] => Some(Self::Mp4),
            _ => None,
        }
    }
}

/// "BM" alone begins many texts: the reserved words are zero and the header has one of the known lengths.
fn is_bitmap(head: &[u8]) -> bool {
    let length = head.get(14..18).map(|bytes| [bytes[0], bytes[1], bytes[2], bytes[3]]);
    let known = [12, 40, 52, 56, 64, 108, 124];
    head.get(6..10) == Some(&[0; 4]) && length.is_some_and(|bytes| known.contains(&u32::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        let cases: [(&[u8], Option<MediaType>); 10] = [
            (b"\xFF\xD8\xFF\xE0....", Some(MediaType::Jpeg)),
            (b"GIF89a..", Some(MediaType::Gif)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some(MediaType::WebP)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Some(MediaType::Heic)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Some(MediaType::Avif)),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Some(MediaType::QuickTime)),
            (b"\0\0\0\x08wide\0\0\0\x08mdat", Some(MediaType::QuickTime)),
            (b"BM is how this sentence begins", None),
            (b"<svg xmlns=", None),
            (b"", None),
        ];
        for (head, expected) in cases {
            assert_eq!(MediaType::sniff(head), expected, "{}", String::from_utf8_lossy(head));
        }
    }
}

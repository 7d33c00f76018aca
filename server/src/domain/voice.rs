//! Spoken comments: what kind of recording some bytes are.
//!
//! Only what browsers record and play. A declared type is never believed; nothing is decoded here.

/// One voice note; four minutes as browsers record speech.
pub const MAX_BYTES: usize = 1 << 20;

/// A recording's media type, as it is stored and sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoiceType {
    WebM,
    Ogg,
    Mp4,
}

impl VoiceType {
    const ALL: [Self; 3] = [Self::WebM, Self::Ogg, Self::Mp4];

    /// `None` for everything that is not played.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1A, 0x45, 0xDF, 0xA3, header @ ..] => is_webm(header).then_some(Self::WebM),
            [b'O', b'g', b'g', b'S', ..] => is_sound(bytes).then_some(Self::Ogg),
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => is_mp4(brand).then_some(Self::Mp4),
            _ => None,
        }
    }

    pub fn mime(self) -> &'static str {
        match self {
            Self::WebM => "audio/webm",
            Self::Ogg => "audio/ogg",
            Self::Mp4 => "audio/mp4",
        }
    }

    /// `None` for a type of a newer version.
    pub fn from_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.mime() == mime)
    }
}

/// The document type in the EBML header (RFC 8794, section 11.2.6): other Matroska files begin alike.
fn is_webm(header: &[u8]) -> bool {
    const DOC_TYPE: &[u8] = b"\x42\x82\x84webm";
    header[..header.len().min(64)].windows(DOC_TYPE.len()).any(|window| window == DOC_TYPE)
}

/// The first packet of the first page (RFC 3533, section 6) names the codec: Ogg also carries pictures.
fn is_sound(bytes: &[u8]) -> bool {
    let codecs = [&b"OpusHead"[..], b"\x01vorbis", b"\x7fFLAC", b"Speex   "];
    let packet = bytes.get(26).and_then(|segments| bytes.get(27 + usize::from(*segments)..));
    packet.is_some_and(|packet| codecs.iter().any(|codec| packet.starts_with(codec)))
}

/// Brands of recordings; those of pictures and of QuickTime are others.
fn is_mp4(brand: &[u8]) -> bool {
    let brands = [&b"iso"[..], b"mp4", b"M4A ", b"M4B ", b"dash"];
    brand.len() >= 4 && brands.iter().any(|known| brand.starts_with(known))
}

#[cfg(test)]
mod tests {
    use picup_testkit::photos::fixture;

    use super::*;

    #[test]
    fn what_a_browser_records_is_known_by_its_bytes() {
        for (name, kind) in
            [("voice.webm", VoiceType::WebM), ("voice.ogg", VoiceType::Ogg), ("voice.m4a", VoiceType::Mp4)]
        {
            assert_eq!(VoiceType::sniff(&fixture(name)), Some(kind), "{name}");
            assert_eq!(VoiceType::from_mime(kind.mime()), Some(kind));
        }
    }

    #[test]
    fn nothing_else_is_taken_for_a_voice_however_short() {
        for name in ["heic.heic", "avif.avif", "video_rotated.mov", "png.png", "webp.webp"] {
            assert_eq!(VoiceType::sniff(&fixture(name)), None, "{name}");
        }
        let matroska = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska";
        let theora = [&b"OggS"[..], &[0; 22], &[1, 42], b"\x80theora"].concat();
        for bytes in [&matroska[..], &theora, b"<html>", b"OggS", b"\0\0\0\x1cftyp", b""] {
            assert_eq!(VoiceType::sniff(bytes), None, "{bytes:?}");
        }
        for name in ["voice.webm", "voice.ogg", "voice.m4a"] {
            let bytes = fixture(name);
            let known = (0..bytes.len()).filter(|length| VoiceType::sniff(&bytes[..*length]).is_some());
            assert!(known.min() > Some(10), "{name}: the start alone says nothing");
        }
    }
}

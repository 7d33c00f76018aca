//! The words of tus 1.0: what its headers say.
//!
//! Pure. <https://tus.io/protocols/resumable-upload>.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use picup_api::{AlbumId, ErrorCode, FamilyId, FieldError, Sha256Digest, photo::PhotoSource};

use super::{photo::source_from_word, text::Filename};

pub const CHECKSUM_ALGORITHMS: &str = "sha256,sha1";
const MAX_METADATA_BYTES: usize = 8 * 1024;

/// `Upload-Metadata`, understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    pub family: FamilyId,
    pub filename: Filename,
    /// What the whole file must be.
    pub sha256: Option<Sha256Digest>,
    pub album: Option<AlbumId>,
    pub source: Option<PhotoSource>,
}

/// What a client got wrong: the header itself, or fields in it.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataFault {
    Malformed,
    Fields(Vec<FieldError>),
}

/// Reads `key base64,key base64,…`. Unknown keys are ignored.
pub fn parse_metadata(header: &str) -> Result<Metadata, MetadataFault> {
    let pairs = pairs(header).ok_or(MetadataFault::Malformed)?;
    let mut fields = Fields { pairs, faults: Vec::new() };
    let family = fields.parse("family", |text| text.parse().ok());
    let sha256 = fields.parse("sha256", |text| text.parse().ok());
    let album = fields.parse("album", |text| text.parse().ok());
    let source = fields.parse("source", known_source);
    let filename = fields.parse("filename", |text| Some(Filename::clean(text)));
    let (family, filename) = (fields.require("family", family), fields.require("filename", filename));
    match (family, filename) {
        (Some(family), Some(filename)) if fields.faults.is_empty() => {
            Ok(Metadata { family, filename, sha256, album, source })
        }
        _ => Err(MetadataFault::Fields(fields.faults)),
    }
}

struct Fields {
    pairs: BTreeMap<String, String>,
    faults: Vec<FieldError>,
}

impl Fields {
    fn parse<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.pairs.get(name).filter(|text| !text.is_empty())?;
        let value = read(text);
        if value.is_none() {
            self.fault(name, "invalid");
        }
        value
    }

    fn require<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.faults.iter().any(|fault| fault.field == name) {
            self.fault(name, "required");
        }
        value
    }

    fn fault(&mut self, name: &str, code: &str) {
        self.faults.push(FieldError { field: name.to_owned(), code: code.to_owned() });
    }
}

fn known_source(word: &str) -> Option<PhotoSource> {
    Some(source_from_word(word)).filter(|source| *source != PhotoSource::Unknown)
}

/// None when the header is not of the standard's form, or says something twice.
fn pairs(header: &str) -> Option<BTreeMap<String, String>> {
    if header.len() > MAX_METADATA_BYTES {
        return None;
    }
    let mut pairs = BTreeMap::new();
    for pair in header.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = String::from_utf8(BASE64.decode(value.trim()).ok()?).ok()?;
        if pairs.insert(key.to_owned(), value).is_some() {
            return None;
        }
    }
    Some(pairs)
}

/// A hash of the checksum extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Sha256,
    Sha1,
}

/// `Upload-Checksum`: what the body of one PATCH must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    pub algorithm: Algorithm,
    pub digest: Vec<u8>,
}

/// Errors: `ChecksumAlgorithmUnsupported`, `MalformedRequest`.
pub fn parse_checksum(header: &str) -> Result<Checksum, ErrorCode> {
    let (name, digest) = header.trim().split_once(' ').ok_or(ErrorCode::MalformedRequest)?;
    let (algorithm, length) = match name {
        "sha256" => (Algorithm::Sha256, 32),
        "sha1" => (Algorithm::Sha1, 20),
        _ => return Err(ErrorCode::ChecksumAlgorithmUnsupported),
    };
    let digest = BASE64.decode(digest.trim()).map_err(|_| ErrorCode::MalformedRequest)?;
    if digest.len() == length { Ok(Checksum { algorithm, digest }) } else { Err(ErrorCode::MalformedRequest) }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn header(pairs: &[(&str, &str)]) -> String {
        let pairs: Vec<_> =
            pairs.iter().map(|(key, value)| format!("{key} {}", BASE64.encode(value))).collect();
        pairs.join(",")
    }

    #[test]
    fn metadata_in_any_order_with_unknown_keys_is_read() {
        let family = Uuid::from_u128(7).to_string();
        let text =
            header(&[("filename", "바다.jpg"), ("x", "?"), ("source", "scanner"), ("family", &family)]);
        let metadata = parse_metadata(&text).unwrap();
        assert_eq!(metadata.family, FamilyId(Uuid::from_u128(7)));
        assert_eq!(metadata.filename.as_str(), "바다.jpg");
        assert_eq!((metadata.source, metadata.sha256), (Some(PhotoSource::Scanner), None));
    }

    #[test]
    fn every_faulty_field_is_named_at_once() {
        let text = header(&[("sha256", "12"), ("album", "x"), ("source", "moon"), ("family", "1")]);
        let Err(MetadataFault::Fields(faults)) = parse_metadata(&text) else { panic!("faulty") };
        let names: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
        let invalid = |name| (name, "invalid");
        assert_eq!(
            names,
            [
                invalid("family"),
                invalid("sha256"),
                invalid("album"),
                invalid("source"),
                ("filename", "required")
            ]
        );
    }

    #[test]
    fn a_header_of_another_form_is_malformed() {
        for text in ["family !!!", "a YQ==,a YQ==", &format!("a {}", "A".repeat(9000)), "a //8="] {
            assert_eq!(parse_metadata(text), Err(MetadataFault::Malformed), "{text}");
        }
    }

    #[test]
    fn a_checksum_has_a_known_algorithm_and_its_length() {
        let sha1 = format!("sha1 {}", BASE64.encode([1; 20]));
        assert_eq!(parse_checksum(&sha1).unwrap().algorithm, Algorithm::Sha1);
        assert_eq!(parse_checksum("md5 AAAA"), Err(ErrorCode::ChecksumAlgorithmUnsupported));
        assert_eq!(parse_checksum("sha256 AAAA"), Err(ErrorCode::MalformedRequest));
        assert_eq!(parse_checksum("sha256"), Err(ErrorCode::MalformedRequest));
    }
}

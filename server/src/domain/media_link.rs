//! Signed addresses of pictures: who has one may read that rendition until it expires.
//!
//! Pure. An address stays the same for hours, so that browsers and proxies can cache what it names.

use aws_lc_rs::{constant_time, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use picup_api::{ErrorCode, PhotoId, photo::Rendition};

const SECOND_MILLIS: i64 = 1000;
/// Addresses made within the same six hours are equal.
const STEP_SECONDS: i64 = 6 * 3600;
/// Half an HMAC-SHA-256: nobody guesses 128 bits, and the address stays short.
const TAG_BYTES: usize = 16;

pub struct MediaSigner(hmac::Key);

impl MediaSigner {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The address relative to the server's root; good for 6 to 12 hours from `now`, epoch milliseconds.
    pub fn link(&self, photo: PhotoId, rendition: Rendition, now: i64) -> String {
        let expires = expiry(now);
        let tag = BASE64.encode(self.tag(photo, rendition, expires));
        format!("/media/{photo}/{}?e={expires}&s={tag}", rendition.as_str())
    }

    /// Errors: `MediaSignatureInvalid`, `MediaLinkExpired`. `expires` in epoch seconds.
    pub fn check(
        &self,
        photo: PhotoId,
        rendition: Rendition,
        expires: i64,
        signature: &str,
        now: i64,
    ) -> Result<(), ErrorCode> {
        let given = BASE64.decode(signature).map_err(|_| ErrorCode::MediaSignatureInvalid)?;
        let right = self.tag(photo, rendition, expires);
        constant_time::verify_slices_are_equal(&right, &given)
            .map_err(|_| ErrorCode::MediaSignatureInvalid)?;
        if now / SECOND_MILLIS < expires { Ok(()) } else { Err(ErrorCode::MediaLinkExpired) }
    }

    fn tag(&self, photo: PhotoId, rendition: Rendition, expires: i64) -> [u8; TAG_BYTES] {
        let message = format!("{photo}/{}/{expires}", rendition.as_str());
        let tag = hmac::sign(&self.0, message.as_bytes());
        let mut short = [0; TAG_BYTES];
        short.copy_from_slice(&tag.as_ref()[..TAG_BYTES]);
        short
    }
}

/// The end of the current step, and one step more.
fn expiry(now: i64) -> i64 {
    let seconds = now.div_euclid(SECOND_MILLIS);
    (seconds.div_euclid(STEP_SECONDS) + 2) * STEP_SECONDS
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOON: i64 = 1_790_000_000_000;

    fn photo(n: u128) -> PhotoId {
        PhotoId(Uuid::from_u128(n))
    }

    fn parts(link: &str) -> (i64, String) {
        let query = link.split_once("?e=").unwrap().1;
        let (expires, signature) = query.split_once("&s=").unwrap();
        (expires.parse().unwrap(), signature.to_owned())
    }

    #[test]
    fn a_link_is_the_same_for_hours_and_good_for_hours_more() {
        let signer = MediaSigner::new(&[1; 32]);
        let step = NOON - NOON.rem_euclid(STEP_SECONDS * SECOND_MILLIS);
        let link = signer.link(photo(1), Rendition::Thumb, step);
        assert_eq!(link, signer.link(photo(1), Rendition::Thumb, step + 6 * 3_600_000 - 1));
        let (expires, signature) = parts(&link);
        let check = |now| signer.check(photo(1), Rendition::Thumb, expires, &signature, now);
        assert_eq!(check(step + 12 * 3_600_000 - 1), Ok(()));
        assert_eq!(check(step + 12 * 3_600_000), Err(ErrorCode::MediaLinkExpired));
    }

    /// FAILURES 31: a signed address is altered.
    #[test]
    fn an_altered_link_opens_nothing() {
        let signer = MediaSigner::new(&[1; 32]);
        let (expires, signature) = parts(&signer.link(photo(1), Rendition::Thumb, NOON));
        let refused = Err(ErrorCode::MediaSignatureInvalid);
        assert_eq!(signer.check(photo(2), Rendition::Thumb, expires, &signature, NOON), refused);
        assert_eq!(signer.check(photo(1), Rendition::Original, expires, &signature, NOON), refused);
        assert_eq!(signer.check(photo(1), Rendition::Thumb, expires + 1, &signature, NOON), refused);
        assert_eq!(signer.check(photo(1), Rendition::Thumb, expires, &signature[..20], NOON), refused);
        assert_eq!(signer.check(photo(1), Rendition::Thumb, expires, "", NOON), refused);
        assert_eq!(
            MediaSigner::new(&[2; 32]).check(photo(1), Rendition::Thumb, expires, &signature, NOON),
            refused
        );
    }
}

//! What a guest gets for the password of a shared album: good for that link alone, for an hour.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use picup_api::LinkId;

pub const LIFETIME: Duration = Duration::from_secs(60 * 60);

const EXPIRY_BYTES: usize = 8;

pub struct ViewingTokens(hmac::Key);

impl ViewingTokens {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// `expires_at` in epoch milliseconds.
    pub fn issue(&self, link: LinkId, expires_at: i64) -> String {
        let mut bytes = expires_at.to_be_bytes().to_vec();
        bytes.extend(self.sign(link, &bytes).as_ref());
        BASE64.encode(bytes)
    }

    pub fn admits(&self, token: &str, link: LinkId, now: i64) -> bool {
        let Ok(bytes) = BASE64.decode(token) else { return false };
        let Some((expiry, tag)) = bytes.split_at_checked(EXPIRY_BYTES) else { return false };
        let is_ours = hmac::verify(&self.0, &message(link, expiry), tag).is_ok();
        is_ours && expiry.try_into().is_ok_and(|expiry| now < i64::from_be_bytes(expiry))
    }

    fn sign(&self, link: LinkId, expiry: &[u8]) -> hmac::Tag {
        hmac::sign(&self.0, &message(link, expiry))
    }
}

fn message(link: LinkId, expiry: &[u8]) -> Vec<u8> {
    [link.0.as_bytes().as_slice(), expiry].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const LINK: LinkId = LinkId(Uuid::from_u128(1));

    #[test]
    fn a_viewing_token_opens_its_own_link_until_it_expires() {
        let tokens = ViewingTokens::new(&[1; 32]);
        let token = tokens.issue(LINK, 1000);
        assert!(tokens.admits(&token, LINK, 999));
        assert!(!tokens.admits(&token, LINK, 1000));
        assert!(!tokens.admits(&token, LinkId(Uuid::from_u128(2)), 0));
        assert!(!ViewingTokens::new(&[2; 32]).admits(&token, LINK, 0));
    }

    proptest! {
        #[test]
        fn an_altered_or_invented_token_opens_nothing(text in ".{0,80}", at in 0usize..40) {
            let tokens = ViewingTokens::new(&[1; 32]);
            prop_assert!(!tokens.admits(&text, LINK, 0));
            let mut bytes = BASE64.decode(tokens.issue(LINK, 1000)).unwrap();
            bytes[at] ^= 1;
            prop_assert!(!tokens.admits(&BASE64.encode(bytes), LINK, 0));
        }
    }
}

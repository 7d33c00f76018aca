//! Where a list continues: opaque to clients, signed, and good only for the list it was given for.
//!
//! Keyset, not offset: a page costs the same at any depth, and rows that come or go meanwhile neither repeat nor
//! hide others.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use picup_api::ErrorCode;
use uuid::Uuid;

const KEY_BYTES: usize = 8 + 16;
const TAG_BYTES: usize = 16;
pub const DEFAULT_LIMIT: u32 = 50;
pub const MAX_LIMIT: u32 = 200;

/// The last row of a page: its sort key, and its id where sort keys are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub sort: i64,
    pub id: Uuid,
}

impl Cursor {
    /// Before every row of an ascending list.
    pub const FIRST: Self = Self { sort: i64::MIN, id: Uuid::nil() };
    /// Before every row of a descending list.
    pub const LAST: Self = Self { sort: i64::MAX, id: Uuid::max() };
}

/// Signs cursors, so that a client cannot make one up or take it to another list.
pub struct CursorSigner(hmac::Key);

impl CursorSigner {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// `list` names the route, its object and its filters.
    pub fn write(&self, list: &str, cursor: Cursor) -> String {
        let mut bytes = Vec::with_capacity(KEY_BYTES + TAG_BYTES);
        bytes.extend(cursor.sort.to_be_bytes());
        bytes.extend(cursor.id.as_bytes());
        let tag = self.tag(list, &bytes);
        bytes.extend(tag);
        BASE64.encode(bytes)
    }

    /// Errors: `CursorInvalid`.
    pub fn read(&self, list: &str, text: &str) -> Result<Cursor, ErrorCode> {
        let bytes = BASE64.decode(text).map_err(|_| ErrorCode::CursorInvalid)?;
        let (key, tag) = bytes.split_at_checked(KEY_BYTES).ok_or(ErrorCode::CursorInvalid)?;
        aws_lc_rs::constant_time::verify_slices_are_equal(&self.tag(list, key), tag)
            .map_err(|_| ErrorCode::CursorInvalid)?;
        let (sort, id) = key.split_first_chunk().ok_or(ErrorCode::CursorInvalid)?;
        let id = Uuid::from_slice(id).map_err(|_| ErrorCode::CursorInvalid)?;
        Ok(Cursor { sort: i64::from_be_bytes(*sort), id })
    }

    /// The key has a fixed length, so key and list cannot run into each other.
    fn tag(&self, list: &str, key: &[u8]) -> [u8; TAG_BYTES] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(key);
        context.update(list.as_bytes());
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&context.sign().as_ref()[..TAG_BYTES]);
        tag
    }
}

/// The page size to answer with. Errors: `out_of_range` for a size no list has.
pub fn page_limit(asked: Option<u32>) -> Result<u32, &'static str> {
    match asked.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(limit),
        _ => Err("out_of_range"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signer() -> CursorSigner {
        CursorSigner::new(&[7; 32])
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_it_was_given(sort: i64, id: u128, list in ".{0,40}") {
            let cursor = Cursor { sort, id: Uuid::from_u128(id) };
            prop_assert_eq!(signer().read(&list, &signer().write(&list, cursor)), Ok(cursor));
        }

        #[test]
        fn an_altered_cursor_is_refused(sort: i64, id: u128, at in 0usize..40, bit in 0u8..8) {
            let text = signer().write("photos", Cursor { sort, id: Uuid::from_u128(id) });
            let mut bytes = BASE64.decode(text).unwrap();
            bytes[at] ^= 1 << bit;
            prop_assert_eq!(signer().read("photos", &BASE64.encode(bytes)), Err(ErrorCode::CursorInvalid));
        }

        #[test]
        fn no_text_panics(text in ".{0,80}") {
            prop_assert_eq!(signer().read("photos", &text), Err(ErrorCode::CursorInvalid));
        }
    }

    #[test]
    fn a_cursor_of_another_list_or_server_is_refused() {
        let text = signer().write("photos?kind=video", Cursor::FIRST);
        assert_eq!(signer().read("photos?kind=still", &text), Err(ErrorCode::CursorInvalid));
        assert_eq!(
            CursorSigner::new(&[8; 32]).read("photos?kind=video", &text),
            Err(ErrorCode::CursorInvalid)
        );
    }

    #[test]
    fn a_page_has_1_to_200_rows() {
        assert_eq!(page_limit(None), Ok(50));
        assert_eq!(page_limit(Some(200)), Ok(200));
        assert_eq!(page_limit(Some(0)), Err("out_of_range"));
        assert_eq!(page_limit(Some(201)), Err("out_of_range"));
    }
}

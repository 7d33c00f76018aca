//! Uploads: the digest check, and tus 1.0 header names.

use crate::{PhotoId, Sha256Digest};

pub const TUS_VERSION: &str = "1.0.0";
pub const TUS_EXTENSIONS: &str = "creation,creation-with-upload,expiration,checksum,termination";
/// Headers of the last PATCH's answer.
pub const PHOTO_ID_HEADER: &str = "picup-photo-id";
pub const DUPLICATE_HEADER: &str = "picup-duplicate";

wire! {
    pub struct CheckRequest {
        /// 1 to 1000.
        pub digests: Vec<CheckItem>,
    }

    pub struct CheckItem {
        /// The asker's own name for the file; echoed.
        pub id: String,
        pub sha256: Sha256Digest,
    }

    pub struct CheckAnswer { pub results: Vec<CheckResult> }

    pub struct CheckResult {
        pub id: String,
        pub action: CheckAction,
        pub photo_id: Option<PhotoId>,
    }

    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum CheckAction {
        Upload,
        Have,
        /// The family has it in the trash.
        Trashed,
    }
}

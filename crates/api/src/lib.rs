//! The words Picup's parts speak to each other: wire types, ids and error codes.
//!
//! Serde only: no input or output, no clock, no randomness. A reader ignores fields and kinds it does not
//! know, so that an older frame works with a newer server and the other way round.

/// Gives wire types the derives they all share.
macro_rules! wire {
    ($($item:item)*) => { $(
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        $item
    )* };
}

pub mod account;
pub mod album;
pub mod change;
pub mod digest;
pub mod error;
pub mod frame;
pub mod ids;
pub mod page;
pub mod photo;
pub mod screen;
pub mod sharing;
pub mod time;
pub mod upload;

pub use digest::Sha256Digest;
pub use error::{ErrorCode, FieldError, Problem};
pub use ids::{
    AlbumId, CommandId, CommentId, FamilyId, FrameId, LinkId, MemberId, PhotoId, SessionId, UploadId,
};
pub use page::Page;
pub use time::Timestamp;

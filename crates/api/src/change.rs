//! The change feed of a family, and the events pushed to listeners.

use crate::{AlbumId, FamilyId, FrameId, PhotoId, Timestamp, frame::FrameCommand};

wire! {
    /// `seq` has no gaps within a family.
    pub struct Change {
        pub seq: u64,
        pub at: Timestamp,
        #[serde(flatten)]
        pub kind: ChangeKind,
    }

    #[derive(Eq)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    pub enum ChangeKind {
        /// Stored; rendered later, told by `photo_updated`.
        PhotoAdded { photo_id: PhotoId },
        PhotoUpdated { photo_id: PhotoId },
        PhotoTrashed { photo_id: PhotoId },
        PhotoRestored { photo_id: PhotoId },
        /// Gone for good.
        PhotoRemoved { photo_id: PhotoId },
        HeartsChanged { photo_id: PhotoId },
        CommentsChanged { photo_id: PhotoId },
        AlbumChanged { album_id: AlbumId },
        AlbumRemoved { album_id: AlbumId },
        /// Membership or order.
        AlbumPhotosChanged { album_id: AlbumId },
        #[serde(other)]
        Unknown,
    }

    pub struct Changes {
        pub changes: Vec<Change>,
        /// The newest number the family has, also when `changes` is empty.
        pub last_seq: u64,
        pub has_more: bool,
    }

    /// One server-sent event of `GET /v1/events`; `event:` carries the kind, `id:` the family's change number.
    #[serde(tag = "kind", rename_all = "snake_case")]
    pub enum Event {
        Change { family_id: FamilyId, change: Change },
        /// To the frame it is for.
        Command { frame_id: FrameId, command: FrameCommand },
        /// To members: a frame was paired, renamed, seen, or removed. To the frame itself: read `/v1/frames/self` again.
        FrameChanged { family_id: FamilyId, frame_id: FrameId },
        #[serde(other)]
        Unknown,
    }
}

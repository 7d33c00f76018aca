//! Albums: photos in a kept order.

use crate::{AlbumId, FamilyId, PhotoId, Timestamp, photo::MediaLink};

wire! {
    pub struct NewAlbum {
        pub title: String,
        #[serde(default)]
        #[cfg_attr(feature = "ts", ts(optional, as = "Option<String>"))]
        pub description: String,
    }

    #[derive(Default)]
    #[cfg_attr(feature = "ts", ts(optional_fields = nullable))]
    pub struct AlbumPatch {
        #[serde(default)]
        pub title: Option<String>,
        #[serde(default)]
        pub description: Option<String>,
        #[serde(default)]
        pub cover_photo_id: Option<PhotoId>,
    }

    pub struct Album {
        pub id: AlbumId,
        pub family_id: FamilyId,
        pub title: String,
        pub description: String,
        /// The chosen cover, else the first photo.
        pub cover_photo_id: Option<PhotoId>,
        /// The cover's `preview`, once rendered.
        pub cover: Option<MediaLink>,
        pub cover_thumbhash: Option<String>,
        /// Photos in it that are not trashed.
        pub photo_count: u64,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }

    pub struct PhotoIds { pub photo_ids: Vec<PhotoId> }
}

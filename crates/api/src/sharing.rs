//! Public links to an album.

use crate::{AlbumId, LinkId, Timestamp};

wire! {
    #[derive(Default)]
    #[cfg_attr(feature = "ts", ts(optional_fields = nullable))]
    pub struct NewLink {
        #[serde(default)]
        pub expires_at: Option<Timestamp>,
        #[serde(default)]
        pub password: Option<String>,
    }

    pub struct Link {
        pub id: LinkId,
        pub album_id: AlbumId,
        pub url: String,
        pub expires_at: Option<Timestamp>,
        pub has_password: bool,
    }
}

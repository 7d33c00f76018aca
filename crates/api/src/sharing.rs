//! Public links to an album.

use std::collections::BTreeMap;

use crate::{
    AlbumId, LinkId, PhotoId, Timestamp,
    photo::{MediaLink, PhotoKind, Rendition},
    time::TakenAt,
};

/// Carries a link's password, for programs. Browsers unlock once instead.
pub const LINK_PASSWORD_HEADER: &str = "x-picup-link-password";
/// Carries the `viewing_token` of `POST /v1/shared/{token}/unlock`.
pub const VIEWING_TOKEN_HEADER: &str = "x-picup-viewing-token";

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

    pub struct LinkUnlock { pub password: String }

    pub struct LinkUnlocked {
        pub viewing_token: String,
        /// Seconds.
        pub expires_in: u64,
    }

    /// What a guest sees of an album.
    pub struct SharedAlbum {
        pub title: String,
        pub description: String,
        pub photo_count: u64,
        pub expires_at: Option<Timestamp>,
    }

    /// What a guest sees of a photo: nothing about people and places.
    pub struct SharedPhoto {
        pub id: PhotoId,
        pub kind: PhotoKind,
        pub taken_at: TakenAt,
        pub width: u32,
        pub height: u32,
        pub duration_seconds: Option<f64>,
        pub caption: String,
        pub thumbhash: Option<String>,
        pub renditions: BTreeMap<Rendition, MediaLink>,
    }
}

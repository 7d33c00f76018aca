//! Photos, their renditions, hearts and comments.

use std::collections::BTreeMap;

use crate::{
    AlbumId, CommentId, FamilyId, FrameId, MemberId, PhotoId, Sha256Digest, Timestamp, time::TakenAt,
};

wire! {
    #[derive(Copy, Eq, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum PhotoKind { Still, Video, #[serde(other)] Unknown }

    #[derive(Copy, Eq, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum PhotoState {
        /// Stored, not rendered yet.
        Processing,
        Ready,
        /// Stored, but it cannot be decoded. Shown to children, never to parents.
        Broken,
        Trashed,
        #[serde(other)]
        Unknown,
    }

    #[derive(Copy, Eq, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum PhotoSource { Camera, Scanner, Web, Frame, #[serde(other)] Unknown }

    /// A picture made from an original.
    #[derive(Copy, Eq, Hash, PartialOrd, Ord)]
    pub enum Rendition {
        /// WebP fitted within 320 x 320.
        #[serde(rename = "thumb")]
        Thumb,
        /// WebP fitted within 1440 x 1440.
        #[serde(rename = "preview")]
        Preview,
        /// JPEG fitted within 1920 x 1080.
        #[serde(rename = "screen-1080")]
        Screen1080,
        /// JPEG fitted within 3840 x 2160.
        #[serde(rename = "screen-2160")]
        Screen2160,
        /// The bytes as they arrived.
        #[serde(rename = "original")]
        Original,
    }

    pub struct MediaLink {
        /// Relative to the server's root; signed, and stable for hours.
        pub url: String,
        /// Pixels, upright.
        pub width: u32,
        pub height: u32,
    }

    pub struct Place {
        /// Degrees, WGS 84.
        pub latitude: f64,
        pub longitude: f64,
    }

    pub struct Photo {
        pub id: PhotoId,
        pub family_id: FamilyId,
        pub sha256: Sha256Digest,
        pub bytes: u64,
        pub kind: PhotoKind,
        pub state: PhotoState,
        pub source: PhotoSource,
        /// As sniffed from the bytes, such as `image/heic`.
        pub media_type: String,
        pub filename: String,
        pub taken_at: TakenAt,
        /// Pixels, upright; 0 until rendered.
        pub width: u32,
        pub height: u32,
        /// Seconds; videos only.
        pub duration_seconds: Option<f64>,
        pub camera: Option<String>,
        pub place: Option<Place>,
        pub caption: String,
        /// Who is in the picture: names, in the order the children gave them.
        #[serde(default)]
        pub people: Vec<String>,
        pub uploaded_by: Uploader,
        /// Base64, https://evanw.github.io/thumbhash/.
        pub thumbhash: Option<String>,
        pub renditions: BTreeMap<Rendition, MediaLink>,
        pub albums: Vec<AlbumId>,
        pub hearts: u32,
        /// Whether the asking member or frame gave one of the hearts.
        pub hearted_by_me: bool,
        pub comments: u32,
        pub created_at: Timestamp,
        /// When the trash is emptied of it; trashed photos only.
        pub purge_at: Option<Timestamp>,
        /// No frame shows it; the children see it as ever.
        #[serde(default)]
        pub hidden: bool,
        /// A parent asked at a frame to take it away; the children decide.
        #[serde(default)]
        pub removal_proposed: bool,
    }

    #[derive(Eq)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    pub enum Uploader { Member { id: MemberId }, Frame { id: FrameId } }

    #[derive(Default)]
    #[cfg_attr(feature = "ts", ts(optional_fields = nullable))]
    pub struct PhotoPatch {
        #[serde(default)]
        pub caption: Option<String>,
        #[serde(default)]
        pub taken_at: Option<TakenAt>,
        /// All who are in the picture; empty: nobody.
        #[serde(default)]
        pub people: Option<Vec<String>>,
    }

    pub struct Comment {
        pub id: CommentId,
        pub photo_id: PhotoId,
        pub author: Uploader,
        /// May be empty where there is a voice.
        pub text: String,
        pub created_at: Timestamp,
        #[serde(default)]
        pub voice: Option<VoiceNote>,
    }

    /// Words that were spoken.
    pub struct VoiceNote {
        /// Relative to the server's root: `/v1/comments/{comment}/voice`.
        pub url: String,
        /// As sniffed from the bytes: `audio/webm`, `audio/ogg`, `audio/mp4`.
        pub media_type: String,
        pub bytes: u64,
    }

    pub struct NewComment { pub text: String }

    pub struct Timeline {
        /// Newest first.
        pub months: Vec<TimelineMonth>,
    }

    pub struct TimelineMonth {
        /// `2024-05`.
        pub month: String,
        pub photos: u64,
    }

    /// Photos of this calendar day in earlier years, newest year first.
    pub struct OnThisDay { pub years: Vec<OnThisDayYear> }

    pub struct OnThisDayYear {
        pub year: i16,
        pub photos: Vec<Photo>,
    }
}

impl Rendition {
    pub const ALL: [Self; 5] =
        [Self::Thumb, Self::Preview, Self::Screen1080, Self::Screen2160, Self::Original];

    /// The name in URLs and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Thumb => "thumb",
            Self::Preview => "preview",
            Self::Screen1080 => "screen-1080",
            Self::Screen2160 => "screen-2160",
            Self::Original => "original",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rendition| rendition.as_str() == name)
    }
}

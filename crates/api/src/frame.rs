//! Frames: pairing (RFC 8628), settings, remote commands, heartbeat.

use crate::{AlbumId, CommandId, FamilyId, FrameId, PhotoId, Timestamp};

/// The only grant type of `POST /v1/frames/token` (RFC 8628, section 3.4).
pub const DEVICE_CODE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

wire! {
    pub struct NewPairing {
        /// Shown to the child who approves, such as `Raspberry Pi 5`.
        pub hardware_name: String,
    }

    /// RFC 8628, section 3.2.
    pub struct Pairing {
        pub device_code: String,
        /// Eight letters with a dash, `BCDF-GHJK`.
        pub user_code: String,
        pub verification_uri: String,
        pub verification_uri_complete: String,
        /// Seconds.
        pub expires_in: u64,
        /// Seconds to wait between polls.
        pub interval: u64,
    }

    pub struct FrameTokenRequest {
        pub grant_type: String,
        pub device_code: String,
    }

    /// RFC 6749, section 5.1. The refresh token is used at `/v1/auth/refresh` like a member's.
    pub struct FrameToken {
        pub access_token: String,
        pub token_type: String,
        /// Seconds.
        pub expires_in: u64,
        pub refresh_token: String,
        pub frame_id: FrameId,
        pub family_id: FamilyId,
    }

    /// The answer to a frame's refresh: like `FrameToken`.
    pub struct PairingApproval {
        pub user_code: String,
        pub name: String,
    }

    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum FillStyle { Blur, Mat }

    /// What children choose for a frame.
    pub struct FrameSettings {
        /// Seconds a photo stays on the screen; 3 to 3600.
        pub seconds_per_photo: u32,
        /// What surrounds a photo that does not fill the panel.
        pub fill: FillStyle,
        pub locale: crate::account::Locale,
        /// Albums to play; empty means all.
        pub albums: Vec<AlbumId>,
    }

    pub struct Frame {
        pub id: FrameId,
        pub name: String,
        pub hardware_name: String,
        pub settings: FrameSettings,
        pub created_at: Timestamp,
        pub last_seen_at: Option<Timestamp>,
        pub heartbeat: Option<Heartbeat>,
        /// Commands not acknowledged yet, oldest first.
        pub pending_commands: Vec<FrameCommand>,
    }

    /// `GET /v1/frames/self`.
    pub struct FrameSelf {
        pub frame: Frame,
        pub family_id: FamilyId,
        pub family_name: String,
    }

    #[derive(Default)]
    #[cfg_attr(feature = "ts", ts(optional_fields = nullable))]
    pub struct FramePatch {
        #[serde(default)]
        pub name: Option<String>,
        #[serde(default)]
        pub settings: Option<FrameSettings>,
    }

    pub struct NewFrameCommand { pub action: FrameAction }

    /// Arrives at least once; a frame ignores an id it has carried out, and one past `expires_at`.
    pub struct FrameCommand {
        pub id: CommandId,
        pub action: FrameAction,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
    }

    #[derive(Eq)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    pub enum FrameAction {
        ShowPhoto { photo_id: PhotoId },
        ShowAlbum { album_id: AlbumId },
        Next,
        Previous,
        Pause,
        Resume,
        Message { text: String },
        Restart,
        #[serde(other)]
        Unknown,
    }

    pub struct CommandAck {
        /// False when the frame could not carry it out, such as a photo it does not have.
        pub done: bool,
    }

    /// What a frame tells of itself once a minute.
    pub struct Heartbeat {
        pub version: String,
        pub now_showing: Option<PhotoId>,
        pub paused: bool,
        /// Files in the inbox not accepted by the server yet.
        pub inbox_waiting: u32,
        pub inbox_set_aside: u32,
        pub photos_cached: u32,
        pub cache_bytes: u64,
        pub disk_free_bytes: u64,
        /// Degrees Celsius, where the board has a sensor.
        pub temperature_celsius: Option<f32>,
        pub panel_width: u32,
        pub panel_height: u32,
        /// In plain words; absent when all is well.
        pub last_error: Option<String>,
    }
}

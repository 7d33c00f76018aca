//! Frames: pairing (RFC 8628), settings, remote commands, heartbeat.

use crate::{
    AlbumId, CommandId, FamilyId, FrameId, MemberId, PhotoId, Timestamp, account::Locale, screen::Trouble,
    time::TimeOfDay,
};

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
        pub locale: Locale,
        /// Albums to play; empty means all.
        pub albums: Vec<AlbumId>,
        /// Two upright photos of one day share a panel that lies.
        #[serde(default = "yes")]
        pub pairs: bool,
        /// A photo is moved and enlarged a little while it is on.
        #[serde(default)]
        pub motion: bool,
        #[serde(default = "yes")]
        pub clock: bool,
        #[serde(default)]
        pub larger_text: bool,
        /// A caption is read out when its photo comes on.
        #[serde(default)]
        pub read_aloud: bool,
        /// Percent of the panel's light, 10 to 100.
        #[serde(default = "full")]
        pub brightness: u8,
        /// Hours of the day with a light of their own; where two overlap, the first decides.
        #[serde(default)]
        pub dimmed: Vec<Dimmed>,
        /// When the panel is off; at most one night a weekday.
        #[serde(default)]
        pub nights: Vec<Night>,
    }

    #[derive(Copy, Eq, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum Weekday { Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday }

    /// Begins on `day`, by the clock of the frame's own time zone. `until` at or before `from` is the next day's.
    #[derive(Copy, Eq)]
    pub struct Night {
        pub day: Weekday,
        pub from: TimeOfDay,
        pub until: TimeOfDay,
    }

    /// Every day. `until` at or before `from` is the next day's.
    #[derive(Copy, Eq)]
    pub struct Dimmed {
        pub from: TimeOfDay,
        pub until: TimeOfDay,
        /// Percent, 10 to 100.
        pub brightness: u8,
    }

    /// Someone of the family, by the name the others know.
    #[derive(Eq)]
    pub struct Person {
        pub id: MemberId,
        pub display_name: String,
    }

    /// A birthday the frame congratulates on, as a child has noted it.
    #[derive(Eq)]
    pub struct Birthday {
        pub name: String,
        /// 1 to 12.
        pub month: i8,
        /// 1 to 31. A birthday on 29 February is kept on 1 March of other years.
        pub day: i8,
        pub year: Option<i16>,
    }

    /// `GET` and `PUT /v1/families/{family}/birthdays`: all of them at once.
    pub struct Birthdays { pub birthdays: Vec<Birthday> }

    pub struct Frame {
        pub id: FrameId,
        pub name: String,
        pub hardware_name: String,
        pub settings: FrameSettings,
        pub created_at: Timestamp,
        pub last_seen_at: Option<Timestamp>,
        pub heartbeat: Option<Heartbeat>,
        /// When the picture at `GET .../frames/{frame}/picture` was taken; absent: there is none.
        #[serde(default)]
        pub picture_at: Option<Timestamp>,
        /// Commands not acknowledged yet, oldest first.
        pub pending_commands: Vec<FrameCommand>,
    }

    /// `GET /v1/frames/self`.
    pub struct FrameSelf {
        pub frame: Frame,
        pub family_id: FamilyId,
        pub family_name: String,
        #[serde(default)]
        pub people: Vec<Person>,
        #[serde(default)]
        pub birthdays: Vec<Birthday>,
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
        /// The panel goes off until the next waking hour, a touch, or `Wake`.
        Sleep,
        Wake,
        /// The frame sends a picture of what its screen shows.
        Picture,
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
        #[serde(default)]
        pub asleep: bool,
        /// How the panel is switched; absent where nothing was found and a dark picture has to do.
        #[serde(default)]
        pub panel_switch: Option<String>,
        /// All processes of the frame together.
        #[serde(default)]
        pub memory_bytes: Option<u64>,
        #[serde(default)]
        pub troubles: Vec<Trouble>,
    }
}

impl FrameSettings {
    /// Until the children have chosen.
    pub fn first(locale: Locale) -> Self {
        Self {
            seconds_per_photo: 15,
            fill: FillStyle::Blur,
            locale,
            albums: Vec::new(),
            pairs: true,
            motion: false,
            clock: true,
            larger_text: false,
            read_aloud: false,
            brightness: full(),
            dimmed: Vec::new(),
            nights: Vec::new(),
        }
    }
}

fn yes() -> bool {
    true
}

fn full() -> u8 {
    100
}

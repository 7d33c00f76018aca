//! What the frame's engine tells its screen, and the commands the screen may send.
//!
//! One table serves both faces of the engine: the kiosk window and the loopback bridge.

use crate::{AlbumId, CommentId, PhotoId, Timestamp, account::Locale, frame::FillStyle, photo::PhotoKind};

wire! {
    /// `status`.
    pub struct ScreenStatus {
        pub state: FrameState,
        /// While `state` is `pairing`.
        pub pairing: Option<PairingPrompt>,
        pub now_showing: Option<PhotoId>,
        pub inbox: InboxStatus,
        pub sync: SyncStatus,
        pub settings: ScreenSettings,
        /// Nothing is turned by itself.
        pub paused: bool,
        /// The panel is off, or should be: the screen is dark until someone touches it.
        pub asleep: bool,
        /// Percent of light the picture itself has at this hour, 10 to 100: 100 where the panel's own light is changed.
        pub brightness: u8,
        /// Until then nothing is said of dates that depend on today, and no clock is shown.
        pub clock_is_set: bool,
        /// Whose birthday is today.
        pub birthdays: Vec<String>,
        /// What is wrong now, the gravest first.
        pub troubles: Vec<Trouble>,
        pub version: String,
    }

    /// Something a parent is told of in a calm sentence and a child can look up by its number.
    #[derive(Copy, Eq, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum Trouble {
        /// The frame's disk is full.
        DiskFull,
        /// The family's quota is used up.
        ServerFull,
        /// The server cannot be reached.
        Offline,
        /// No time from the network since the start: the clock and the nights wait.
        ClockUnset,
        /// Of a newer frame.
        #[serde(other)]
        Unknown,
    }

    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum FrameState {
        /// Reading the cache; milliseconds.
        Starting,
        /// Not in a family: the welcome screen.
        Pairing,
        /// Paired, and nothing to show yet.
        Empty,
        Showing,
    }

    pub struct PairingPrompt {
        pub user_code: String,
        pub verification_uri: String,
        /// For the QR code.
        pub verification_uri_complete: String,
    }

    #[derive(Default)]
    pub struct InboxStatus {
        /// Seen, not settled or not copied yet.
        pub waiting: u32,
        /// Copied to the spool, being sent.
        pub sending: u32,
        /// Accepted by the server since the import began.
        pub sent: u32,
        pub set_aside: Vec<SetAside>,
        /// Why arrivals wait, such as a full disk.
        pub paused_because: Option<PauseReason>,
    }

    /// A file the server or the frame will not take.
    pub struct SetAside {
        pub filename: String,
        /// A code from `ErrorCode`, or the frame's own `not_a_picture`, `unreadable`.
        pub reason: String,
    }

    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum PauseReason { DiskFull, Offline, ServerFull }

    #[derive(Default)]
    pub struct SyncStatus {
        pub online: bool,
        /// Photos the family has for this frame / photos in the cache.
        pub photos_wanted: u32,
        pub photos_cached: u32,
        pub downloads_paused_because: Option<PauseReason>,
    }

    pub struct ScreenSettings {
        pub seconds_per_photo: u32,
        pub fill: FillStyle,
        pub locale: Locale,
        pub motion: bool,
        pub clock: bool,
        pub larger_text: bool,
    }

    /// A slide. `src` is asked from the engine by id: `photo://localhost/{id}` in the window,
    /// `/photo/{id}` on the bridge.
    pub struct Slide {
        pub photo_id: PhotoId,
        pub kind: PhotoKind,
        /// Pixels of the cached picture.
        pub width: u32,
        pub height: u32,
        pub caption: String,
        /// Who is in the picture.
        #[serde(default)]
        pub people: Vec<String>,
        /// Where it was taken, in words of the frame's language: `제주시`, `Paris, France`.
        #[serde(default)]
        pub place: Option<String>,
        /// Local date with the precision of `TakenAt`, for the screen to put in words.
        pub taken_at: crate::time::TakenAt,
        pub hearted: bool,
        /// Arrived since it was last shown.
        pub is_new: bool,
        /// Who sent it, where that is known.
        pub sent_by: Option<String>,
        /// A quiet colour of the photo's own for the mat around it, `#rrggbb`.
        pub mat: String,
        /// Where the eye goes first.
        pub focus: Focus,
        /// What the family says of it, the newest last; a few.
        pub said: Vec<Said>,
        /// Shown at its side. Has no one beside itself.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        pub beside: Option<Box<Slide>>,
    }

    /// From the left and from the top, each 0 to 1.
    #[derive(Copy)]
    pub struct Focus { pub x: f32, pub y: f32 }

    pub struct Said {
        pub comment_id: CommentId,
        /// Empty when it is nobody the frame knows.
        pub author: String,
        pub text: String,
        pub at: Timestamp,
        /// It can be listened to: `/voice/{comment_id}` of the bridge.
        pub voice: bool,
    }

    pub struct ShelfAlbum {
        pub id: AlbumId,
        pub title: String,
        pub cover_photo_id: Option<PhotoId>,
        pub photo_count: u32,
    }

    pub struct OpenAlbum {
        pub id: AlbumId,
        pub title: String,
        pub slides: Vec<Slide>,
        /// A photo on the page that was open last.
        pub last_open: Option<PhotoId>,
    }

    /// Every command of the screen: `POST /api/{command}` on the bridge, `invoke` in the window.
    #[serde(tag = "command", rename_all = "snake_case")]
    pub enum ScreenCommand {
        /// -> `ScreenStatus`
        Status,
        /// -> `Slide` or null: what is on, without moving.
        Current,
        /// -> `Slide` or null.
        Next,
        /// -> `Slide` or null.
        Previous,
        /// -> null. Shows a photo of the shelf next.
        Show { photo_id: PhotoId },
        /// -> null. Stops the timer until `Resume`.
        Pause,
        /// -> null
        Resume,
        /// -> `Slide`. Puts or takes back this frame's heart.
        Heart { photo_id: PhotoId, on: bool },
        /// -> `Vec<ShelfAlbum>`
        Albums,
        /// -> `OpenAlbum`
        OpenAlbum { album_id: AlbumId },
        /// -> null. The screen tells its size once, and when it changes.
        Panel { width: u32, height: u32 },
        /// -> null. The screen shows this photo, decoded and painted.
        Shown { photo_id: PhotoId },
        /// -> null. A page of an album was turned to; it opens there next time.
        TurnedTo { album_id: AlbumId, photo_id: PhotoId },
        /// -> null. Takes a photo out of every slideshow, or puts it back.
        Hide { photo_id: PhotoId, on: bool },
        /// -> null. Asks the children to take a photo away, or takes that back.
        ProposeRemoval { photo_id: PhotoId, on: bool },
        /// -> null. Someone is busy with this photo: it stays for ten seconds more, at least, whatever arrives.
        Stay { photo_id: PhotoId },
        /// -> null. Someone touched the panel: a sleeping frame wakes.
        Touched,
        /// -> null. The screen could not decode this photo; it is fetched anew or left out.
        Failed { photo_id: PhotoId },
    }

    /// Pushed to the screen: `GET /api/events` on the bridge, `screen` events in the window.
    #[serde(tag = "kind", rename_all = "snake_case")]
    pub enum ScreenEvent {
        /// Something in `ScreenStatus` changed.
        Status { status: ScreenStatus },
        /// Show this now: the timer ran out, a child asked, or a photo arrived.
        Slide { slide: Slide, paused: bool },
        /// Photos came in; `count` since the last banner.
        Arrived { count: u32, slide: Slide },
        /// A child's words.
        Message { text: String },
        /// The cached albums changed.
        AlbumsChanged,
    }
}

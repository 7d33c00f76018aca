// Made from crates/api by its test `bindings`: do not edit.

/**
 * Deleting an account asks for the password again.
 */
export type AccountDeletion = { password: string, };

export type Album = { id: AlbumId, family_id: FamilyId, title: string, description: string, 
/**
 * The chosen cover, else the first photo.
 */
cover_photo_id: PhotoId | null, 
/**
 * The cover's `preview`, once rendered.
 */
cover: MediaLink | null, cover_thumbhash: string | null, 
/**
 * Photos in it that are not trashed.
 */
photo_count: number, created_at: Timestamp, updated_at: Timestamp, };

export type AlbumId = string;

export type AlbumPatch = { title?: string | null, description?: string | null, cover_photo_id?: PhotoId | null, };

/**
 * A birthday the frame congratulates on, as a child has noted it.
 */
export type Birthday = { name: string, 
/**
 * 1 to 12.
 */
month: number, 
/**
 * 1 to 31. A birthday on 29 February is kept on 1 March of other years.
 */
day: number, year: number | null, };

/**
 * `GET` and `PUT /v1/families/{family}/birthdays`: all of them at once.
 */
export type Birthdays = { birthdays: Array<Birthday>, };

/**
 * `seq` has no gaps within a family.
 */
export type Change = { seq: number, at: Timestamp, } & ({ "kind": "photo_added", photo_id: PhotoId, } | { "kind": "photo_updated", photo_id: PhotoId, } | { "kind": "photo_trashed", photo_id: PhotoId, } | { "kind": "photo_restored", photo_id: PhotoId, } | { "kind": "photo_removed", photo_id: PhotoId, } | { "kind": "hearts_changed", photo_id: PhotoId, } | { "kind": "comments_changed", photo_id: PhotoId, } | { "kind": "album_changed", album_id: AlbumId, } | { "kind": "album_removed", album_id: AlbumId, } | { "kind": "album_photos_changed", album_id: AlbumId, } | { "kind": "unknown" });

export type ChangeKind = { "kind": "photo_added", photo_id: PhotoId, } | { "kind": "photo_updated", photo_id: PhotoId, } | { "kind": "photo_trashed", photo_id: PhotoId, } | { "kind": "photo_restored", photo_id: PhotoId, } | { "kind": "photo_removed", photo_id: PhotoId, } | { "kind": "hearts_changed", photo_id: PhotoId, } | { "kind": "comments_changed", photo_id: PhotoId, } | { "kind": "album_changed", album_id: AlbumId, } | { "kind": "album_removed", album_id: AlbumId, } | { "kind": "album_photos_changed", album_id: AlbumId, } | { "kind": "unknown" };

export type Changes = { changes: Array<Change>, 
/**
 * The newest number the family has, also when `changes` is empty.
 */
last_seq: number, has_more: boolean, };

export type CheckAction = "upload" | "have" | "trashed";

export type CheckAnswer = { results: Array<CheckResult>, };

export type CheckItem = { 
/**
 * The asker's own name for the file; echoed.
 */
id: string, sha256: Sha256Digest, };

export type CheckRequest = { 
/**
 * 1 to 1000.
 */
digests: Array<CheckItem>, };

export type CheckResult = { id: string, action: CheckAction, photo_id: PhotoId | null, };

/**
 * What kind of program signs in; decides where its refresh token goes.
 */
export type ClientKind = "web" | "app";

export type CommandAck = { 
/**
 * False when the frame could not carry it out, such as a photo it does not have.
 */
done: boolean, };

/**
 * An instruction sent to a frame.
 */
export type CommandId = string;

export type Comment = { id: CommentId, photo_id: PhotoId, author: Uploader, 
/**
 * May be empty where there is a voice.
 */
text: string, created_at: Timestamp, voice: VoiceNote | null, };

export type CommentId = string;

/**
 * Every day. `until` at or before `from` is the next day's.
 */
export type Dimmed = { from: TimeOfDay, until: TimeOfDay, 
/**
 * Percent, 10 to 100.
 */
brightness: number, };

export type ErrorCode = "malformed_request" | "validation_failed" | "not_found" | "method_not_allowed" | "unsupported_media_type" | "payload_too_large" | "rate_limited" | "cursor_invalid" | "unauthenticated" | "token_expired" | "session_revoked" | "frame_revoked" | "credentials_wrong" | "refresh_token_invalid" | "refresh_token_replayed" | "forbidden" | "email_taken" | "password_wrong" | "last_owner" | "invite_invalid" | "invite_expired" | "already_member" | "authorization_pending" | "slow_down" | "expired_token" | "invalid_grant" | "unsupported_grant_type" | "user_code_unknown" | "album_order_mismatch" | "photo_trashed" | "tus_version_unsupported" | "upload_offset_mismatch" | "upload_checksum_mismatch" | "checksum_algorithm_unsupported" | "upload_digest_mismatch" | "upload_too_large" | "upload_expired" | "upload_locked" | "quota_exceeded" | "media_signature_invalid" | "media_link_expired" | "rendition_not_ready" | "range_not_satisfiable" | "link_password_required" | "link_expired" | "storage_unavailable" | "storage_full" | "database_unavailable" | "unavailable" | "internal" | "unknown";

/**
 * One server-sent event of `GET /v1/events`; `event:` carries the kind, `id:` the family's change number.
 */
export type Event = { "kind": "change", family_id: FamilyId, change: Change, } | { "kind": "command", frame_id: FrameId, command: FrameCommand, } | { "kind": "frame_changed", family_id: FamilyId, frame_id: FrameId, } | { "kind": "unknown" };

export type Family = { id: FamilyId, name: string, 
/**
 * The asking member's role.
 */
role: Role, created_at: Timestamp, };

/**
 * A family: the owner of photos and albums.
 */
export type FamilyId = string;

export type FamilyOfMember = { id: FamilyId, name: string, role: Role, };

export type FamilyPatch = { name?: string | null, };

export type FieldError = { 
/**
 * Path such as `email` or `photo_ids[3]`.
 */
field: string, 
/**
 * Stable: `required`, `too_short`, `too_long`, `invalid`, `too_many`, `out_of_range`, `duplicate`, `unknown`.
 */
code: string, };

export type FillStyle = "blur" | "mat";

/**
 * From the left and from the top, each 0 to 1.
 */
export type Focus = { x: number, y: number, };

export type Frame = { id: FrameId, name: string, hardware_name: string, settings: FrameSettings, created_at: Timestamp, last_seen_at: Timestamp | null, heartbeat: Heartbeat | null, 
/**
 * When the picture at `GET .../frames/{frame}/picture` was taken; absent: there is none.
 */
picture_at: Timestamp | null, 
/**
 * Commands not acknowledged yet, oldest first.
 */
pending_commands: Array<FrameCommand>, };

export type FrameAction = { "kind": "show_photo", photo_id: PhotoId, } | { "kind": "show_album", album_id: AlbumId, } | { "kind": "next" } | { "kind": "previous" } | { "kind": "pause" } | { "kind": "resume" } | { "kind": "message", text: string, } | { "kind": "restart" } | { "kind": "sleep" } | { "kind": "wake" } | { "kind": "picture" } | { "kind": "unknown" };

/**
 * Arrives at least once; a frame ignores an id it has carried out, and one past `expires_at`.
 */
export type FrameCommand = { id: CommandId, action: FrameAction, created_at: Timestamp, expires_at: Timestamp, };

/**
 * A paired device in one family.
 */
export type FrameId = string;

export type FramePatch = { name?: string | null, settings?: FrameSettings | null, };

/**
 * `GET /v1/frames/self`.
 */
export type FrameSelf = { frame: Frame, family_id: FamilyId, family_name: string, people: Array<Person>, birthdays: Array<Birthday>, };

/**
 * What children choose for a frame.
 */
export type FrameSettings = { 
/**
 * Seconds a photo stays on the screen; 3 to 3600.
 */
seconds_per_photo: number, 
/**
 * What surrounds a photo that does not fill the panel.
 */
fill: FillStyle, locale: Locale, 
/**
 * Albums to play; empty means all.
 */
albums: Array<AlbumId>, 
/**
 * Two upright photos of one day share a panel that lies.
 */
pairs: boolean, 
/**
 * A photo is moved and enlarged a little while it is on.
 */
motion: boolean, clock: boolean, larger_text: boolean, 
/**
 * A caption is read out when its photo comes on.
 */
read_aloud: boolean, 
/**
 * Percent of the panel's light, 10 to 100.
 */
brightness: number, 
/**
 * Hours of the day with a light of their own; where two overlap, the first decides.
 */
dimmed: Array<Dimmed>, 
/**
 * When the panel is off; at most one night a weekday.
 */
nights: Array<Night>, };

export type FrameState = "starting" | "pairing" | "empty" | "showing";

/**
 * RFC 6749, section 5.1. The refresh token is used at `/v1/auth/refresh` like a member's.
 */
export type FrameToken = { access_token: string, token_type: string, 
/**
 * Seconds.
 */
expires_in: number, refresh_token: string, frame_id: FrameId, family_id: FamilyId, };

export type FrameTokenRequest = { grant_type: string, device_code: string, };

/**
 * What a frame tells of itself once a minute.
 */
export type Heartbeat = { version: string, now_showing: PhotoId | null, paused: boolean, 
/**
 * Files in the inbox not accepted by the server yet.
 */
inbox_waiting: number, inbox_set_aside: number, photos_cached: number, cache_bytes: number, disk_free_bytes: number, 
/**
 * Degrees Celsius, where the board has a sensor.
 */
temperature_celsius: number | null, panel_width: number, panel_height: number, 
/**
 * In plain words; absent when all is well.
 */
last_error: string | null, asleep: boolean, 
/**
 * How the panel is switched; absent where nothing was found and a dark picture has to do.
 */
panel_switch: string | null, 
/**
 * All processes of the frame together.
 */
memory_bytes: number | null, troubles: Array<Trouble>, };

export type InboxStatus = { 
/**
 * Seen, not settled or not copied yet.
 */
waiting: number, 
/**
 * Copied to the spool, being sent.
 */
sending: number, 
/**
 * Accepted by the server since the import began.
 */
sent: number, set_aside: Array<SetAside>, 
/**
 * Why arrivals wait, such as a full disk.
 */
paused_because: PauseReason | null, };

export type Invite = { code: string, url: string, expires_at: Timestamp, };

export type Link = { id: LinkId, album_id: AlbumId, url: string, expires_at: Timestamp | null, has_password: boolean, };

/**
 * A public link to an album.
 */
export type LinkId = string;

export type LinkUnlock = { password: string, };

export type LinkUnlocked = { viewing_token: string, 
/**
 * Seconds.
 */
expires_in: number, };

/**
 * A member's languages.
 */
export type Locale = "ko" | "en";

export type Me = { member: Member, families: Array<FamilyOfMember>, };

/**
 * Absent fields stay as they are.
 */
export type MePatch = { display_name?: string | null, locale?: Locale | null, };

export type MediaLink = { 
/**
 * Relative to the server's root; signed, and stable for hours.
 */
url: string, 
/**
 * Pixels, upright.
 */
width: number, height: number, };

export type Member = { id: MemberId, email: string, display_name: string, locale: Locale, created_at: Timestamp, };

/**
 * A person with an account.
 */
export type MemberId = string;

export type Membership = { member_id: MemberId, display_name: string, email: string, role: Role, joined_at: Timestamp, };

export type MembershipPatch = { role: Role, };

export type NewAlbum = { title: string, description?: string, };

export type NewComment = { text: string, };

export type NewFamily = { name: string, };

export type NewFrameCommand = { action: FrameAction, };

export type NewInvite = { role: Role, };

export type NewLink = { expires_at?: Timestamp | null, password?: string | null, };

export type NewPairing = { 
/**
 * Shown to the child who approves, such as `Raspberry Pi 5`.
 */
hardware_name: string, };

/**
 * Begins on `day`, by the clock of the frame's own time zone. `until` at or before `from` is the next day's.
 */
export type Night = { day: Weekday, from: TimeOfDay, until: TimeOfDay, };

/**
 * Photos of this calendar day in earlier years, newest year first.
 */
export type OnThisDay = { years: Array<OnThisDayYear>, };

export type OnThisDayYear = { year: number, photos: Array<Photo>, };

export type OpenAlbum = { id: AlbumId, title: string, slides: Array<Slide>, 
/**
 * A photo on the page that was open last.
 */
last_open: PhotoId | null, };

/**
 * One page of a list. `next_cursor` is opaque; absent on the last page.
 */
export type Page<T> = { items: Array<T>, next_cursor: string | null, };

/**
 * RFC 8628, section 3.2.
 */
export type Pairing = { device_code: string, 
/**
 * Eight letters with a dash, `BCDF-GHJK`.
 */
user_code: string, verification_uri: string, verification_uri_complete: string, 
/**
 * Seconds.
 */
expires_in: number, 
/**
 * Seconds to wait between polls.
 */
interval: number, };

/**
 * The answer to a frame's refresh: like `FrameToken`.
 */
export type PairingApproval = { user_code: string, name: string, };

export type PairingPrompt = { user_code: string, verification_uri: string, 
/**
 * For the QR code.
 */
verification_uri_complete: string, };

export type PasswordChange = { current_password: string, new_password: string, };

export type PauseReason = "disk_full" | "offline" | "server_full";

/**
 * Someone of the family, by the name the others know.
 */
export type Person = { id: MemberId, display_name: string, };

export type Photo = { id: PhotoId, family_id: FamilyId, sha256: Sha256Digest, bytes: number, kind: PhotoKind, state: PhotoState, source: PhotoSource, 
/**
 * As sniffed from the bytes, such as `image/heic`.
 */
media_type: string, filename: string, taken_at: TakenAt, 
/**
 * Pixels, upright; 0 until rendered.
 */
width: number, height: number, 
/**
 * Seconds; videos only.
 */
duration_seconds: number | null, camera: string | null, place: Place | null, caption: string, 
/**
 * Who is in the picture: names, in the order the children gave them.
 */
people: Array<string>, uploaded_by: Uploader, 
/**
 * Base64, https://evanw.github.io/thumbhash/.
 */
thumbhash: string | null, renditions: { [key in Rendition]?: MediaLink }, albums: Array<AlbumId>, hearts: number, 
/**
 * Whether the asking member or frame gave one of the hearts.
 */
hearted_by_me: boolean, comments: number, created_at: Timestamp, 
/**
 * When the trash is emptied of it; trashed photos only.
 */
purge_at: Timestamp | null, 
/**
 * No frame shows it; the children see it as ever.
 */
hidden: boolean, 
/**
 * A parent asked at a frame to take it away; the children decide.
 */
removal_proposed: boolean, };

export type PhotoId = string;

export type PhotoIds = { photo_ids: Array<PhotoId>, };

export type PhotoKind = "still" | "video" | "unknown";

export type PhotoPatch = { caption?: string | null, taken_at?: TakenAt | null, 
/**
 * All who are in the picture; empty: nobody.
 */
people?: Array<string> | null, };

export type PhotoSource = "camera" | "scanner" | "web" | "frame" | "unknown";

export type PhotoState = "processing" | "ready" | "broken" | "trashed" | "unknown";

export type Place = { 
/**
 * Degrees, WGS 84.
 */
latitude: number, longitude: number, };

/**
 * How much of a photo's date is known. Old prints often have only a year or a decade.
 */
export type Precision = "exact" | "day" | "month" | "year" | "decade" | "unknown";

/**
 * RFC 9457 problem details, `application/problem+json`.
 */
export type Problem = { 
/**
 * `about:blank`: `code` says more.
 */
type: string, 
/**
 * The HTTP reason phrase.
 */
title: string, status: number, code: ErrorCode, 
/**
 * For developers; never personal data.
 */
detail?: string | null, request_id: string, 
/**
 * One entry per faulty field of a 422.
 */
errors?: Array<FieldError>, 
/**
 * RFC 6749 error name, on `POST /v1/frames/token` only.
 */
error?: string | null, };

/**
 * A browser sends no token here: its cookie carries it.
 */
export type Refresh = { refresh_token?: string | null, };

/**
 * A picture made from an original.
 */
export type Rendition = "thumb" | "preview" | "screen-1080" | "screen-2160" | "original";

/**
 * What someone may do in a family.
 */
export type Role = "owner" | "editor" | "viewer" | "frame";

export type Said = { comment_id: CommentId, 
/**
 * Empty when it is nobody the frame knows.
 */
author: string, text: string, at: Timestamp, 
/**
 * It can be listened to: `/voice/{comment_id}` of the bridge.
 */
voice: boolean, };

/**
 * Every command of the screen: `POST /api/{command}` on the bridge, `invoke` in the window.
 */
export type ScreenCommand = { "command": "status" } | { "command": "current" } | { "command": "next" } | { "command": "previous" } | { "command": "show", photo_id: PhotoId, } | { "command": "pause" } | { "command": "resume" } | { "command": "heart", photo_id: PhotoId, on: boolean, } | { "command": "albums" } | { "command": "open_album", album_id: AlbumId, } | { "command": "panel", width: number, height: number, } | { "command": "shown", photo_id: PhotoId, } | { "command": "turned_to", album_id: AlbumId, photo_id: PhotoId, } | { "command": "hide", photo_id: PhotoId, on: boolean, } | { "command": "propose_removal", photo_id: PhotoId, on: boolean, } | { "command": "stay", photo_id: PhotoId, } | { "command": "touched" } | { "command": "failed", photo_id: PhotoId, };

/**
 * Pushed to the screen: `GET /api/events` on the bridge, `screen` events in the window.
 */
export type ScreenEvent = { "kind": "status", status: ScreenStatus, } | { "kind": "slide", slide: Slide, paused: boolean, } | { "kind": "arrived", count: number, slide: Slide, } | { "kind": "message", text: string, } | { "kind": "albums_changed" };

export type ScreenSettings = { seconds_per_photo: number, fill: FillStyle, locale: Locale, motion: boolean, clock: boolean, larger_text: boolean, };

/**
 * `status`.
 */
export type ScreenStatus = { state: FrameState, 
/**
 * While `state` is `pairing`.
 */
pairing: PairingPrompt | null, now_showing: PhotoId | null, inbox: InboxStatus, sync: SyncStatus, settings: ScreenSettings, 
/**
 * Nothing is turned by itself.
 */
paused: boolean, 
/**
 * The panel is off, or should be: the screen is dark until someone touches it.
 */
asleep: boolean, 
/**
 * Percent of light the picture itself has at this hour, 10 to 100: 100 where the panel's own light is changed.
 */
brightness: number, 
/**
 * Until then nothing is said of dates that depend on today, and no clock is shown.
 */
clock_is_set: boolean, 
/**
 * Whose birthday is today.
 */
birthdays: Array<string>, 
/**
 * What is wrong now, the gravest first.
 */
troubles: Array<Trouble>, version: string, };

export type Session = { id: SessionId, client: ClientKind, 
/**
 * The browser or program, as it named itself when signing in.
 */
user_agent: string, created_at: Timestamp, last_used_at: Timestamp, 
/**
 * Whether this request belongs to it.
 */
current: boolean, };

/**
 * One sign-in of a member on one device.
 */
export type SessionId = string;

/**
 * A file the server or the frame will not take.
 */
export type SetAside = { filename: string, 
/**
 * A code from `ErrorCode`, or the frame's own `not_a_picture`, `unreadable`.
 */
reason: string, };

/**
 * A SHA-256 digest; 64 lower-case hexadecimal digits on the wire.
 */
export type Sha256Digest = string;

/**
 * What a guest sees of an album.
 */
export type SharedAlbum = { title: string, description: string, photo_count: number, expires_at: Timestamp | null, };

/**
 * What a guest sees of a photo: nothing about people and places.
 */
export type SharedPhoto = { id: PhotoId, kind: PhotoKind, taken_at: TakenAt, width: number, height: number, duration_seconds: number | null, caption: string, thumbhash: string | null, renditions: { [key in Rendition]?: MediaLink }, };

export type ShelfAlbum = { id: AlbumId, title: string, cover_photo_id: PhotoId | null, photo_count: number, };

/**
 * The answer to sign-up, sign-in and refresh.
 */
export type SignedIn = { member: Member, 
/**
 * EdDSA JWT.
 */
access_token: string, 
/**
 * Seconds until the access token expires.
 */
expires_in: number, refresh_token?: string | null, };

export type Signin = { email: string, password: string, client: ClientKind, };

export type Signup = { email: string, password: string, display_name: string, family_name: string, locale: Locale, client: ClientKind, };

/**
 * A slide. `src` is asked from the engine by id: `photo://localhost/{id}` in the window,
 * `/photo/{id}` on the bridge.
 */
export type Slide = { photo_id: PhotoId, kind: PhotoKind, 
/**
 * Pixels of the cached picture.
 */
width: number, height: number, caption: string, 
/**
 * Who is in the picture.
 */
people: Array<string>, 
/**
 * Where it was taken, in words of the frame's language: `제주시`, `Paris, France`.
 */
place: string | null, 
/**
 * Local date with the precision of `TakenAt`, for the screen to put in words.
 */
taken_at: TakenAt, hearted: boolean, 
/**
 * Arrived since it was last shown.
 */
is_new: boolean, 
/**
 * Who sent it, where that is known.
 */
sent_by: string | null, 
/**
 * A quiet colour of the photo's own for the mat around it, `#rrggbb`.
 */
mat: string, 
/**
 * Where the eye goes first.
 */
focus: Focus, 
/**
 * What the family says of it, the newest last; a few.
 */
said: Array<Said>, 
/**
 * Shown at its side. Has no one beside itself.
 */
beside: Slide | null, };

export type SyncStatus = { online: boolean, 
/**
 * Photos the family has for this frame / photos in the cache.
 */
photos_wanted: number, photos_cached: number, downloads_paused_because: PauseReason | null, };

/**
 * When a photo was taken, in the local time of the place.
 */
export type TakenAt = { 
/**
 * Local date and time without a zone, `2024-05-01T10:00:00`. Parts finer than `precision` are the
 * earliest possible ones. For `unknown`, the time of arrival.
 */
local: string, precision: Precision, 
/**
 * Offset from UTC such as `+09:00`, where the camera told it.
 */
offset: string | null, };

/**
 * A time of day on a wall clock, `22:30` on the wire.
 */
export type TimeOfDay = string;

export type Timeline = { 
/**
 * Newest first.
 */
months: Array<TimelineMonth>, };

export type TimelineMonth = { 
/**
 * `2024-05`.
 */
month: string, photos: number, };

/**
 * A point in time, RFC 3339 in UTC on the wire, with a resolution of one millisecond.
 */
export type Timestamp = string;

/**
 * Something a parent is told of in a calm sentence and a child can look up by its number.
 */
export type Trouble = "disk_full" | "server_full" | "offline" | "clock_unset" | "unknown";

/**
 * An upload under way.
 */
export type UploadId = string;

export type Uploader = { "kind": "member", id: MemberId, } | { "kind": "frame", id: FrameId, };

export type Usage = { usage_bytes: number, quota_bytes: number, photos: number, };

/**
 * Words that were spoken.
 */
export type VoiceNote = { 
/**
 * Relative to the server's root: `/v1/comments/{comment}/voice`.
 */
url: string, 
/**
 * As sniffed from the bytes: `audio/webm`, `audio/ogg`, `audio/mp4`.
 */
media_type: string, bytes: number, };

export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

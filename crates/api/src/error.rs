//! Every error a client can cause, in one list.
//!
//! The code is stable and what programs match on; the user interface turns it into a sentence. A code is never
//! reused for another meaning.

use std::fmt;

/// RFC 9457 problem details, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Problem {
    /// `about:blank`: `code` says more.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP reason phrase.
    pub title: String,
    pub status: u16,
    pub code: ErrorCode,
    /// For developers; never personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub request_id: String,
    /// One entry per faulty field of a 422.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// RFC 6749 error name, on `POST /v1/frames/token` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

wire! {
    pub struct FieldError {
        /// Path such as `email` or `photo_ids[3]`.
        pub field: String,
        /// Stable: `required`, `too_short`, `too_long`, `invalid`, `too_many`, `out_of_range`, `duplicate`, `unknown`.
        pub code: String,
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $text:literal $status:literal)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
            /// A code this build does not know; sent by a newer server.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// Every code a server sends.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown => "unknown",
                }
            }

            /// The HTTP status it is sent with.
            pub fn status(self) -> u16 {
                match self {
                    $(Self::$variant => $status,)*
                    Self::Unknown => 500,
                }
            }
        }
    };
}

codes! {
    /// The request is not well-formed: not JSON, a header or an id that cannot be read.
    MalformedRequest "malformed_request" 400
    /// Some fields are faulty; `errors` names each.
    ValidationFailed "validation_failed" 422
    NotFound "not_found" 404
    MethodNotAllowed "method_not_allowed" 405
    UnsupportedMediaType "unsupported_media_type" 415
    /// The body is larger than this route takes.
    PayloadTooLarge "payload_too_large" 413
    RateLimited "rate_limited" 429
    /// The cursor is not one this server gave for this list.
    CursorInvalid "cursor_invalid" 400

    /// No access token, or one that is not ours.
    Unauthenticated "unauthenticated" 401
    TokenExpired "token_expired" 401
    /// The session was signed out, revoked, or its member deleted.
    SessionRevoked "session_revoked" 401
    /// The frame was removed from its family: it forgets everything.
    FrameRevoked "frame_revoked" 401
    /// E-mail or password is wrong; which of them is not said.
    CredentialsWrong "credentials_wrong" 401
    RefreshTokenInvalid "refresh_token_invalid" 401
    /// A used refresh token came again: the session is revoked.
    RefreshTokenReplayed "refresh_token_replayed" 401
    /// Signed in, but the role does not allow it.
    Forbidden "forbidden" 403
    EmailTaken "email_taken" 409
    /// The current password is wrong.
    PasswordWrong "password_wrong" 403
    /// A family keeps at least one owner.
    LastOwner "last_owner" 409
    InviteInvalid "invite_invalid" 404
    InviteExpired "invite_expired" 410
    AlreadyMember "already_member" 409

    /// RFC 8628: keep polling.
    PairingPending "authorization_pending" 400
    /// RFC 8628: poll five seconds slower.
    PairingTooFast "slow_down" 400
    /// RFC 8628: ask for a new code.
    PairingExpired "expired_token" 400
    /// RFC 8628: the code is unknown or was used.
    PairingInvalid "invalid_grant" 400
    GrantTypeUnsupported "unsupported_grant_type" 400
    /// No frame waits with this code.
    UserCodeUnknown "user_code_unknown" 404

    /// The order names other photos than the album has.
    AlbumOrderMismatch "album_order_mismatch" 409
    /// The photo is in the trash: restore it first.
    PhotoTrashed "photo_trashed" 409

    TusVersionUnsupported "tus_version_unsupported" 412
    UploadOffsetMismatch "upload_offset_mismatch" 409
    UploadChecksumMismatch "upload_checksum_mismatch" 460
    ChecksumAlgorithmUnsupported "checksum_algorithm_unsupported" 400
    /// The whole file's digest is not the one named at creation; the upload is discarded.
    UploadDigestMismatch "upload_digest_mismatch" 460
    UploadTooLarge "upload_too_large" 413
    UploadExpired "upload_expired" 410
    /// Another request is writing to this upload.
    UploadLocked "upload_locked" 423
    QuotaExceeded "quota_exceeded" 413

    /// The signature of a media address is wrong.
    MediaSignatureInvalid "media_signature_invalid" 403
    MediaLinkExpired "media_link_expired" 403
    /// Not rendered yet; try again after Retry-After.
    RenditionNotReady "rendition_not_ready" 404
    RangeNotSatisfiable "range_not_satisfiable" 416
    LinkPasswordRequired "link_password_required" 401
    LinkExpired "link_expired" 410

    /// No store could take the bytes; try again after Retry-After.
    StorageUnavailable "storage_unavailable" 503
    /// The server's disk is full.
    StorageFull "storage_full" 507
    DatabaseUnavailable "database_unavailable" 503
    /// Being stopped or started anew.
    Unavailable "unavailable" 503
    Internal "internal" 500
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_spelt_once_and_the_same_in_json() {
        let names: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }

    #[test]
    fn a_newer_servers_code_is_read_as_unknown() {
        let code: ErrorCode = serde_json::from_str(r#""invented_tomorrow""#).unwrap();
        assert_eq!(code, ErrorCode::Unknown);
    }
}

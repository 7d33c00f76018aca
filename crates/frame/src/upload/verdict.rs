//! Decides what becomes of a file that was not taken.
//!
//! Pure. Set aside is final until a person acts, except for want of room, which is asked for again.

use picup_api::{ErrorCode, screen::PauseReason};
use picup_client::{ClientError, ErrorKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Later(PauseReason),
    /// With a reason a person can read: an error code.
    SetAside(&'static str),
    /// The bytes that arrived are not those that were sent.
    CheckCopy,
    SignedOut,
}

pub(super) fn verdict_on(error: &ClientError) -> Verdict {
    judge(error.kind(), error.code(), error.status())
}

fn judge(kind: ErrorKind, code: Option<ErrorCode>, status: Option<u16>) -> Verdict {
    match (kind, code) {
        (ErrorKind::SignedOut, _) => Verdict::SignedOut,
        (ErrorKind::Disk | ErrorKind::Corrupt, _) => Verdict::CheckCopy,
        (ErrorKind::Unavailable, Some(ErrorCode::StorageFull)) => Verdict::Later(PauseReason::ServerFull),
        (ErrorKind::Refused, Some(code)) => Verdict::SetAside(code.as_str()),
        // A proxy in between, which knows no codes.
        (ErrorKind::Refused, None) if status == Some(413) => {
            Verdict::SetAside(ErrorCode::PayloadTooLarge.as_str())
        }
        _ => Verdict::Later(PauseReason::Offline),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_servers_own_final_word_sets_a_file_aside() {
        use ErrorKind::*;
        let later = Verdict::Later(PauseReason::Offline);
        let cases = [
            (Offline, None, None, later),
            (CaptivePortal, None, Some(200), later),
            (Unavailable, Some(ErrorCode::StorageUnavailable), Some(503), later),
            (Unavailable, Some(ErrorCode::StorageFull), Some(507), Verdict::Later(PauseReason::ServerFull)),
            (Refused, Some(ErrorCode::UploadTooLarge), Some(413), Verdict::SetAside("upload_too_large")),
            (Refused, Some(ErrorCode::QuotaExceeded), Some(413), Verdict::SetAside("quota_exceeded")),
            (Refused, None, Some(413), Verdict::SetAside("payload_too_large")),
            (Refused, None, Some(404), later),
            (Unreadable, None, Some(200), later),
            (SignedOut, Some(ErrorCode::FrameRevoked), Some(401), Verdict::SignedOut),
        ];
        for (kind, code, status, expected) in cases {
            assert_eq!(judge(kind, code, status), expected, "{kind:?} {code:?}");
        }
    }
}

//! Every error code, caused for real over HTTP.
//!
//! The match in `cause` is exhaustive: a new code does not compile until somebody says how it happens.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod library;
mod outages;
mod requests;
mod stage;
mod uploads;

use picup_api::{ErrorCode, Problem};
use reqwest::Response;

use stage::Stage;

async fn cause(code: ErrorCode, stage: &Stage) -> Response {
    match code {
        ErrorCode::MalformedRequest => requests::malformed(stage).await,
        ErrorCode::ValidationFailed => requests::faulty_fields(stage).await,
        ErrorCode::NotFound => requests::unknown_photo(stage).await,
        ErrorCode::MethodNotAllowed => requests::another_method(stage).await,
        ErrorCode::UnsupportedMediaType => requests::another_media_type(stage).await,
        ErrorCode::PayloadTooLarge => requests::endless_json(stage).await,
        ErrorCode::RateLimited => requests::too_many_attempts().await,
        ErrorCode::CursorInvalid => requests::invented_cursor(stage).await,

        ErrorCode::Unauthenticated => requests::no_token(stage).await,
        ErrorCode::TokenExpired => requests::expired_token(stage).await,
        ErrorCode::SessionRevoked => accounts::signed_out(stage).await,
        ErrorCode::FrameRevoked => accounts::removed_frame(stage).await,
        ErrorCode::CredentialsWrong => accounts::wrong_password_at_the_door(stage).await,
        ErrorCode::RefreshTokenInvalid => accounts::invented_refresh_token(stage).await,
        ErrorCode::RefreshTokenReplayed => accounts::replayed_refresh_token(stage).await,
        ErrorCode::Forbidden => accounts::viewer_makes_an_album(stage).await,
        ErrorCode::EmailTaken => accounts::same_email(stage).await,
        ErrorCode::PasswordWrong => accounts::wrong_current_password(stage).await,
        ErrorCode::LastOwner => accounts::last_owner_leaves(stage).await,
        ErrorCode::InviteInvalid => accounts::invented_invite(stage).await,
        ErrorCode::InviteExpired => accounts::old_invite(stage).await,
        ErrorCode::AlreadyMember => accounts::invited_twice(stage).await,

        ErrorCode::PairingPending => accounts::impatient_frame(stage).await,
        ErrorCode::PairingTooFast => accounts::hasty_frame(stage).await,
        ErrorCode::PairingExpired => accounts::old_pairing(stage).await,
        ErrorCode::PairingInvalid => accounts::invented_device_code(stage).await,
        ErrorCode::GrantTypeUnsupported => accounts::another_grant(stage).await,
        ErrorCode::UserCodeUnknown => accounts::invented_user_code(stage).await,

        ErrorCode::AlbumOrderMismatch => library::order_of_other_photos(stage).await,
        ErrorCode::PhotoTrashed => library::caption_in_the_trash(stage).await,

        ErrorCode::TusVersionUnsupported => uploads::another_version(stage).await,
        ErrorCode::UploadOffsetMismatch => uploads::wrong_offset(stage).await,
        ErrorCode::UploadChecksumMismatch => uploads::wrong_checksum(stage).await,
        ErrorCode::ChecksumAlgorithmUnsupported => uploads::weak_checksum(stage).await,
        ErrorCode::UploadDigestMismatch => uploads::wrong_digest(stage).await,
        ErrorCode::UploadTooLarge => uploads::too_large(stage).await,
        ErrorCode::UploadExpired => uploads::expired(stage).await,
        ErrorCode::UploadLocked => uploads::two_at_once(stage).await,
        ErrorCode::QuotaExceeded => uploads::over_quota().await,

        ErrorCode::MediaSignatureInvalid => library::altered_link(stage).await,
        ErrorCode::MediaLinkExpired => library::old_link(stage).await,
        ErrorCode::RenditionNotReady => library::too_early(stage).await,
        ErrorCode::RangeNotSatisfiable => library::range_behind_the_end(stage).await,
        ErrorCode::LinkPasswordRequired => library::locked_link(stage).await,
        ErrorCode::LinkExpired => library::expired_shared_link(stage).await,

        ErrorCode::StorageUnavailable => outages::store_not_mounted().await,
        ErrorCode::StorageFull => outages::full_disk().await,
        ErrorCode::DatabaseUnavailable => outages::locked_database().await,
        ErrorCode::Unavailable => outages::flood_of_sign_ins(stage).await,
        ErrorCode::Internal => outages::lost_table(stage).await,

        ErrorCode::Unknown => unreachable!("what a client makes of a newer server's code; never sent"),
    }
}

#[tokio::test]
async fn every_code_a_client_can_meet_is_sent_with_its_status_and_as_a_problem() {
    let stage = Stage::set_up().await;
    let mut wrong = Vec::new();
    for &code in ErrorCode::ALL {
        let response = cause(code, &stage).await;
        if let Err(reason) = check(code, response).await {
            wrong.push(format!("{code}: {reason}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn check(code: ErrorCode, response: Response) -> Result<(), String> {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.text().await.map_err(|error| error.to_string())?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let problem: Problem =
        serde_json::from_str(&body).map_err(|error| format!("{status} {error}: {body}"))?;
    let told = |what: &str, holds: bool| if holds { Ok(()) } else { Err(format!("{what}: {status} {body}")) };
    told("code", problem.code == code)?;
    told("status", status == code.status() && problem.status == status)?;
    told("media type", header("content-type").as_deref() == Some("application/problem+json"))?;
    told("request id", !problem.request_id.is_empty() && header("x-request-id") == Some(problem.request_id))?;
    told("type and title", problem.kind == "about:blank" && !problem.title.is_empty())?;
    told("fields", problem.errors.is_empty() != (code == ErrorCode::ValidationFailed))?;
    told("not cached", header("cache-control").as_deref() == Some("no-store"))?;
    let waits = matches!(status, 429 | 503) || code == ErrorCode::RenditionNotReady;
    told("retry-after", !waits || header("retry-after").is_some_and(|wait| wait.parse::<u64>().is_ok()))?;
    told("no secret or path in it", !body.contains("/tmp/") && !body.contains("sqlx"))
}

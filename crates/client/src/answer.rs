//! Reads answers: bounded, and suspicious of whoever sent them.
//!
//! A captive portal answers 200 with a page, or redirects to one. Nothing it says is ever taken for Picup's.

use std::time::Duration;

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use picup_api::Problem;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::{ClientError, ErrorKind, Result};

/// The largest JSON answer; a page of 200 photos is under one megabyte.
const MAX_JSON_BYTES: usize = 16 << 20;
const MAX_PROBLEM_BYTES: usize = 64 << 10;

/// Passes a success on, and turns everything else into an error.
pub(crate) async fn accept(response: Response) -> Result<Response> {
    let status = response.status();
    if status.is_redirection() || status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED {
        return Err(portal(status));
    }
    if status.is_success() {
        return if is_page(&response) { Err(portal(status)) } else { Ok(response) };
    }
    // A reverse proxy in front of Picup tells of its own trouble in HTML.
    if is_page(&response) && status.is_client_error() {
        return Err(portal(status));
    }
    let retry_after = retry_after(&response);
    let problem = match media_type(&response) == "application/problem+json" {
        true => read(response, MAX_PROBLEM_BYTES).await.ok().and_then(|body| read_problem(&body)),
        false => None,
    };
    Err(ClientError::answered(status.as_u16(), problem, retry_after))
}

pub(crate) async fn json<T: DeserializeOwned>(response: Response) -> Result<T> {
    let status = response.status();
    if media_type(&response) != "application/json" {
        return Err(
            ClientError::new(ErrorKind::Unreadable, "the answer is not JSON").with_status(status.as_u16())
        );
    }
    let body = read(response, MAX_JSON_BYTES).await?;
    serde_json::from_slice(&body).map_err(ClientError::unreadable)
}

/// The whole body, if it is no longer than `max_bytes`.
pub(crate) async fn read(mut response: Response, max_bytes: usize) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(ClientError::network)? {
        if body.len() + chunk.len() > max_bytes {
            return Err(ClientError::new(ErrorKind::Unreadable, "the answer is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The media type without parameters, in lower case.
pub(crate) fn media_type(response: &Response) -> String {
    let value =
        response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(crate) fn portal(status: StatusCode) -> ClientError {
    ClientError::new(ErrorKind::CaptivePortal, "something that is not Picup answered")
        .with_status(status.as_u16())
}

fn is_page(response: &Response) -> bool {
    matches!(media_type(response).as_str(), "text/html" | "application/xhtml+xml")
}

/// Seconds only: Picup sends no dates, and a frame's clock may say 1970.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn read_problem(body: &[u8]) -> Option<Problem> {
    serde_json::from_slice(body).ok()
}

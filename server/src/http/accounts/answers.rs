//! What several handlers of the accounts share: where an attempt comes from, and whole lists as pages.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use picup_api::Page;

use crate::{App, Error, http::extract::ClientAddress, ops::accounts::sessions::Origin};

impl FromRequestParts<Arc<App>> for Origin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
        Ok(Self { address, user_agent: user_agent(&parts.headers) })
    }
}

pub(super) fn user_agent(headers: &HeaderMap) -> String {
    let value = headers.get(header::USER_AGENT);
    value.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Sessions, members and frames are few by construction: one page has them all.
pub(super) fn whole<T>(items: Vec<T>) -> Page<T> {
    Page { items, next_cursor: None }
}

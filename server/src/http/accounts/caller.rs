//! The caller of a request, from its bearer token.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{App, Error, domain::access::Caller, ops::accounts::authentication};

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let token = picup_auth::bearer_token(&parts.headers).map_err(authentication::refusal)?;
        authentication::authenticate(app, token).await
    }
}

//! The verified bearer token as an axum extractor.
//!
//! Checks signature and time; whether the session was revoked is a question for your store.

use axum::{
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde::de::DeserializeOwned;

use crate::{AccessTokens, Claims, TokenError, TokenErrorKind, UnixMillis};

/// The claims of the request's access token. The router's state must give [`AccessTokens`] by `FromRef`.
#[derive(Clone, Debug)]
pub struct Verified<C>(pub Claims<C>);

/// 401 with the challenge of RFC 6750, section 3.
#[derive(Debug)]
pub struct BearerRejection(TokenError);

impl BearerRejection {
    /// Why.
    pub fn kind(&self) -> TokenErrorKind {
        self.0.kind()
    }
}

impl<S, C> FromRequestParts<S> for Verified<C>
where
    S: Send + Sync,
    AccessTokens: FromRef<S>,
    C: DeserializeOwned,
{
    type Rejection = BearerRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, BearerRejection> {
        let token = bearer_token(&parts.headers).map_err(BearerRejection)?;
        AccessTokens::from_ref(state).verify(token, UnixMillis::now()).map(Verified).map_err(BearerRejection)
    }
}

/// The token of the `Authorization: Bearer` header.
///
/// # Errors
/// [`TokenErrorKind::Missing`] without one, [`TokenErrorKind::Malformed`] with several or another scheme.
pub fn bearer_token(headers: &HeaderMap) -> Result<&str, TokenError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Err(TokenErrorKind::Missing.into()) };
    if values.next().is_some() {
        return Err(TokenErrorKind::Malformed.into());
    }
    let (scheme, token) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(TokenErrorKind::Malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(TokenErrorKind::Malformed.into());
    }
    Ok(token.trim())
}

impl IntoResponse for BearerRejection {
    fn into_response(self) -> Response {
        let challenge = match self.0.kind() {
            TokenErrorKind::Missing => "Bearer",
            _ => r#"Bearer error="invalid_token""#,
        };
        let headers = [(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))];
        (StatusCode::UNAUTHORIZED, headers).into_response()
    }
}

//! What handlers take from a request, with our errors instead of the framework's.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Json,
    extract::{ConnectInfo, FromRequest, FromRequestParts, Request, rejection::JsonRejection},
    http::request::Parts,
};
use picup_api::ErrorCode;
use serde::de::DeserializeOwned;

use crate::{Error, domain::client_address};

/// Names a request in the answer, the log and the trace.
#[derive(Clone, Default)]
pub struct RequestId(pub String);

/// A JSON body of at most one megabyte.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let read = tokio::time::timeout(super::BODY_TIMEOUT, Json::from_request(request, state)).await;
        match read
            .map_err(|_| Error::new(ErrorCode::MalformedRequest).with_detail("the body came too slowly"))?
        {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &JsonRejection) -> Error {
    match rejection {
        JsonRejection::MissingJsonContentType(_) => Error::new(ErrorCode::UnsupportedMediaType),
        JsonRejection::BytesRejection(_) => Error::new(ErrorCode::PayloadTooLarge),
        _ => Error::new(ErrorCode::MalformedRequest).with_detail(rejection.body_text()),
    }
}

/// Query parameters.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Error::new(ErrorCode::MalformedRequest).with_detail(rejection.body_text())),
        }
    }
}

/// Path parameters. One that cannot be read names nothing that exists.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(_) => Err(ErrorCode::NotFound.into()),
        }
    }
}

/// Where a request comes from, seen through the configured number of proxies.
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<std::sync::Arc<crate::App>> for ClientAddress {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &std::sync::Arc<crate::App>) -> Result<Self, Error> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer =
            peer.ok_or_else(|| Error::internal(anyhow::anyhow!("the listener gave no peer address")))?;
        let forwarded: Vec<_> =
            parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
        Ok(Self(client_address::seen_through(peer, &forwarded.join(","), app.config.http.trusted_proxies)))
    }
}

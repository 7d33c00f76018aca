//! `/v1/uploads`: tus 1.0, with creation, creation-with-upload, expiration, checksum and termination.
//!
//! <https://tus.io/protocols/resumable-upload>. Every answer carries `Tus-Resumable`, failed ones too.

use std::sync::Arc;

use axum::{
    body::{Body, BodyDataStream},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::post,
};
use picup_api::{
    ErrorCode, UploadId,
    upload::{DUPLICATE_HEADER, PHOTO_ID_HEADER, TUS_EXTENSIONS, TUS_VERSION},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Error, Result,
    domain::{
        access::Caller,
        tus::{CHECKSUM_ALGORITHMS, parse_checksum},
    },
    http::extract::Path,
    ops::library::uploads::{self, Piece, UploadState},
};

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const VERSION: HeaderName = HeaderName::from_static("tus-version");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const METHOD_OVERRIDE: &str = "x-http-method-override";
const PIECE_TYPE: &str = "application/offset+octet-stream";

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(options, create))
        .routes(routes!(read, append, terminate))
        .route("/v1/uploads/{upload}", post(overridden).options(options))
        .layer(middleware::from_fn(speak_tus))
}

/// Refuses other versions of the protocol, and marks every answer.
async fn speak_tus(request: Request, next: Next) -> Response {
    let known = request.headers().get(RESUMABLE).is_some_and(|version| version == TUS_VERSION);
    let mut response = if known || request.method() == Method::OPTIONS {
        next.run(request).await
    } else {
        let mut refused = Error::new(ErrorCode::TusVersionUnsupported).into_response();
        refused.headers_mut().insert(VERSION, HeaderValue::from_static(TUS_VERSION));
        refused
    };
    response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(TUS_VERSION));
    response
}

/// What the server can do.
#[utoipa::path(options, path = "/v1/uploads", tag = "uploads", security(()), responses((status = NO_CONTENT)))]
async fn options(State(app): State<Arc<App>>) -> impl IntoResponse {
    let headers = [
        (VERSION, HeaderValue::from_static(TUS_VERSION)),
        (HeaderName::from_static("tus-extension"), HeaderValue::from_static(TUS_EXTENSIONS)),
        (HeaderName::from_static("tus-max-size"), HeaderValue::from(app.config.limits.max_upload_bytes)),
        (HeaderName::from_static("tus-checksum-algorithm"), HeaderValue::from_static(CHECKSUM_ALGORITHMS)),
    ];
    (StatusCode::NO_CONTENT, headers)
}

/// Begins an upload; the body may carry its first piece.
#[utoipa::path(post, path = "/v1/uploads", tag = "uploads", params(
    ("Tus-Resumable" = String, Header), ("Upload-Length" = u64, Header), ("Upload-Metadata" = String, Header)),
    responses((status = CREATED, headers(("Location" = String), ("Upload-Offset" = u64)))))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let length = number(&headers, &LENGTH)?;
    let metadata = text(&headers, &METADATA)?.unwrap_or_default();
    let first_piece = is_piece(&headers);
    let piece = (first_piece || length == 0).then(|| piece(&headers, 0, body)).transpose()?;
    let state = uploads::create(&app, &caller, length, metadata).await?;
    let Some(piece) = piece else { return created(&state) };
    match uploads::append(&app, &caller, state.upload, piece).await {
        Ok(state) => created(&state),
        Err(error) => created_but(&app, &caller, state.upload, error).await,
    }
}

fn created(state: &UploadState) -> Result<Response> {
    let answer = (StatusCode::CREATED, describe(state)?).into_response();
    located(answer, state.upload)
}

/// The first piece failed. An upload that is still there is named, or its client would begin another one.
async fn created_but(app: &App, caller: &Caller, upload: UploadId, error: Error) -> Result<Response> {
    match uploads::read(app, caller, upload).await {
        // With its headers read, all that can be malformed of a piece is its end: it was cut off.
        Ok(state) if error.code() == ErrorCode::MalformedRequest => created(&state),
        Ok(_) => located(error.into_response(), upload),
        Err(_) => Err(error),
    }
}

fn located(mut answer: Response, upload: UploadId) -> Result<Response> {
    answer.headers_mut().insert(header::LOCATION, value(&format!("/v1/uploads/{upload}"))?);
    Ok(answer)
}

/// How far an upload is. Takes it from a request that hangs.
#[utoipa::path(head, path = "/v1/uploads/{upload}", tag = "uploads",
    params(("upload" = UploadId, Path), ("Tus-Resumable" = String, Header)),
    responses((status = OK, headers(("Upload-Offset" = u64), ("Upload-Length" = u64)))))]
async fn read(State(app): State<Arc<App>>, caller: Caller, Path(upload): Path<UploadId>) -> Result<Response> {
    let state = uploads::read(&app, &caller, upload).await?;
    let mut headers = describe(&state)?;
    headers.insert(LENGTH, HeaderValue::from(state.length));
    if !state.metadata.is_empty() {
        headers.insert(METADATA, value(&state.metadata)?);
    }
    Ok((StatusCode::OK, headers).into_response())
}

/// Appends a piece. The answer to the last one names the photo.
#[utoipa::path(patch, path = "/v1/uploads/{upload}", tag = "uploads", params(("upload" = UploadId, Path),
    ("Tus-Resumable" = String, Header), ("Upload-Offset" = u64, Header), ("Upload-Checksum" = Option<String>, Header)),
    request_body(content_type = "application/offset+octet-stream"),
    responses((status = NO_CONTENT, headers(("Upload-Offset" = u64), ("Picup-Photo-Id" = String), ("Picup-Duplicate" = bool)))))]
async fn append(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(upload): Path<UploadId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    if !is_piece(&headers) {
        return Err(ErrorCode::UnsupportedMediaType.into());
    }
    let piece = piece(&headers, number(&headers, &OFFSET)?, body)?;
    let state = uploads::append(&app, &caller, upload, piece).await?;
    Ok((StatusCode::NO_CONTENT, describe(&state)?).into_response())
}

/// Gives an upload up.
#[utoipa::path(delete, path = "/v1/uploads/{upload}", tag = "uploads",
    params(("upload" = UploadId, Path), ("Tus-Resumable" = String, Header)), responses((status = NO_CONTENT)))]
async fn terminate(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(upload): Path<UploadId>,
) -> Result<StatusCode> {
    uploads::terminate(&app, &caller, upload).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// For clients whose network lets only GET and POST pass.
async fn overridden(
    app: State<Arc<App>>,
    caller: Caller,
    upload: Path<UploadId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    match headers.get(METHOD_OVERRIDE).map(HeaderValue::as_bytes) {
        Some(b"PATCH") => append(app, caller, upload, headers, body).await,
        Some(b"HEAD") => read(app, caller, upload).await,
        Some(b"DELETE") => Ok(terminate(app, caller, upload).await?.into_response()),
        _ => Err(ErrorCode::MethodNotAllowed.into()),
    }
}

fn describe(state: &UploadState) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(OFFSET, HeaderValue::from(state.offset));
    headers.insert(EXPIRES, value(&http_date(state.expires_at)?)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(done) = state.finished {
        headers.insert(HeaderName::from_static(PHOTO_ID_HEADER), value(&done.photo.to_string())?);
        let duplicate = if done.duplicate { "true" } else { "false" };
        headers.insert(HeaderName::from_static(DUPLICATE_HEADER), HeaderValue::from_static(duplicate));
    }
    Ok(headers)
}

/// `Tue, 15 Nov 1994 08:12:31 GMT`.
fn http_date(millis: i64) -> Result<String> {
    let time = jiff::Timestamp::from_millisecond(millis).map_err(Error::internal)?;
    Ok(time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

fn value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(Error::internal)
}

fn is_piece(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == PIECE_TYPE)
}

fn piece(headers: &HeaderMap, offset: u64, body: Body) -> Result<Piece<BodyDataStream>> {
    let length = text(headers, &header::CONTENT_LENGTH)?.and_then(|length| length.parse().ok());
    let checksum = text(headers, &CHECKSUM)?.map(parse_checksum).transpose()?;
    Ok(Piece { offset, length, checksum, body: body.into_data_stream() })
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64> {
    let number = text(headers, name)?.and_then(|text| text.parse().ok());
    number.ok_or_else(|| malformed(name))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>> {
    headers.get(name).map(|value| value.to_str().map_err(|_| malformed(name))).transpose()
}

fn malformed(name: &HeaderName) -> Error {
    Error::new(ErrorCode::MalformedRequest).with_detail(name.as_str())
}

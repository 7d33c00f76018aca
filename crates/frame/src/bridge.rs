//! The engine's face for a plain browser: the same commands as the window, over HTTP on loopback.
//!
//! Invariant: no page of anybody else can reach it: it binds to loopback, answers to its own name only, and
//! refuses every other origin.

mod guard;
pub(crate) mod health;
mod media;
mod page;

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response, Sse, sse},
    routing::{get, post},
    serve::ListenerExt,
};
use futures::{Stream, StreamExt, stream};
use picup_api::screen::{ScreenCommand, ScreenEvent, Slide};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};
use tokio_util::sync::CancellationToken;

use crate::{Engine, EngineErrorKind};

/// A command is a name and a few numbers.
const BODY: usize = 16 << 10;

#[derive(Clone)]
pub(crate) struct Bridge {
    engine: Engine,
    stop: CancellationToken,
}

pub(crate) async fn serve(listener: TcpListener, engine: Engine, stop: CancellationToken) {
    let names = Arc::new(guard::Names::of(engine.bridge()));
    let bridge = Bridge { engine, stop: stop.clone() };
    let own_pages_only = middleware::from_fn_with_state(names.clone(), guard::refuse_other_origins);
    let routes = Router::new()
        .route("/api/{command}", post(command))
        .route("/api/events", get(events))
        .route("/api/health", get(health::health))
        .route("/photo/{id}", get(media::photo))
        .layer(own_pages_only)
        .route("/video/{id}", get(media::video))
        .route("/voice/{id}", get(media::voice))
        .merge(page::routes(&bridge.engine))
        .layer(middleware::from_fn_with_state(names, guard::refuse_other_names))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(bridge);
    // A picture's head and its bytes are two writes: the second one does not wait until the first is acknowledged.
    let listener = listener.tap_io(|connection| {
        // Fails for a connection that is gone again.
        let _ = connection.set_nodelay(true);
    });
    let served = axum::serve(listener, routes).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        ended = served => if let Err(error) = ended {
            tracing::error!(%error, "the bridge ended");
        },
        // A browser that keeps its connection open does not hold up the end.
        () = async { stop.cancelled().await; tokio::time::sleep(Duration::from_secs(2)).await } => {}
    }
}

async fn command(State(bridge): State<Bridge>, Path(name): Path<String>, body: Bytes) -> Response {
    let command = match parse(&name, &body) {
        Ok(command) => command,
        Err(refusal) => return refusal.into_response(),
    };
    match bridge.engine.run(command).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) if error.kind() == EngineErrorKind::NotFound => NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(
                command = name,
                error = format!("{:#}", anyhow::Error::from(error)),
                "a command failed"
            );
            Refusal(StatusCode::SERVICE_UNAVAILABLE, "unavailable").into_response()
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refusal(StatusCode, &'static str);

const NOT_FOUND: Refusal = Refusal(StatusCode::NOT_FOUND, "not_found");
const MALFORMED: Refusal = Refusal(StatusCode::BAD_REQUEST, "malformed_request");

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// The name is a command's, and the body its remaining fields; nothing else is a command.
fn parse(name: &str, body: &[u8]) -> Result<ScreenCommand, Refusal> {
    let body = if body.is_empty() { b"{}" } else { body };
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else { return Err(MALFORMED) };
    fields.insert("command".to_owned(), name.into());
    serde_json::from_value(Value::Object(fields))
        .map_err(|error| if error.to_string().starts_with("unknown variant") { NOT_FOUND } else { MALFORMED })
}

/// What is on comes first, so that a screen that connects again needs nothing else.
async fn events(State(bridge): State<Bridge>) -> impl IntoResponse {
    let heard = BroadcastStream::new(bridge.engine.events());
    let first = stream::iter(present(&bridge.engine).await);
    let engine = bridge.engine.clone();
    let later = heard.then(move |event| {
        let engine = engine.clone();
        async move {
            match event {
                Ok(event) => vec![event],
                // Too slow to hear everything: how things stand now is all that matters.
                Err(BroadcastStreamRecvError::Lagged(_)) => present(&engine).await,
            }
        }
    });
    let all = first.chain(later.flat_map(stream::iter)).take_until(bridge.stop.clone().cancelled_owned());
    Sse::new(as_messages(all)).keep_alive(sse::KeepAlive::new().interval(Duration::from_secs(15)))
}

fn as_messages(
    events: impl Stream<Item = ScreenEvent>,
) -> impl Stream<Item = Result<sse::Event, Infallible>> {
    events.filter_map(|event| async move { sse::Event::default().json_data(&event).ok().map(Ok) })
}

async fn present(engine: &Engine) -> Vec<ScreenEvent> {
    let status = engine.run(ScreenCommand::Status).await.ok().and_then(|it| serde_json::from_value(it).ok());
    let slide: Option<Slide> =
        engine.run(ScreenCommand::Current).await.ok().and_then(|it| serde_json::from_value(it).ok());
    let paused = engine.is_paused().await;
    let status = status.map(|status| ScreenEvent::Status { status });
    status.into_iter().chain(slide.map(|slide| ScreenEvent::Slide { slide, paused })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_commands_of_the_contract_are_commands() {
        assert_eq!(parse("status", b"").unwrap(), ScreenCommand::Status);
        assert_eq!(
            parse("panel", br#"{"width":1,"height":2}"#).unwrap(),
            ScreenCommand::Panel { width: 1, height: 2 }
        );
        assert_eq!(parse("exit", b"{}").unwrap_err(), NOT_FOUND);
        assert_eq!(parse("next", br#"{"command":"exit"}"#).unwrap(), ScreenCommand::Next);
        assert_eq!(parse("show", b"{}").unwrap_err(), MALFORMED);
        assert_eq!(parse("show", b"[1").unwrap_err(), MALFORMED);
    }
}

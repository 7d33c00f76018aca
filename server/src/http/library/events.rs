//! Route of the pushed events: server-sent, resumable.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName},
    response::{
        IntoResponse, Sse,
        sse::{Event as SentEvent, KeepAlive},
    },
};
use futures::{Stream, StreamExt, stream};
use picup_api::{FamilyId, change::Event};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, Result,
    domain::access::Caller,
    http::extract::Query,
    ops::library::listening::{Heard, Listener},
};

const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Asks proxies not to hold events back.
const NO_BUFFERING: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(listen))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// The token's first family when absent.
    family: Option<FamilyId>,
}

/// Events of a family as they happen. `id:` is the number of a change; with `Last-Event-ID`, what came after it is
/// told first.
#[utoipa::path(get, path = "/v1/events", tag = "feed",
    params(EventsQuery, ("last-event-id" = Option<u64>, Header)),
    responses((status = OK, content_type = "text/event-stream", body = Event)))]
async fn listen(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<EventsQuery>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let listener = Listener::start(app, caller, query.family, last_event_id(&headers)).await?;
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(([NO_BUFFERING], Sse::new(events(listener)).keep_alive(keep_alive)))
}

/// One that cannot be read is as good as none: the listener starts now and reads the feed for what it missed.
fn last_event_id(headers: &HeaderMap) -> Option<u64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

/// A comment first, so that the listener knows at once that it is connected.
fn events(listener: Listener) -> impl Stream<Item = Result<SentEvent, Infallible>> {
    let hello = stream::once(std::future::ready(SentEvent::default().comment("listening")));
    let heard = stream::unfold(listener, async |mut listener| {
        let heard = listener.next().await?;
        Some((sent(&heard), listener))
    });
    hello.chain(heard).map(Ok)
}

fn sent(heard: &Heard) -> SentEvent {
    let data = serde_json::to_string(&heard.event).unwrap_or_default();
    let event = SentEvent::default().event(kind(&heard.event)).data(data);
    match heard.seq {
        Some(seq) => event.id(seq.to_string()),
        None => event,
    }
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::Change { .. } => "change",
        Event::Command { .. } => "command",
        Event::FrameChanged { .. } => "frame_changed",
        Event::Unknown => "unknown",
    }
}

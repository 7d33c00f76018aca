//! The event stream of a family: reconnects for ever, and misses nothing the server can replay.

mod parser;

use std::{collections::VecDeque, time::Duration};

use futures::{Stream, stream};
use picup_api::{FamilyId, change::Event};
use reqwest::Response;

use crate::{Client, ClientError, ErrorKind, Result, answer, retry::luck, transport::within};
use parser::{Parser, ServerEvent};

#[derive(Clone, Debug)]
pub enum FeedItem {
    /// The stream is open, for the first time or again: what happened meanwhile is in `changes`.
    Connected,
    /// `seq` is the family's change number, where the event is a change.
    Event {
        seq: Option<u64>,
        event: Event,
    },
    Lost {
        error: ClientError,
        retry_in: Duration,
    },
    /// The last item: without a credential there is nothing to reconnect with.
    SignedOut(ClientError),
}

impl Client {
    /// Events of a family from `last_event_id` on. It ends only after `SignedOut`.
    pub fn events(
        &self,
        family: FamilyId,
        last_event_id: Option<u64>,
    ) -> impl Stream<Item = FeedItem> + Send + Unpin + 'static {
        let feed = Feed {
            client: self.clone(),
            family,
            last_event_id,
            failures: 0,
            wait: Duration::ZERO,
            phase: Phase::Away,
        };
        Box::pin(stream::unfold(feed, |mut feed| async move { Some((feed.next().await?, feed)) }))
    }
}

/// An open stream.
struct Line {
    response: Response,
    parser: Parser,
    ready: VecDeque<ServerEvent>,
}

struct Feed {
    client: Client,
    family: FamilyId,
    last_event_id: Option<u64>,
    /// Since the server last spoke.
    failures: u32,
    /// Before the next connection.
    wait: Duration,
    phase: Phase,
}

enum Phase {
    Away,
    Open(Box<Line>),
    Ended,
}

impl Feed {
    async fn next(&mut self) -> Option<FeedItem> {
        let outcome = match &self.phase {
            Phase::Away => self.connect().await,
            Phase::Open(_) => self.receive().await,
            Phase::Ended => return None,
        };
        Some(outcome.unwrap_or_else(|error| self.lose(error)))
    }

    async fn connect(&mut self) -> Result<FeedItem> {
        tokio::time::sleep(std::mem::take(&mut self.wait)).await;
        let url = self.client.url("/v1/events")?;
        let build = || {
            let request =
                self.client.inner.http.get(url.clone()).query(&[("family", self.family.to_string())]);
            let request = request.header("accept", "text/event-stream");
            match self.last_event_id {
                Some(seq) => request.header("last-event-id", seq),
                None => request,
            }
        };
        let response = self.client.authorised(build).await?;
        if answer::media_type(&response) != "text/event-stream" {
            return Err(ClientError::new(ErrorKind::Unreadable, "the answer is not an event stream"));
        }
        let line = Line { response, parser: Parser::default(), ready: VecDeque::new() };
        self.phase = Phase::Open(Box::new(line));
        Ok(FeedItem::Connected)
    }

    async fn receive(&mut self) -> Result<FeedItem> {
        let Phase::Open(line) = &mut self.phase else { return self.connect().await };
        let Line { response, parser, ready } = line.as_mut();
        loop {
            while let Some(event) = ready.pop_front() {
                let seq = event.id.and_then(|id| id.parse().ok());
                self.last_event_id = seq.or(self.last_event_id);
                // An event that cannot be read comes from a newer server: the change feed tells it as well.
                if let Ok(event) = serde_json::from_str(&event.data) {
                    return Ok(FeedItem::Event { seq, event });
                }
            }
            let silence = self.client.inner.timeouts.feed_silence;
            let chunk =
                within(silence, async { response.chunk().await.map_err(ClientError::network) }).await?;
            let chunk =
                chunk.ok_or_else(|| ClientError::new(ErrorKind::Offline, "the event stream ended"))?;
            self.failures = 0;
            ready.extend(parser.push(&chunk)?);
        }
    }

    fn lose(&mut self, error: ClientError) -> FeedItem {
        if error.kind() == ErrorKind::SignedOut {
            self.phase = Phase::Ended;
            return FeedItem::SignedOut(error);
        }
        self.phase = Phase::Away;
        self.failures += 1;
        self.wait = self.client.inner.retry.backoff(self.failures, luck());
        self.wait = self.wait.max(error.retry_after().unwrap_or_default());
        FeedItem::Lost { error, retry_in: self.wait }
    }
}

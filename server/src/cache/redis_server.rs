//! The Redis that several server processes share: a short answer or none.
//!
//! A question never waits longer than `ANSWERS_WITHIN`. After a failure nobody asks for `RESTS`, so a Redis that hangs
//! costs one request a second a moment, not every request. What is done without an answer is decided where it is asked.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context;
use metrics::Gauge;
use redis::{
    Client, RedisResult,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use url::Url;

use crate::telemetry::Operation;

const ANSWERS_WITHIN: Duration = Duration::from_millis(250);
const RESTS: Duration = Duration::from_secs(1);
const CONNECTS_WITHIN: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub struct RedisServer {
    client: Client,
    connection: ConnectionManager,
    /// Set while it is away.
    rests_until: Arc<Mutex<Option<Instant>>>,
    meter: Arc<Meter>,
}

/// What is asked of Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether an attempt is within its limit.
    Limit,
    /// To tell other processes of an event.
    Publish,
}

struct Meter {
    limit: Operation,
    publish: Operation,
    away: Gauge,
}

impl Meter {
    fn new() -> Self {
        let operation =
            |name| Operation::new("cache", &[("operation", name)], &["failed", "late", "resting"]);
        let away = metrics::gauge!("cache_away");
        away.set(0);
        Self { limit: operation("limit"), publish: operation("publish"), away }
    }

    fn of(&self, question: Question) -> &Operation {
        match question {
            Question::Limit => &self.limit,
            Question::Publish => &self.publish,
        }
    }
}

/// Redis did not answer, or not in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away;

impl RedisServer {
    /// Connects with the first question: a server starts without its Redis.
    pub fn open(url: &Url) -> anyhow::Result<Self> {
        let client = Client::open(url.as_str()).context("cache.url is not a Redis address")?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(RESTS)
            .set_connection_timeout(Some(CONNECTS_WITHIN))
            .set_response_timeout(Some(CONNECTS_WITHIN));
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        Ok(Self { client, connection, rests_until: Arc::default(), meter: Arc::new(Meter::new()) })
    }

    /// Errors: `Away`, at once while it rests.
    pub async fn ask<T, F>(
        &self,
        question: Question,
        ask: impl FnOnce(ConnectionManager) -> F,
    ) -> Result<T, Away>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let meter = self.meter.of(question);
        if self.rests() {
            meter.refuse("resting");
            return Err(Away);
        }
        let started = meter.start();
        let (answer, failure) = match tokio::time::timeout(ANSWERS_WITHIN, ask(self.connection.clone())).await
        {
            Ok(Ok(answer)) => {
                self.is_here();
                (Ok(answer), None)
            }
            Ok(Err(error)) => (Err(self.is_away(&error)), Some("failed")),
            Err(elapsed) => (Err(self.is_away(&elapsed)), Some("late")),
        };
        started.end(failure);
        answer
    }

    /// For a connection of its own, such as a subscription.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    fn rests(&self) -> bool {
        let until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn is_here(&self) {
        let mut until = self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.take().is_some() {
            self.meter.away.set(0);
            tracing::info!("redis answers again");
        }
    }

    fn is_away(&self, error: &(dyn std::error::Error + 'static)) -> Away {
        let mut until = self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        self.meter.away.set(1);
        if until.replace(Instant::now() + RESTS).is_none() {
            tracing::warn!(error, "redis is away");
        }
        Away
    }
}

//! The Redis that several server processes share: a short answer or none.
//!
//! A question never waits longer than `answers_within`. After a failure nobody asks for `RESTS`, so a Redis that hangs
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
    answers_within: Duration,
    /// Set while it is away.
    rests_until: Arc<Mutex<Option<Instant>>>,
    failed_at: Arc<Mutex<Option<Instant>>>,
    meter: Arc<Meter>,
}

impl std::fmt::Debug for RedisServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisServer")
    }
}

/// What is asked of Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether an attempt is within its limit.
    Limit,
    /// To tell other processes of an event.
    Publish,
    /// For an upload to be ours.
    Lease,
    /// How far the primary's log is.
    LastWrite,
    /// For a kept answer, or to keep one.
    Answer,
    /// Whether something was revoked since.
    Generation,
}

impl Question {
    const ALL: [(Self, &str); 6] = [
        (Self::Limit, "limit"),
        (Self::Publish, "publish"),
        (Self::Lease, "lease"),
        (Self::LastWrite, "last_write"),
        (Self::Answer, "answer"),
        (Self::Generation, "generation"),
    ];
}

struct Meter {
    operations: [Operation; Question::ALL.len()],
    away: Gauge,
}

impl Meter {
    fn new() -> Self {
        let operation =
            |name| Operation::new("cache", &[("operation", name)], &["failed", "late", "resting"]);
        let away = metrics::gauge!("cache_away");
        away.set(0);
        Self { operations: Question::ALL.map(|(_, name)| operation(name)), away }
    }

    /// Invariant: `Question::ALL` is in the order of the enum.
    fn of(&self, question: Question) -> &Operation {
        &self.operations[question as usize]
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
        let (rests_until, failed_at, meter) = (Arc::default(), Arc::default(), Arc::new(Meter::new()));
        let answers_within = ANSWERS_WITHIN;
        Ok(Self { client, connection, answers_within, rests_until, failed_at, meter })
    }

    /// Waits longer for each answer than usual, or less long.
    pub fn answering_within(self, answers_within: Duration) -> Self {
        Self { answers_within, ..self }
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
        let asking = ask(self.connection.clone());
        let (answer, failure) = match tokio::time::timeout(self.answers_within, asking).await {
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

    /// Whether no question went unanswered for so long.
    pub(super) fn has_answered_for(&self, duration: Duration) -> bool {
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_none_or(|at| at.elapsed() >= duration)
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
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        let mut until = self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        self.meter.away.set(1);
        if until.replace(Instant::now() + RESTS).is_none() {
            tracing::warn!(error, "redis is away");
        }
        Away
    }
}

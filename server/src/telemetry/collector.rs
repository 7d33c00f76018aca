//! The way to the collector: OTLP batches over HTTP, sent on our runtime by the client the stores use.
//!
//! One that is away is named once in the log, and once more when it is back.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;

#[derive(Debug)]
pub(super) struct Collector {
    client: reqwest::Client,
    /// Batches are made on a thread that has no runtime of its own.
    runtime: Handle,
    is_away: AtomicBool,
}

impl Collector {
    pub(super) fn new(runtime: Handle, limit: Duration) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().timeout(limit).build()?;
        Ok(Self { client, runtime, is_away: AtomicBool::new(false) })
    }

    fn note(&self, failure: Option<&dyn std::fmt::Display>) {
        let outcome = if failure.is_some() { "failed" } else { "sent" };
        metrics::counter!("trace_batches_total", "outcome" => outcome).increment(1);
        let was_away = self.is_away.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(error) if !was_away => tracing::warn!(%error, "the collector of traces is away"),
            None if was_away => tracing::info!("the collector of traces takes spans again"),
            _ => {}
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let answer = match self.runtime.spawn(send(client, request)).await {
            Ok(answer) => answer,
            Err(stopped) => Err(stopped.into()),
        };
        match &answer {
            Ok(answer) if answer.status().is_success() => self.note(None),
            Ok(answer) => self.note(Some(&answer.status())),
            Err(error) => self.note(Some(error)),
        }
        answer
    }
}

async fn send(client: reqwest::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let answer = client.execute(request.try_into()?).await?;
    let status = answer.status();
    let mut response = Response::new(answer.bytes().await?);
    *response.status_mut() = status;
    Ok(response)
}

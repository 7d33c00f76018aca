//! What this process tells about itself: logs, traces, and the meters of its ports.
//!
//! Logs go to standard error. Spans of level DEBUG are for traces, those above for the log; without a collector
//! nobody wants the former, and none is made.

mod collector;
mod lines;
mod meter;
pub mod trace;

use std::{io::IsTerminal, time::Duration};

use anyhow::Context;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};
use tokio::runtime::Handle;
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, filter, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::config::{self, Config, LogFormat};
use collector::Collector;
pub use meter::{InFlight, Operation};

/// A collector that takes longer than this for a batch has lost it.
const EXPORTED_WITHIN: Duration = Duration::from_secs(5);
/// The end of the process waits no longer than this for the last batches.
const FLUSHED_WITHIN: Duration = Duration::from_secs(5);
/// Names us as the source of spans.
const SCOPE: &str = "picup-server";

/// Stopped at the end, so that the last spans get out.
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Starts logging, and tracing where a collector is configured. Spans travel on `runtime`.
    pub fn start(config: &Config, runtime: &Handle) -> anyhow::Result<Self> {
        let endpoint = config.telemetry.traces_url();
        let traces = endpoint.map(|url| provider(url.as_str(), &config.telemetry, runtime)).transpose();
        let traces = traces.context("cannot set up tracing")?;
        let layer = traces.as_ref().map(|provider| {
            tracing_opentelemetry::layer()
                .with_tracer(provider.tracer(SCOPE))
                .with_location(false)
                .with_target(false)
                .with_threads(false)
                .with_tracked_inactivity(false)
                .with_context_activation(false)
                .with_filter(filter::filter_fn(is_traced))
        });
        tracing_subscriber::registry().with(log(config)).with(layer).try_init()?;
        Ok(Self { traces })
    }

    /// Sends what is left, as far as a few seconds go. Invariant: the runtime still runs.
    pub fn stop(self) {
        if let Some(traces) = self.traces
            && let Err(error) = traces.shutdown_with_timeout(FLUSHED_WITHIN)
        {
            tracing::warn!(%error, "the last spans are lost");
        }
    }
}

/// Only what we say ourselves: a library's spans and events may hold what must not leave the process.
fn is_traced(metadata: &Metadata<'_>) -> bool {
    let is_ours = metadata.target().starts_with("picup_server");
    is_ours
        && if metadata.is_span() {
            *metadata.level() == Level::DEBUG
        } else {
            *metadata.level() <= Level::INFO
        }
}

/// Spans that find no room in the queue are dropped: a collector that is away costs memory for 2,048 of them.
fn provider(url: &str, settings: &config::Telemetry, runtime: &Handle) -> anyhow::Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Collector::new(runtime.clone(), EXPORTED_WITHIN)?)
        .with_endpoint(url)
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(EXPORTED_WITHIN)
        .build()?;
    let resource = Resource::builder().with_service_name(settings.service_name.clone()).build();
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.sample_ratio)));
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter);
    Ok(provider.with_resource(resource).with_sampler(sampler).build())
}

fn log(config: &Config) -> Box<dyn Layer<Registry> + Send + Sync> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(&config.log.filter));
    let layer = fmt::layer().with_writer(std::io::stderr);
    match config.log.format {
        LogFormat::Json => {
            let json = layer.fmt_fields(fmt::format::JsonFields::new()).event_format(lines::JsonLines);
            json.with_filter(filter).boxed()
        }
        LogFormat::Text => layer.with_ansi(std::io::stderr().is_terminal()).with_filter(filter).boxed(),
    }
}

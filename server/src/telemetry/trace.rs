//! The context of a trace as it travels: in a request's header and in a job's row.
//!
//! W3C Trace Context, `traceparent` alone (<https://www.w3.org/TR/trace-context/>). Without a collector there is none.

use opentelemetry::{
    Context,
    propagation::{Extractor, Injector, TextMapPropagator},
    trace::TraceContextExt,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Instrument, Level, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

pub const TRACEPARENT: &str = "traceparent";

/// What a request or a job runs in: a span of the log around one of the trace, so that the latter is the current one
/// to whatever happens inside.
#[derive(Clone, Debug)]
pub struct Spans {
    pub log: Span,
    pub trace: Span,
}

impl Spans {
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> T {
        work.instrument(self.trace.clone()).instrument(self.log.clone()).await
    }

    pub fn run_now<T>(&self, work: impl FnOnce() -> T) -> T {
        self.log.in_scope(|| self.trace.in_scope(work))
    }
}

/// Makes `span` a part of the trace it came from. Invariant: called before anything happens inside it.
pub fn follow(span: &Span, traceparent: Option<&str>) {
    if span.is_disabled() {
        return;
    }
    if let Err(error) = span.set_parent(read(traceparent)) {
        tracing::debug!(%error, "a trace is not continued");
    }
}

/// The trace `span` is in; while traces are off, the one its cause says it is in.
pub fn id_of(span: &Span, traceparent: Option<&str>) -> Option<String> {
    let traced = if span.is_disabled() { None } else { id_in(&span.context()) };
    traced.or_else(|| id_in(&read(Some(traceparent?))))
}

fn id_in(context: &Context) -> Option<String> {
    let span = context.span();
    let context = span.span_context();
    context.is_valid().then(|| context.trace_id().to_string())
}

/// For what is done later, or elsewhere, because of what is done now.
pub fn current() -> Option<String> {
    let mut carrier = Carrier(None);
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.0
}

/// Whether somebody wants a span of what is done now. What has no cause, such as a look at the job table every few
/// seconds, is no trace of its own.
pub fn is_wanted() -> bool {
    tracing::span_enabled!(Level::DEBUG) && !Span::current().is_none()
}

/// Notes in a span of a trace that it failed, and how.
pub fn note_failure(span: &Span, kind: &str) {
    span.record("otel.status_code", "ERROR").record("error.type", kind);
}

fn read(traceparent: Option<&str>) -> Context {
    let carrier = Carrier(traceparent.map(str::to_owned));
    TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier)
}

struct Carrier(Option<String>);

impl Extractor for Carrier {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.as_deref().filter(|_| key == TRACEPARENT)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

impl Injector for Carrier {
    fn set(&mut self, key: &str, value: String) {
        if key == TRACEPARENT {
            self.0 = Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn without_a_collector_a_request_still_has_the_trace_its_client_names() {
        assert_eq!(id_of(&Span::none(), Some(GIVEN)).as_deref(), Some("0af7651916cd43dd8448eb211c80319c"));
        for wrong in
            ["", "00-zz-b7ad6b7169203331-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01"]
        {
            assert_eq!(id_of(&Span::none(), Some(wrong)), None, "{wrong}");
        }
        assert_eq!(id_of(&Span::none(), None), None);
        assert_eq!(current(), None);
    }
}

//! A collector of traces: takes OTLP over HTTP as the real one does, and keeps what it was sent.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use picup_testkit::eventually;
use prost::Message;

type Kept = Arc<Mutex<Vec<(String, Span)>>>;

/// Ends with the test's runtime.
pub(crate) struct Collector {
    pub(crate) endpoint: String,
    kept: Kept,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let kept = Kept::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/traces", post(keep)).with_state(kept.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { endpoint, kept }
    }

    /// With the name of the service each came from.
    pub(crate) fn spans(&self) -> Vec<(String, Span)> {
        self.kept.lock().unwrap().clone()
    }

    /// Those of one trace, once `is_whole` says that they are all there.
    pub(crate) async fn trace(&self, id: &str, is_whole: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        eventually("the whole trace has arrived", async || {
            let of_trace = self
                .spans()
                .into_iter()
                .map(|(_, span)| span)
                .filter(|span| hex::encode(&span.trace_id) == id);
            let spans: Vec<_> = of_trace.collect();
            is_whole(&spans).then_some(spans)
        })
        .await
    }
}

async fn keep(State(kept): State<Kept>, body: Bytes) {
    for resource in ExportTraceServiceRequest::decode(body).unwrap().resource_spans {
        let service =
            resource.resource.unwrap().attributes.into_iter().find(|pair| pair.key == "service.name");
        let Some(Value::StringValue(service)) = service.unwrap().value.unwrap().value else {
            panic!("no name")
        };
        let spans = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        kept.lock().unwrap().extend(spans.map(|span| (service.clone(), span)));
    }
}

/// An attribute as text.
pub(crate) fn attribute(span: &Span, key: &str) -> Option<String> {
    let value = span.attributes.iter().find(|pair| pair.key == key)?.value.clone()?.value?;
    Some(match value {
        Value::StringValue(text) => text,
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}

//! The log as lines of JSON: one object each, flat.
//!
//! The fields of the spans around an event stand beside its own, so `request_id` and `trace_id` are in every line of a
//! request or job; the innermost wins where two have the same name.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormattedFields, format::JsonFields, format::Writer},
    registry::LookupSpan,
};

/// What a trace is told through its fields, and a log is not.
const OF_TRACES: &str = "otel.";

pub(super) struct JsonLines;

impl<S> FormatEvent<S, JsonFields> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = Line::default();
        for span in context.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(fields) = span.extensions().get::<FormattedFields<JsonFields>>() {
                line.add_span(fields);
            }
        }
        event.record(&mut line);
        let metadata = event.metadata();
        line.set("timestamp", Timestamp::now().to_string());
        line.set("level", metadata.level().as_str());
        line.set("target", metadata.target());
        writeln!(writer, "{}", Value::Object(line.0))
    }
}

#[derive(Default)]
struct Line(Map<String, Value>);

impl Line {
    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn add_span(&mut self, fields: &str) {
        if let Ok(fields) = serde_json::from_str::<Map<String, Value>>(fields) {
            self.0.extend(fields.into_iter().filter(|(name, _)| !name.starts_with(OF_TRACES)));
        }
    }
}

impl Visit for Line {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field.name(), value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field.name(), value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.set(field.name(), value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field.name(), format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use tracing_subscriber::{fmt as format, layer::SubscriberExt};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_has_the_fields_of_the_spans_around_it() {
        let written = Written::default();
        let writer = written.clone();
        let layer = format::layer()
            .fmt_fields(JsonFields::new())
            .event_format(JsonLines)
            .with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let _outer =
                tracing::error_span!("request", request_id = "r1", otel.name = "GET /", n = 1).entered();
            let _inner = tracing::error_span!("job", n = 2).entered();
            tracing::warn!(error = %"a \"quoted\" cause", bytes = 7_u64, "it failed");
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["message"], "it failed");
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["request_id"], "r1");
        assert_eq!(line["n"], 2);
        assert_eq!(line["bytes"], 7);
        assert_eq!(line["error"], "a \"quoted\" cause");
        assert!(line.get("otel.name").is_none(), "{line}");
        assert!(line["timestamp"].as_str().unwrap().parse::<Timestamp>().is_ok());
    }
}

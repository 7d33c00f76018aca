//! The spans a job runs in: one for the log, one for the trace that asked for the work.

use tracing::field::Empty;

use crate::{
    store::jobs::JobRow,
    telemetry::trace::{self, Spans},
};

/// Kinds and ids are ours: nothing personal is in them.
pub(super) fn of(row: &JobRow) -> Spans {
    let traceparent = row.traceparent.as_deref();
    let trace = tracing::debug_span!(
        parent: None,
        "job",
        otel.kind = "consumer",
        otel.name = format!("job {}", row.kind),
        otel.status_code = Empty,
        error.type = Empty,
        job.id = %row.id,
        job.kind = row.kind,
        job.attempt = row.attempts
    );
    trace::follow(&trace, traceparent);
    let trace_id = trace::id_of(&trace, traceparent);
    let log = tracing::error_span!(parent: None, "job", job = %row.id, trace_id);
    Spans { log, trace }
}

//! What every port tells of its operations: how long they take, how many are under way, how many failed and of what.
//!
//! `<port>_seconds`, `<port>_in_flight` and `<port>_errors_total`, with the same labels. Labels are bounded: names of
//! ours, never a person's, a path or an id. Made once and kept, so that measuring costs a few nanoseconds.

use std::time::{Duration, Instant};

use metrics::{Counter, Gauge, Histogram, Label};

#[derive(Clone, Debug)]
pub struct Operation {
    seconds: Histogram,
    in_flight: Gauge,
    errors: Vec<(&'static str, Counter)>,
}

impl Operation {
    /// Errors are counted from nothing for each of `kinds`, so that a first one is seen as a change.
    pub fn new(port: &str, labels: &[(&'static str, &str)], kinds: &[&'static str]) -> Self {
        let labels: Vec<_> =
            labels.iter().map(|(name, value)| Label::new(*name, (*value).to_owned())).collect();
        let error = |kind: &&'static str| {
            let mut labels = labels.clone();
            labels.push(Label::new("error", *kind));
            let counter = metrics::counter!(format!("{port}_errors_total"), labels);
            counter.increment(0);
            (*kind, counter)
        };
        Self {
            errors: kinds.iter().map(error).collect(),
            seconds: metrics::histogram!(format!("{port}_seconds"), labels.clone()),
            in_flight: metrics::gauge!(format!("{port}_in_flight"), labels),
        }
    }

    pub fn start(&self) -> Started<'_> {
        Started { operation: self, at: Instant::now(), _in_flight: self.enter() }
    }

    /// Under way until dropped.
    pub fn enter(&self) -> InFlight {
        InFlight::enter(self.in_flight.clone())
    }

    /// Counts one that was given up before it began.
    pub fn refuse(&self, error: &str) {
        let known = self.errors.iter().find(|(kind, _)| *kind == error);
        known.into_iter().for_each(|(_, counter)| counter.increment(1));
    }

    /// For one whose time is not that between its start and its end.
    pub fn record(&self, took: Duration, error: Option<&str>) {
        self.seconds.record(took);
        if let Some(error) = error {
            self.refuse(error);
        }
    }
}

/// One that is under way. Dropped without `end`, whoever asked went away: its time says nothing.
pub struct Started<'a> {
    operation: &'a Operation,
    at: Instant,
    _in_flight: InFlight,
}

impl Started<'_> {
    /// Answers how long it took.
    pub fn end(self, error: Option<&str>) -> Duration {
        let took = self.at.elapsed();
        self.operation.record(took, error);
        took
    }
}

/// Counted as one more until dropped.
pub struct InFlight(Gauge);

impl InFlight {
    pub fn enter(gauge: Gauge) -> Self {
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

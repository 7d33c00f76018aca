//! What the statements of one server cost: times, failures, the wait for a connection, and a span in the trace of
//! whoever asks.
//!
//! A statement is named by what it does and to which table. Its values are never told.

use std::{borrow::Cow, sync::Arc, time::Duration};

use tracing::{Span, field::Empty};

use super::{StoreError, StoreErrorKind};
use crate::telemetry::{Operation, trace};

/// Statements slower than this are named in the log.
const SLOW: Duration = Duration::from_secs(1);
const KINDS: [&str; 4] = ["duplicate", "full", "unavailable", "broken"];

/// Of one server of one database.
#[derive(Debug)]
pub(super) struct Meter {
    site: Site,
    /// The wait for a connection; of a file's writer, for its turn too.
    connect: Operation,
    read: Operation,
    write: Operation,
    commit: Operation,
}

/// Where statements run. Names of ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    /// `accounts` or `library`.
    pub database: &'static str,
    /// As OpenTelemetry names it: `sqlite`, `mariadb`.
    pub engine: &'static str,
    /// `file`, `primary` or `replica`.
    pub server: &'static str,
}

impl Meter {
    pub(super) fn new(site: Site) -> Arc<Self> {
        let labels = [("database", site.database), ("server", site.server)];
        let operation = |name| Operation::new("sql", &[labels[0], labels[1], ("operation", name)], &KINDS);
        Arc::new(Self {
            site,
            connect: operation("connect"),
            read: operation("read"),
            write: operation("write"),
            commit: operation("commit"),
        })
    }

    fn operation(&self, text: &str) -> &Operation {
        match parts(text).0 {
            "SELECT" => &self.read,
            "COMMIT" => &self.commit,
            _ => &self.write,
        }
    }

    /// Runs the statement `text`, which answers by `run`.
    pub(super) async fn measure<T, E: Into<StoreError>>(
        &self,
        text: Cow<'static, str>,
        run: impl Future<Output = Result<T, E>>,
    ) -> Result<T, StoreError> {
        let span = self.span(&text);
        let started = self.operation(&text).start();
        let outcome = run.await.map_err(Into::into);
        let failure = outcome.as_ref().err().map(kind_word);
        if let Some(kind) = failure {
            trace::note_failure(&span, kind);
        }
        let took = started.end(failure);
        if took >= SLOW {
            let Site { database, server, .. } = self.site;
            let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(statement = name(&text), %text, database, server, millis, "a slow statement");
        }
        outcome
    }

    /// Waits for a connection by `acquire`.
    pub(super) async fn wait<T, E: Into<StoreError>>(
        &self,
        acquire: impl Future<Output = Result<T, E>>,
    ) -> Result<T, StoreError> {
        let started = self.connect.start();
        let outcome = acquire.await.map_err(Into::into);
        started.end(outcome.as_ref().err().map(kind_word));
        outcome
    }

    fn span(&self, text: &str) -> Span {
        if !trace::is_wanted() {
            return Span::none();
        }
        let (verb, table) = parts(text);
        let Site { database, engine, server } = self.site;
        tracing::debug_span!(
            "sql",
            otel.kind = "client",
            otel.name = name(text),
            otel.status_code = Empty,
            error.type = Empty,
            db.system.name = engine,
            db.namespace = database,
            db.operation.name = verb,
            db.collection.name = table,
            server
        )
    }
}

/// Such as `SELECT photos`.
fn name(text: &str) -> String {
    let (verb, table) = parts(text);
    format!("{verb} {table}").trim_end().to_owned()
}

/// The statement's verb, and the first table it names.
fn parts(text: &str) -> (&str, &str) {
    let mut words = text.split_whitespace();
    let verb = words.next().unwrap_or_default();
    let table = if verb == "UPDATE" {
        words.next()
    } else {
        words.find(|word| matches!(*word, "FROM" | "INTO")).and_then(|_| words.next())
    };
    // What follows a parenthesis is a statement of its own.
    let is_name = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (verb, table.map(|word| word.trim_end_matches([',', ')'])).filter(is_name).unwrap_or_default())
}

fn kind_word(error: &StoreError) -> &'static str {
    match error.kind {
        StoreErrorKind::Duplicate => KINDS[0],
        StoreErrorKind::Full => KINDS[1],
        StoreErrorKind::Unavailable => KINDS[2],
        StoreErrorKind::Broken => KINDS[3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_named_by_what_it_does_and_its_table() {
        for (text, expected) in [
            ("SELECT id, kind FROM jobs WHERE state = ?", "SELECT jobs"),
            ("SELECT COUNT(*) FROM (SELECT 1 AS one FROM jobs LIMIT ?) AS some", "SELECT"),
            ("INSERT INTO album_photos (album_id) VALUES (?)", "INSERT album_photos"),
            ("UPDATE copies SET state = ?", "UPDATE copies"),
            ("DELETE FROM uploads WHERE id = ?", "DELETE uploads"),
            ("SELECT 1", "SELECT"),
            ("COMMIT", "COMMIT"),
        ] {
            assert_eq!(name(text), expected, "{text}");
        }
    }
}

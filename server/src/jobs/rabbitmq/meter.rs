//! What the calls of RabbitMQ cost, and how many messages wait in it.

use std::time::Duration;

use lapin::Connection;
use tokio_util::sync::CancellationToken;

use super::topology::{self, Names};
use crate::telemetry::Operation;

/// Between looks at the queues.
const LOOKS_EVERY: Duration = Duration::from_secs(10);

/// Shared by all connections.
pub(super) struct Meter {
    /// With making sure that all queues are there.
    pub connect: Operation,
    /// Until RabbitMQ has the message safe.
    pub publish: Operation,
    pub acknowledge: Operation,
}

impl Meter {
    pub(super) fn new() -> Self {
        let operation =
            |name, errors: &[&'static str]| Operation::new("queue", &[("operation", name)], errors);
        Self {
            connect: operation("connect", &["failed"]),
            publish: operation("publish", &["returned", "refused", "lost"]),
            acknowledge: operation("acknowledge", &["failed"]),
        }
    }
}

/// Looks at the queues until `ending`. Errors when one is missing: the next connection declares it.
pub(super) async fn watch_depths(
    connection: &Connection,
    names: &Names,
    ending: &CancellationToken,
) -> anyhow::Result<()> {
    while !ending.is_cancelled() {
        let Some(depths) = topology::depths(connection, names).await? else {
            anyhow::bail!("a queue was deleted");
        };
        for (queue, messages) in depths {
            #[expect(clippy::cast_precision_loss, reason = "a gauge is a double")]
            metrics::gauge!("queue_messages", "queue" => queue).set(messages as f64);
        }
        ending.run_until_cancelled(tokio::time::sleep(LOOKS_EVERY)).await;
    }
    Ok(())
}

//! Jobs through RabbitMQ.
//!
//! Invariant: a message is only a hint that a row of an outbox may be taken. The row stays until the job is done, so a
//! message that is lost, doubled or late costs time and nothing else. Whatever goes wrong with the connection, it is
//! made anew with everything that belongs to it.

mod consumer;
mod message;
mod meter;
mod relay;
mod topology;

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use futures::future::try_join_all;
use lapin::{Connection, ConnectionProperties, options::ConfirmSelectOptions, uri::AMQPUri};
use tokio_util::sync::CancellationToken;

use super::{Outbox, POLL, schedule};
use crate::{
    App,
    config::Role,
    store::{StoreError, jobs::publishing},
};
use consumer::Hands;
use meter::Meter;
use topology::Names;

/// A connection that cannot be made, or closed, by then is given up.
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);
/// A connection that was there for longer was not one of the failures.
const LASTS: Duration = Duration::from_secs(10);
/// Between attempts to connect, in seconds.
const WAITS: [u64; 5] = [1, 2, 4, 8, 15];

/// Works until the app stops, then finishes the jobs in hand.
pub(super) async fn run(app: Arc<App>, broker: AMQPUri) {
    tokio::join!(Box::pin(stay_connected(&app, &broker)), keep_schedule(&app));
}

async fn keep_schedule(app: &Arc<App>) {
    if !app.config.has_role(Role::Worker) {
        return;
    }
    let mut schedule = schedule::Schedule::default();
    loop {
        schedule.enqueue_due(app).await;
        if app.stopping.run_until_cancelled(tokio::time::sleep(POLL)).await.is_none() {
            return;
        }
    }
}

async fn stay_connected(app: &Arc<App>, broker: &AMQPUri) {
    let (names, meter) = (Names::new(&app.config.queue.prefix), Arc::new(Meter::new()));
    let session = Session { app, names, hands: Hands::new(&app.config, &meter), meter };
    let mut failures = 0;
    while !app.stopping.is_cancelled() {
        match session.open(broker).await {
            Ok(connection) => {
                tracing::info!("connected to RabbitMQ");
                metrics::gauge!("queue_connected").set(1);
                let connected = Instant::now();
                let ended = session.serve(connection).await;
                if connected.elapsed() > LASTS {
                    failures = 0;
                }
                report(ended, failures);
            }
            Err(error) => report(Err(error), failures),
        }
        metrics::gauge!("queue_connected").set(0);
        let wait = Duration::from_secs(WAITS[failures.min(WAITS.len() - 1)]);
        app.stopping.run_until_cancelled(tokio::time::sleep(wait)).await;
        failures += 1;
    }
    session.hands.finish().await;
}

/// Once per outage.
fn report(ended: anyhow::Result<()>, failures: usize) {
    match ended {
        Err(error) if failures == 0 => tracing::warn!(error = format!("{error:#}"), "RabbitMQ is away"),
        Err(error) => tracing::debug!(error = format!("{error:#}"), "RabbitMQ is still away"),
        Ok(()) => {}
    }
}

/// What outlives a connection.
struct Session<'a> {
    app: &'a Arc<App>,
    names: Names,
    hands: Hands,
    meter: Arc<Meter>,
}

impl Session<'_> {
    /// Connects, and makes sure that all queues are there.
    async fn open(&self, broker: &AMQPUri) -> anyhow::Result<Connection> {
        let started = self.meter.connect.start();
        let opened = self.open_unmeasured(broker).await;
        started.end(opened.is_err().then_some("failed"));
        opened
    }

    async fn open_unmeasured(&self, broker: &AMQPUri) -> anyhow::Result<Connection> {
        let named = ConnectionProperties::default().with_connection_name("picup-server".into());
        let opened = async {
            let connection = Connection::connect_uri(broker.clone(), named).await?;
            if topology::depths(&connection, &self.names).await?.is_none() {
                // First: should this fail, the queues are still missing at the next attempt.
                forget_messages(self.app).await?;
            }
            topology::declare(&connection, &self.names).await?;
            anyhow::Ok(connection)
        };
        tokio::time::timeout(ANSWERS_WITHIN, Box::pin(opened)).await.context("no answer")?
    }

    /// Until the app stops or the connection breaks.
    async fn serve(&self, connection: Connection) -> anyhow::Result<()> {
        let ending = self.app.stopping.child_token();
        let relay = self.relay(&connection, &ending);
        let workers = self.work(&connection, &ending);
        let watch = meter::watch_depths(&connection, &self.names, &ending);
        let (relayed, worked, watched) = tokio::join!(
            end_with(&ending, Box::pin(relay)),
            end_with(&ending, Box::pin(workers)),
            end_with(&ending, Box::pin(watch))
        );
        relayed.and(worked).and(watched)?;
        // The acknowledgements still go through this connection.
        self.hands.finish().await;
        let closed = connection.close(200, "OK".into());
        tokio::time::timeout(ANSWERS_WITHIN, closed).await.context("no answer")?.context("cannot be closed")
    }

    async fn relay(&self, connection: &Connection, ending: &CancellationToken) -> anyhow::Result<()> {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        relay::Relay { app: self.app, channel, names: &self.names, meter: &self.meter }.run(ending).await
    }

    /// A process without the role has nothing to do here until the end.
    async fn work(&self, connection: &Connection, ending: &CancellationToken) -> anyhow::Result<()> {
        if !self.app.config.has_role(Role::Worker) {
            ending.cancelled().await;
            return Ok(());
        }
        let dead = consumer::bury_dead(self.app, connection, &self.names, &self.meter, ending);
        let hands = self.hands.all();
        let consumers =
            hands.map(|hand| Box::pin(consumer::consume(self.app, connection, &self.names, hand, ending)));
        tokio::try_join!(Box::pin(dead), try_join_all(consumers))?;
        Ok(())
    }
}

/// When one part has ended, so do the others.
async fn end_with(
    ending: &CancellationToken,
    part: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let ended = part.await;
    ending.cancel();
    ended
}

/// A broker whose queues are gone has lost their messages as well.
async fn forget_messages(app: &App) -> Result<(), StoreError> {
    for outbox in Outbox::BOTH {
        let mut transaction = outbox.engine(app).begin().await?;
        let forgotten = publishing::remove_marks(&mut transaction, i64::MAX).await?;
        transaction.commit().await?;
        if forgotten > 0 {
            tracing::warn!(
                ?outbox,
                forgotten,
                "RabbitMQ has lost its queues: their jobs are published again"
            );
        }
    }
    Ok(())
}

//! Runs the jobs that messages point at.
//!
//! A message is acknowledged when its row has been looked at and the job, if it was ours to run, is settled. One whose
//! row is done, dead, taken by another or taken since is of the past. A worker that dies leaves its row, which comes
//! back when its lease is over; the message that comes back earlier is of the past by then.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use futures::StreamExt;
use lapin::{
    Channel, Connection, Consumer,
    message::Delivery,
    options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions},
    types::FieldTable,
};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    message::Message,
    meter::Meter,
    topology::{Names, WorkQueue},
};
use crate::{
    App,
    config::Config,
    jobs::{outcome, run_one, take},
    store::{
        StoreError,
        jobs::{self as table, JobRow},
    },
};

/// Between looks for a row while its database is away.
const TRIES_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// The jobs in hand. They go on when the connection breaks, and count when there is another.
pub(super) struct Hands {
    places: [Hand; WorkQueue::ALL.len()],
    in_hand: TaskTracker,
}

/// Of one queue.
#[derive(Clone)]
pub(super) struct Hand {
    queue: WorkQueue,
    parallel: u16,
    places: Arc<Semaphore>,
    in_hand: TaskTracker,
    meter: Arc<Meter>,
}

impl Hands {
    pub(super) fn new(config: &Config, meter: &Arc<Meter>) -> Self {
        let in_hand = TaskTracker::new();
        let places = WorkQueue::ALL.map(|queue| {
            let parallel = queue.parallel(config);
            let places = Arc::new(Semaphore::new(parallel.into()));
            Hand { queue, parallel, places, in_hand: in_hand.clone(), meter: Arc::clone(meter) }
        });
        Self { places, in_hand }
    }

    pub(super) fn all(&self) -> [Hand; WorkQueue::ALL.len()] {
        self.places.clone()
    }

    /// Waits for the jobs in hand. None may be taken any more.
    pub(super) async fn finish(&self) {
        self.in_hand.close();
        self.in_hand.wait().await;
    }
}

/// Runs what comes out of a hand's queue until `ending`. Errors when RabbitMQ sends no more.
pub(super) async fn consume(
    app: &Arc<App>,
    connection: &Connection,
    names: &Names,
    hand: Hand,
    ending: &CancellationToken,
) -> anyhow::Result<()> {
    let queue = names.queue(hand.queue);
    let mut deliveries = Deliveries::of(connection, queue, hand.parallel, ending).await?;
    while let Some(delivery) = deliveries.next().await? {
        let Ok(place) = Arc::clone(&hand.places).acquire_owned().await else { return Ok(()) };
        // Its channel stays open until it is acknowledged.
        let (app, meter) = (Arc::clone(app), Arc::clone(&hand.meter));
        let channel = deliveries.channel.clone();
        hand.in_hand.spawn(async move {
            work_on(&app, &meter, delivery).await;
            drop((place, channel));
        });
    }
    Ok(())
}

async fn work_on(app: &Arc<App>, meter: &Meter, delivery: Delivery) {
    let Some(message) = read(&delivery) else { return acknowledge(meter, delivery).await };
    let Some(taken) = persist(app, || take_if_current(app, &message)).await else { return };
    if let Some(row) = taken {
        run_one(app, message.database, row).await;
    }
    acknowledge(meter, delivery).await;
}

/// A message of a newer release is left to its relay, which sends it again.
fn read(delivery: &Delivery) -> Option<Message> {
    serde_json::from_slice(&delivery.data)
        .inspect_err(|error| tracing::warn!(%error, "a message that this build cannot read"))
        .ok()
}

/// RabbitMQ gives an unacknowledged message to another worker, which finds that its row has changed.
async fn acknowledge(meter: &Meter, delivery: Delivery) {
    let started = meter.acknowledge.start();
    let done = delivery.ack(BasicAckOptions::default()).await;
    started.end(done.is_err().then_some("failed"));
    if let Err(error) = done {
        tracing::debug!(%error, "cannot acknowledge a message");
    }
}

async fn take_if_current(app: &App, message: &Message) -> Result<Option<JobRow>, StoreError> {
    let engine = message.database.engine(app);
    let mut transaction = engine.begin().await?;
    let Some(row) = table::find(&mut transaction, message.id).await?.filter(|row| message.is_about(row))
    else {
        return Ok(None);
    };
    let taken = take(app, &mut transaction, row).await?;
    transaction.commit().await?;
    Ok(taken)
}

/// Buries the jobs of messages that RabbitMQ has given up.
pub(super) async fn bury_dead(
    app: &Arc<App>,
    connection: &Connection,
    names: &Names,
    meter: &Meter,
    ending: &CancellationToken,
) -> anyhow::Result<()> {
    let mut deliveries = Deliveries::of(connection, names.dead(), 1, ending).await?;
    while let Some(delivery) = deliveries.next().await? {
        if let Some(message) = read(&delivery) {
            let Some(()) = persist(app, || bury_if_current(app, &message)).await else { return Ok(()) };
        }
        acknowledge(meter, delivery).await;
    }
    Ok(())
}

async fn bury_if_current(app: &App, message: &Message) -> Result<(), StoreError> {
    const REASON: &str = "RabbitMQ gave its message to one worker after the other, and none answered";
    let mut transaction = message.database.engine(app).begin().await?;
    if let Some(row) = table::find(&mut transaction, message.id).await?.filter(|row| message.is_about(row)) {
        outcome::bury(&mut transaction, &row, REASON).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Waits for a database that is away: giving the message back would only bring it again at once. None at the end.
async fn persist<T, F: Future<Output = Result<T, StoreError>>>(
    app: &App,
    mut attempt: impl FnMut() -> F,
) -> Option<T> {
    loop {
        match attempt().await {
            Ok(done) => return Some(done),
            Err(error) => tracing::warn!(%error, "cannot look for a message's job"),
        }
        app.stopping.run_until_cancelled(tokio::time::sleep(TRIES_AGAIN_AFTER)).await?;
    }
}

/// What comes out of a queue.
struct Deliveries<'a> {
    channel: Channel,
    consumer: Consumer,
    ending: &'a CancellationToken,
}

impl<'a> Deliveries<'a> {
    async fn of(
        connection: &Connection,
        queue: String,
        prefetch: u16,
        ending: &'a CancellationToken,
    ) -> anyhow::Result<Self> {
        let channel = connection.create_channel().await?;
        channel.basic_qos(prefetch, BasicQosOptions::default()).await?;
        let options = BasicConsumeOptions::default();
        let consumer = channel.basic_consume(queue.into(), "".into(), options, FieldTable::default()).await?;
        Ok(Self { channel, consumer, ending })
    }

    /// None at the end.
    async fn next(&mut self) -> anyhow::Result<Option<Delivery>> {
        match self.ending.run_until_cancelled(self.consumer.next()).await {
            None => Ok(None),
            Some(delivery) => Ok(Some(delivery.context("RabbitMQ ended a queue")??)),
        }
    }
}

//! Publishes due jobs, and believes in a message only when RabbitMQ has confirmed it. A job that has failed is published
//! at once to the queue of its wait; what else is due later stays in its table until then.
//!
//! Every process does: those that only serve requests hand on the jobs of their own commits at once. The mark in the
//! row lets several do so at the same time. What fails is unmarked, so that the next who looks sends it again.

use std::{sync::Arc, time::Duration};

use anyhow::bail;
use futures::future::join_all;
use lapin::{BasicProperties, Channel, Confirmation, options::BasicPublishOptions};
use tokio_util::sync::CancellationToken;

use super::{
    message::Message,
    meter::Meter,
    topology::{Names, WorkQueue, retry_for},
};
use crate::{
    App,
    domain::job,
    jobs::{Outbox, POLL, millis, outcome},
    store::{
        StoreError,
        jobs::{JobRow, publishing},
    },
};

/// Rows of one look into a table.
const BATCH: u32 = 100;
/// RabbitMQ that takes longer to confirm is taken for away.
const CONFIRMS_WITHIN: Duration = Duration::from_secs(10);
/// A relay that died while it published holds its rows so long.
const SENDING: Duration = Duration::from_secs(30);
/// A message that is gone without a trace, such as out of a purged queue, is sent again after this. One that still
/// waits is then doubled, which costs a look into the table.
const BELIEVED: Duration = Duration::from_secs(60 * 60);
const PERSISTENT: u8 = 2;

pub(super) struct Relay<'a> {
    pub app: &'a Arc<App>,
    /// With confirmations.
    pub channel: Channel,
    pub names: &'a Names,
    pub meter: &'a Meter,
}

/// A row on its way, with its mark.
struct Marked {
    row: JobRow,
    way: Way,
    until: i64,
}

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// To the workers.
    Work,
    /// To them after so long.
    Retry(Duration),
}

impl Way {
    /// None for a job that waits in its table.
    fn of(row: &JobRow, now: i64) -> Option<Self> {
        match u64::try_from(row.run_at - now) {
            Err(_) | Ok(0) => Some(Self::Work),
            Ok(left) => retry_for(Duration::from_millis(left)).map(Self::Retry),
        }
    }
}

async fn confirmed(sent: Option<lapin::PublisherConfirm>) -> Outcome {
    let Some(confirmation) = sent else { return Outcome::Lost };
    match tokio::time::timeout(CONFIRMS_WITHIN, confirmation).await {
        Ok(Ok(confirmation)) => Outcome::of(confirmation),
        Ok(Err(_)) | Err(_) => Outcome::Lost,
    }
}

impl Relay<'_> {
    /// Errors when RabbitMQ has not taken a message.
    pub(super) async fn run(&self, ending: &CancellationToken) -> anyhow::Result<()> {
        while !ending.is_cancelled() {
            if !self.channel.status().connected() {
                bail!("the channel was closed");
            }
            for outbox in Outbox::BOTH {
                self.unmark_old(outbox).await;
                while self.publish_some(outbox).await? && !ending.is_cancelled() {}
            }
            let wait = self.until_next_due().await;
            tokio::select! {
                () = self.app.jobs_wake.notified() => {}
                () = ending.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        Ok(())
    }

    async fn until_next_due(&self) -> Duration {
        let mut wait = POLL;
        for outbox in Outbox::BOTH {
            let Ok(mut reader) = outbox.engine(self.app).fresh().await else { continue };
            if let Ok(Some(due)) = publishing::next_unpublished(&mut reader).await {
                // What is due and could not be marked now waits for the database to be back.
                let millis = u64::try_from(due - self.app.now()).unwrap_or(1000).max(20);
                wait = wait.min(Duration::from_millis(millis));
            }
        }
        wait
    }

    async fn unmark_old(&self, outbox: Outbox) {
        let now = self.app.now();
        let unmarked = async {
            if !publishing::has_marks(&mut *outbox.engine(self.app).fresh().await?, now).await? {
                return Ok(());
            }
            let mut transaction = outbox.engine(self.app).begin().await?;
            publishing::remove_marks(&mut transaction, now).await?;
            transaction.commit().await
        };
        if let Err(error) = unmarked.await {
            let error: StoreError = error;
            tracing::warn!(%error, ?outbox, "cannot look for lost messages");
        }
    }

    /// Whether there may be more.
    async fn publish_some(&self, outbox: Outbox) -> anyhow::Result<bool> {
        let marked = match self.mark_due(outbox).await {
            Ok(marked) => marked,
            Err(error) => {
                tracing::warn!(%error, ?outbox, "cannot take jobs to publish");
                return Ok(false);
            }
        };
        if marked.is_empty() {
            return Ok(false);
        }
        let outcomes = self.publish(outbox, &marked).await;
        if let Err(error) = self.record(outbox, &marked, &outcomes).await {
            // The marks run out, and the messages are sent again.
            tracing::warn!(%error, ?outbox, "cannot record what was published");
        }
        if let Some(failed) = outcomes.iter().find(|outcome| **outcome != Outcome::Confirmed) {
            bail!("a message was {}", failed.as_str());
        }
        Ok(true)
    }

    /// Marks due rows. Those whose worker has ended are put back instead.
    async fn mark_due(&self, outbox: Outbox) -> Result<Vec<Marked>, StoreError> {
        let now = self.app.now();
        let mut reader = outbox.engine(self.app).fresh().await?;
        let waits_until = now + millis(job::backoffs().max().unwrap_or_default());
        let found = publishing::unpublished(&mut reader, now, waits_until, BATCH).await?;
        if !found.iter().any(|row| row.is_lost() || Way::of(row, now).is_some()) {
            return Ok(Vec::new());
        }
        drop(reader);
        let until = now + millis(SENDING);
        let mut transaction = outbox.engine(self.app).begin().await?;
        let mut marked = Vec::new();
        for row in publishing::unpublished(&mut transaction, now, waits_until, BATCH).await? {
            if row.is_lost() {
                outcome::note_loss(self.app, &mut transaction, &row).await?;
            } else if let Some(way) = Way::of(&row, now)
                && publishing::mark(&mut transaction, row.id, row.attempts, until).await?
            {
                marked.push(Marked { row, way, until });
            }
        }
        transaction.commit().await?;
        Ok(marked)
    }

    async fn publish(&self, outbox: Outbox, marked: &[Marked]) -> Vec<Outcome> {
        let mut sent = Vec::with_capacity(marked.len());
        for message in marked {
            let started = self.meter.publish.start();
            sent.push((started, self.send(outbox, message).await));
        }
        join_all(sent.into_iter().map(|(started, sent)| async {
            let outcome = confirmed(sent).await;
            started.end((outcome != Outcome::Confirmed).then_some(outcome.as_str()));
            outcome
        }))
        .await
    }

    async fn send(
        &self,
        outbox: Outbox,
        Marked { row, way, .. }: &Marked,
    ) -> Option<lapin::PublisherConfirm> {
        let body = serde_json::to_vec(&Message::of(outbox, row)).ok()?;
        let properties = BasicProperties::default()
            .with_delivery_mode(PERSISTENT)
            .with_content_type("application/json".into())
            .with_message_id(row.id.to_string().into());
        let mandatory = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let key = WorkQueue::of(outbox, &row.kind).as_str().into();
        let exchange = match way {
            Way::Work => self.names.jobs(),
            Way::Retry(wait) => self.names.retry(*wait),
        };
        let sent = self.channel.basic_publish(exchange.into(), key, mandatory, &body, properties);
        tokio::time::timeout(CONFIRMS_WITHIN, sent).await.ok()?.ok()
    }

    async fn record(
        &self,
        outbox: Outbox,
        marked: &[Marked],
        outcomes: &[Outcome],
    ) -> Result<(), StoreError> {
        let now = self.app.now();
        let mut transaction = outbox.engine(self.app).begin().await?;
        for (Marked { row, way, until }, outcome) in marked.iter().zip(outcomes) {
            let queue = match way {
                Way::Work => WorkQueue::of(outbox, &row.kind).as_str(),
                Way::Retry(_) => "retry",
            };
            metrics::counter!("jobs_published_total", "queue" => queue, "outcome" => outcome.as_str())
                .increment(1);
            let believed = now.max(row.run_at) + millis(BELIEVED);
            let mark = if *outcome == Outcome::Confirmed { believed } else { 0 };
            publishing::change_mark(&mut transaction, row.id, *until, mark).await?;
        }
        transaction.commit().await
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Confirmed,
    /// No queue for it: somebody has deleted one.
    Returned,
    Refused,
    /// Not answered.
    Lost,
}

impl Outcome {
    fn of(confirmation: Confirmation) -> Self {
        match confirmation {
            Confirmation::Ack(None) => Self::Confirmed,
            Confirmation::Ack(Some(_)) | Confirmation::Nack(Some(_)) => Self::Returned,
            Confirmation::Nack(None) => Self::Refused,
            Confirmation::NotRequested => Self::Lost,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Returned => "returned",
            Self::Refused => "refused",
            Self::Lost => "lost",
        }
    }
}

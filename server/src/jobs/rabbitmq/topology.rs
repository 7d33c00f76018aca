//! Exchanges and queues, declared by every process that connects.
//!
//! A queue's arguments can never be changed: one that needs others gets another name.

use std::{collections::BTreeMap, time::Duration};

use lapin::{
    Channel, Connection, ExchangeKind,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};

use crate::{
    config::Config,
    domain::job,
    jobs::{Outbox, POLL, millis},
};

/// A message that so many workers got and none has settled goes to the dead letters. More than a bad hour of the
/// network needs: the count of a job's own losses is in its row.
const DELIVERY_LIMIT: i32 = 20;

/// Each has its own consumers, so that slow work of one kind never waits before quick work of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WorkQueue {
    /// What the accounts tell the library.
    Accounts,
    /// Pictures: the processors' work.
    Render,
    /// Bytes of the stores: slow, and hanging with them.
    Copies,
    /// The library's rows.
    Library,
}

impl WorkQueue {
    pub(super) const ALL: [Self; 4] = [Self::Accounts, Self::Render, Self::Copies, Self::Library];

    /// Where jobs of a kind go. Of a kind this build does not know, too: another's worker may.
    pub(super) fn of(outbox: Outbox, kind: &str) -> Self {
        match (outbox, kind) {
            (Outbox::Accounts, _) => Self::Accounts,
            (_, "render" | "render_one") => Self::Render,
            (
                _,
                "repair_store" | "remove_bytes" | "remove_renditions" | "scrub_copies" | "retry_repairs"
                | "sweep_stores",
            ) => Self::Copies,
            _ => Self::Library,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Render => "render",
            Self::Copies => "copies",
            Self::Library => "library",
        }
    }

    /// Jobs in hand at the same time, and messages a worker has before others get theirs.
    pub(super) fn parallel(self, config: &Config) -> u16 {
        match self {
            // More would only wait for a rendering process.
            Self::Render => u16::try_from(config.rendering.processes).unwrap_or(u16::MAX),
            // One that hangs with its store leaves the other.
            Self::Copies => 2,
            // Rows alone: the database is the limit.
            Self::Accounts | Self::Library => 2,
        }
    }
}

/// What everything is called under a prefix.
pub(super) struct Names(String);

impl Names {
    pub(super) fn new(prefix: &str) -> Self {
        Self(prefix.to_owned())
    }

    /// The exchange jobs are published to.
    pub(super) fn jobs(&self) -> String {
        format!("{}.jobs", self.0)
    }

    /// The exchange, and the queue, of messages that were given up.
    pub(super) fn dead(&self) -> String {
        format!("{}.dead", self.0)
    }

    pub(super) fn queue(&self, queue: WorkQueue) -> String {
        format!("{}.{}", self.0, queue.as_str())
    }

    /// The exchange, and the queue, of failed jobs that wait so long.
    pub(super) fn retry(&self, wait: Duration) -> String {
        format!("{}.retry.{}s", self.0, wait.as_secs())
    }

    /// Every queue, and what a gauge calls it.
    fn queues(&self) -> impl Iterator<Item = (String, &'static str)> {
        let work = WorkQueue::ALL.into_iter().map(|queue| (self.queue(queue), queue.as_str()));
        let retries = job::backoffs().map(|wait| (self.retry(wait), "retry"));
        work.chain(retries).chain([(self.dead(), "dead")])
    }
}

/// The queue in which a failed job waits that is due in `left`. None when it would come too late out of each: a
/// broker was away, and a part of the wait is over.
pub(super) fn retry_for(left: Duration) -> Option<Duration> {
    job::backoffs().find(|wait| *wait >= left).filter(|wait| *wait - left <= POLL)
}

/// How many messages are ready in the queues, under the names of a gauge. None when a queue is missing, with all that
/// was in it.
pub(super) async fn depths(
    connection: &Connection,
    names: &Names,
) -> anyhow::Result<Option<BTreeMap<&'static str, u64>>> {
    let channel = connection.create_channel().await?;
    let mut depths = BTreeMap::new();
    for (queue, name) in names.queues() {
        let look = QueueDeclareOptions::durable().passive();
        let found = match channel.queue_declare(queue.into(), look, FieldTable::default()).await {
            // The answer has closed the channel.
            Err(error) if error.is_amqp_soft_error() => return Ok(None),
            found => found?,
        };
        *depths.entry(name).or_default() += u64::from(found.message_count());
    }
    channel.close(200, "OK".into()).await?;
    Ok(Some(depths))
}

/// Does nothing to what is there already.
pub(super) async fn declare(connection: &Connection, names: &Names) -> anyhow::Result<()> {
    let channel = connection.create_channel().await?;
    let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    let none = FieldTable::default;
    channel.exchange_declare(names.jobs().into(), ExchangeKind::Direct, durable, none()).await?;
    channel.exchange_declare(names.dead().into(), ExchangeKind::Fanout, durable, none()).await?;
    let bind = QueueBindOptions::default;
    declare_queue(&channel, names.dead(), quorum()).await?;
    channel.queue_bind(names.dead().into(), names.dead().into(), "".into(), bind(), none()).await?;
    for queue in WorkQueue::ALL {
        let mut arguments = quorum();
        arguments.insert("x-delivery-limit".into(), DELIVERY_LIMIT.into());
        arguments.insert("x-dead-letter-exchange".into(), long_string(&names.dead()));
        let name = names.queue(queue);
        declare_queue(&channel, name.clone(), arguments).await?;
        let key = queue.as_str().into();
        channel.queue_bind(name.into(), names.jobs().into(), key, bind(), none()).await?;
    }
    for wait in job::backoffs() {
        let name = names.retry(wait);
        let mut arguments = quorum();
        arguments.insert("x-message-ttl".into(), AMQPValue::LongLongInt(millis(wait)));
        // Under the key it came with: that of its queue of work.
        arguments.insert("x-dead-letter-exchange".into(), long_string(&names.jobs()));
        channel.exchange_declare(name.clone().into(), ExchangeKind::Fanout, durable, none()).await?;
        declare_queue(&channel, name.clone(), arguments).await?;
        channel.queue_bind(name.clone().into(), name.into(), "".into(), bind(), none()).await?;
    }
    Ok(channel.close(200, "OK".into()).await?)
}

async fn declare_queue(channel: &Channel, name: String, arguments: FieldTable) -> lapin::Result<()> {
    channel.queue_declare(name.into(), QueueDeclareOptions::durable(), arguments).await.map(drop)
}

/// Kept by a majority of the brokers.
fn quorum() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), long_string("quorum"));
    arguments
}

fn long_string(text: &str) -> AMQPValue {
    AMQPValue::LongString(text.into())
}

#[cfg(test)]
mod tests {
    use picup_api::PhotoId;
    use uuid::Uuid;

    use super::*;
    use crate::domain::job::LibraryJob;

    #[test]
    fn a_failed_job_waits_in_the_queue_of_its_wait_and_comes_a_look_too_late_at_most() {
        let (second, millis) = (Duration::from_secs, Duration::from_millis);
        assert_eq!(retry_for(second(8)), Some(second(8)));
        assert_eq!(retry_for(millis(7_950)), Some(second(8)));
        assert_eq!(retry_for(second(2044)), Some(second(2048)));
        assert_eq!(retry_for(second(2000)), None, "48 seconds too late");
        assert_eq!(retry_for(second(30 * 86_400)), None, "no queue for it");
    }

    #[test]
    fn the_names_of_jobs_lead_to_their_queues() {
        let kind = |job: &LibraryJob| serde_json::to_value(job).unwrap()["kind"].as_str().unwrap().to_owned();
        let photo = PhotoId(Uuid::nil());
        for (job, queue) in [
            (LibraryJob::Render { photo, family: None }, WorkQueue::Render),
            (LibraryJob::RepairStore { store: "main".into() }, WorkQueue::Copies),
            (LibraryJob::RemoveBytes { store: "main".into() }, WorkQueue::Copies),
            (LibraryJob::ScrubCopies, WorkQueue::Copies),
            (LibraryJob::RetryRepairs, WorkQueue::Copies),
            (LibraryJob::SweepStores, WorkQueue::Copies),
            (LibraryJob::PurgePhoto { photo }, WorkQueue::Library),
            (LibraryJob::ExpireUploads, WorkQueue::Library),
        ] {
            assert_eq!(WorkQueue::of(Outbox::Library, &kind(&job)), queue, "{job:?}");
        }
        assert_eq!(WorkQueue::of(Outbox::Accounts, "family.deleted"), WorkQueue::Accounts);
    }
}

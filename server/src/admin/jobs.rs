//! `admin jobs …`: work that waits, and work that was given up.

use std::sync::Arc;

use anyhow::bail;
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    App,
    ops::operations::jobs::{self, Queue, StoredJob},
};

#[derive(Debug, Subcommand)]
pub enum JobsCommand {
    /// Jobs of one state, oldest first.
    List {
        #[arg(long, value_enum, default_value_t = State::Dead)]
        state: State,
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Puts dead jobs back into the queue.
    Retry {
        /// All of them when none is named.
        ids: Vec<Uuid>,
    },
    /// Removes a dead job for good.
    Drop {
        #[arg(required = true)]
        ids: Vec<Uuid>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum State {
    Waiting,
    Dead,
}

pub(super) async fn run(app: &Arc<App>, command: JobsCommand) -> anyhow::Result<Value> {
    match command {
        JobsCommand::List { state, limit } => {
            let queue = match state {
                State::Waiting => Queue::Waiting,
                State::Dead => Queue::Dead,
            };
            let listed = jobs::list(app, queue, limit).await?;
            Ok(json!({"jobs": listed.iter().map(describe).collect::<Vec<_>>()}))
        }
        JobsCommand::Retry { ids } => {
            let retried = jobs::retry(app, &ids).await?;
            all_found(&ids, retried.len())?;
            Ok(json!({"retried": retried}))
        }
        JobsCommand::Drop { ids } => {
            let dropped = jobs::drop_dead(app, &ids).await?;
            all_found(&ids, dropped.len())?;
            Ok(json!({"dropped": dropped}))
        }
    }
}

fn all_found(ids: &[Uuid], found: usize) -> anyhow::Result<()> {
    if found < ids.len() {
        bail!("{} of the named jobs are not in the dead-letter list", ids.len() - found);
    }
    Ok(())
}

fn describe(job: &StoredJob) -> Value {
    json!({
        "id": job.id, "database": job.database, "job": job.payload, "state": job.state, "attempts": job.attempts,
        "created_at": job.created_at.to_string(), "run_at": job.run_at.to_string(), "last_error": job.last_error,
    })
}

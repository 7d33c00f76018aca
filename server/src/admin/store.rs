//! `admin store …`: where the bytes are, and whether they are good.

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::Answer;
use crate::{
    App,
    ops::operations::{
        compare::{self, Comparison, Wish},
        stores,
    },
};

#[derive(Debug, Args)]
pub struct StoreArgs {
    /// One JSON document from `compare` too; the others print nothing else.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: StoreCommand,
}

#[derive(Debug, Subcommand)]
enum StoreCommand {
    /// Counts the copies of every store, tells how far the scrub is, and names originals no store has.
    Status,
    /// Reads every copy now and compares it. Bad ones are set aside and repaired by the running server.
    Scrub {
        /// One store; all of them without.
        #[arg(long)]
        store: Option<String>,
    },
    /// Writes missing and bad copies now, also those given up.
    Repair {
        /// One store; all of them without.
        #[arg(long)]
        store: Option<String>,
    },
    /// Prints a line for each difference between the ledger and the stores, and fails when there is one.
    Compare {
        /// Also reads every copy and compares its digest.
        #[arg(long)]
        read: bool,
        /// Prints no more than this.
        #[arg(long, default_value_t = 10_000)]
        limit: usize,
    },
    /// Takes an empty or replaced disk or bucket as the store of that name. Scrub afterwards.
    Adopt { store: String },
}

pub(super) async fn run(app: &Arc<App>, arguments: StoreArgs) -> anyhow::Result<Answer> {
    Ok(match arguments.command {
        StoreCommand::Status => Answer::of(serde_json::to_value(stores::status(app).await?)?),
        StoreCommand::Scrub { store } => {
            Answer::of(json!({"stores": stores::scrub_now(app, store.as_deref()).await?}))
        }
        StoreCommand::Repair { store } => {
            Answer::of(json!({"stores": stores::repair_now(app, store.as_deref()).await?}))
        }
        StoreCommand::Compare { read, limit } => {
            let compared = compare::compare(app, Wish { read, limit }).await?;
            let answer =
                if arguments.json { Answer::of(serde_json::to_value(&compared)?) } else { lines(&compared) };
            answer.failing(!compared.is_equal())
        }
        StoreCommand::Adopt { store } => {
            stores::adopt(app, &store).await?;
            Answer::of(json!({"adopted": store}))
        }
    })
}

fn lines(compared: &Comparison) -> Answer {
    let differences = compared
        .differences
        .iter()
        .map(|found| format!("{} {}: {}", found.store, found.key, found.difference.sentence()));
    let untold = compared.found - compared.differences.len() as u64;
    let more = (untold > 0).then(|| format!("and {untold} more"));
    let stores = compared.stores.iter().map(|(name, store)| match &store.error {
        Some(error) => format!("{name} cannot be compared: {error}"),
        None => format!("{name}: {} copies in the ledger, {} in the store", store.copies, store.objects),
    });
    Answer::Lines { lines: differences.chain(more).chain(stores).collect(), has_failed: false }
}

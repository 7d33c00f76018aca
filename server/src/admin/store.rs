//! `admin store …`: where the bytes are, and whether they are good.

use std::sync::Arc;

use clap::Subcommand;
use serde_json::{Value, json};

use crate::{App, ops::operations::stores};

#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Counts the copies of every store, and names originals no store has.
    Status,
    /// Reads every copy now and compares it. Bad ones are set aside and repaired by the running server.
    Scrub {
        /// One store; all of them without.
        #[arg(long)]
        store: Option<String>,
    },
    /// Has missing and bad copies written again, also those given up.
    Repair,
    /// Takes an empty or replaced disk as the store of that name. Scrub afterwards.
    Adopt { store: String },
}

pub(super) async fn run(app: &Arc<App>, command: StoreCommand) -> anyhow::Result<Value> {
    match command {
        StoreCommand::Status => Ok(serde_json::to_value(stores::status(app).await?)?),
        StoreCommand::Scrub { store } => {
            let found = stores::scrub_now(app, store.as_deref()).await?;
            Ok(json!({"stores": found}))
        }
        StoreCommand::Repair => {
            stores::repair_all(app).await?;
            Ok(json!({"enqueued": true}))
        }
        StoreCommand::Adopt { store } => {
            stores::adopt(app, &store).await?;
            Ok(json!({"adopted": store}))
        }
    }
}

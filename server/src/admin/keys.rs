//! `picup-server admin keys …`.

use anyhow::Context;
use clap::Subcommand;
use serde_json::{Value, json};

use crate::{App, ops::accounts::keys, seal};

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Makes a fresh key sign access tokens. A running server notices within a minute; nobody is signed out.
    Rotate {
        /// Also adds a master key, which seals what is written after the next start.
        #[arg(long)]
        master: bool,
    },
}

pub(super) async fn run(app: &App, command: KeysCommand) -> anyhow::Result<Value> {
    match command {
        KeysCommand::Rotate { master } => {
            let signing = keys::rotate(app).await?;
            let master = match master {
                true => Some(seal::rotate(&app.config.keys_dir()).context("cannot rotate the master key")?),
                false => None,
            };
            Ok(json!({ "signing_key": signing, "master_key": master }))
        }
    }
}

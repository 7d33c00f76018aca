//! `picup-server admin …`: what an installer does from the shell.
//!
//! Works on the data directory beside a running server. Prints JSON: scripts read it, secrets appear once.

mod families;
mod frames;
mod jobs;
mod keys;
mod members;
mod store;

use std::sync::Arc;

use clap::Subcommand;
use serde_json::Value;

use crate::{App, Error, config::Config};

#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Families and their first owner.
    #[command(subcommand)]
    Family(families::FamilyCommand),
    /// Lets frames in.
    #[command(subcommand)]
    Frame(frames::FrameCommand),
    /// Work that waits or was given up.
    #[command(subcommand)]
    Jobs(jobs::JobsCommand),
    /// Keys that sign and seal.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Members and forgotten passwords.
    #[command(subcommand)]
    Member(members::MemberCommand),
    /// Where photos' bytes are.
    #[command(subcommand)]
    Store(store::StoreCommand),
}

/// Runs one command and prints its result as JSON.
pub async fn run(config: Config, command: AdminCommand) -> anyhow::Result<()> {
    let app = App::build(config).await?;
    let result = answer(&app, command).await;
    app.close().await;
    print(&result?)
}

async fn answer(app: &Arc<App>, command: AdminCommand) -> anyhow::Result<Value> {
    match command {
        AdminCommand::Family(command) => families::run(app, command).await,
        AdminCommand::Frame(command) => frames::run(app, command).await,
        AdminCommand::Jobs(command) => jobs::run(app, command).await,
        AdminCommand::Keys(command) => keys::run(app, command).await,
        AdminCommand::Member(command) => members::run(app, command).await,
        AdminCommand::Store(command) => store::run(app, command).await,
    }
}

/// An error with every faulty field, for the person at the shell.
fn explain(error: Error) -> anyhow::Error {
    let fields: Vec<_> =
        error.fields().iter().map(|fault| format!("{} is {}", fault.field, fault.code)).collect();
    if fields.is_empty() { error.into() } else { anyhow::anyhow!("{error}: {}", fields.join(", ")) }
}

#[expect(clippy::print_stdout, reason = "the result is this command's output")]
fn print(result: &Value) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(result)?);
    Ok(())
}

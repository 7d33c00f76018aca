//! `picup-server admin …`: what an installer does from the shell.
//!
//! Works on the data directory beside a running server. Prints JSON: scripts read it, secrets appear once.

mod families;
mod frames;
mod jobs;
mod keys;
mod members;
mod store;

use std::{process::ExitCode, sync::Arc};

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
    Store(store::StoreArgs),
}

/// What a command prints, and whether the shell should take it for a failure.
enum Answer {
    Json { value: Value, has_failed: bool },
    Lines { lines: Vec<String>, has_failed: bool },
}

impl Answer {
    fn of(value: Value) -> Self {
        Self::Json { value, has_failed: false }
    }

    fn failing(self, has_failed: bool) -> Self {
        match self {
            Self::Json { value, .. } => Self::Json { value, has_failed },
            Self::Lines { lines, .. } => Self::Lines { lines, has_failed },
        }
    }
}

/// Runs one command and prints its result.
pub async fn run(config: Config, command: AdminCommand) -> anyhow::Result<ExitCode> {
    let app = App::build(config).await?;
    let answer = answer(&app, command).await;
    app.close().await;
    print(&answer?)
}

async fn answer(app: &Arc<App>, command: AdminCommand) -> anyhow::Result<Answer> {
    let value = match command {
        AdminCommand::Family(command) => families::run(app, command).await?,
        AdminCommand::Frame(command) => frames::run(app, command).await?,
        AdminCommand::Jobs(command) => jobs::run(app, command).await?,
        AdminCommand::Keys(command) => keys::run(app, command).await?,
        AdminCommand::Member(command) => members::run(app, command).await?,
        AdminCommand::Store(arguments) => return store::run(app, arguments).await,
    };
    Ok(Answer::of(value))
}

/// An error with every faulty field, for the person at the shell.
fn explain(error: Error) -> anyhow::Error {
    let fields: Vec<_> =
        error.fields().iter().map(|fault| format!("{} is {}", fault.field, fault.code)).collect();
    if fields.is_empty() { error.into() } else { anyhow::anyhow!("{error}: {}", fields.join(", ")) }
}

#[expect(clippy::print_stdout, reason = "the result is this command's output")]
fn print(answer: &Answer) -> anyhow::Result<ExitCode> {
    let has_failed = match answer {
        Answer::Json { value, has_failed } => {
            println!("{}", serde_json::to_string_pretty(value)?);
            *has_failed
        }
        Answer::Lines { lines, has_failed } => {
            lines.iter().for_each(|line| println!("{line}"));
            *has_failed
        }
    };
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

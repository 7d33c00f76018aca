//! `picup-server admin …`: what an installer does from the shell.
//!
//! Works on the data directory beside a running server.

use clap::Subcommand;

use crate::config::Config;

#[derive(Debug, Subcommand)]
pub enum AdminCommand {}

/// Runs one command and prints its result as JSON.
pub async fn run(_config: Config, command: AdminCommand) -> anyhow::Result<()> {
    match command {}
}

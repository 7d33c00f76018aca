//! `picup-server admin member …`.

use clap::Subcommand;
use serde_json::{Value, json};

use crate::{App, ops::accounts::installer};

#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    List,
    /// Gives a member a new password, ends their sessions, and prints the password once.
    ResetPassword {
        #[arg(long)]
        email: String,
        /// Generated when left out.
        #[arg(long, env = "PICUP_NEW_PASSWORD", hide_env_values = true)]
        password: Option<String>,
    },
}

pub(super) async fn run(app: &App, command: MemberCommand) -> anyhow::Result<Value> {
    match command {
        MemberCommand::List => {
            let members = installer::list_members(app).await?;
            Ok(serde_json::to_value(members)?)
        }
        MemberCommand::ResetPassword { email, password } => {
            let password = installer::reset_password(app, &email, password).await.map_err(super::explain)?;
            Ok(json!({ "email": email, "password": password }))
        }
    }
}

//! `picup-server admin family …`.

use clap::{Subcommand, ValueEnum};
use picup_api::account::Locale;
use serde_json::{Value, json};

use crate::{App, ops::accounts::installer};

#[derive(Debug, Subcommand)]
pub enum FamilyCommand {
    /// Makes a family and its owner; prints the sign-in once.
    CreateHome {
        #[arg(long)]
        email: String,
        #[arg(long)]
        display_name: String,
        #[arg(long)]
        family_name: String,
        #[arg(long, value_enum, default_value_t = Language::Ko)]
        locale: Language,
        /// Generated when left out. Visible to other users of this machine while the command runs.
        #[arg(long, env = "PICUP_OWNER_PASSWORD", hide_env_values = true)]
        password: Option<String>,
    },
    List,
}

/// A member's language.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Language {
    Ko,
    En,
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::Ko => Self::Ko,
            Language::En => Self::En,
        }
    }
}

pub(super) async fn run(app: &App, command: FamilyCommand) -> anyhow::Result<Value> {
    match command {
        FamilyCommand::CreateHome { email, display_name, family_name, locale, password } => {
            let home =
                installer::NewHome { email, display_name, family_name, locale: locale.into(), password };
            let home = installer::create_home(app, home).await.map_err(super::explain)?;
            Ok(json!({
                "family_id": home.family,
                "member_id": home.owner,
                "email": home.email,
                "password": home.password,
            }))
        }
        FamilyCommand::List => {
            let lines = installer::list_families(app).await?.into_iter().map(|line| {
                json!({ "id": line.id, "name": line.name, "members": line.members, "frames": line.frames })
            });
            Ok(Value::Array(lines.collect()))
        }
    }
}

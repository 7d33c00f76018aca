//! `picup-server admin frame …`.

use clap::Subcommand;
use picup_api::{FamilyId, frame::PairingApproval};
use serde_json::Value;

use crate::{App, ops::accounts::installer};

#[derive(Debug, Subcommand)]
pub enum FrameCommand {
    /// Lets the frame that shows this code into a family.
    Approve {
        #[arg(long)]
        user_code: String,
        /// The first family when left out.
        #[arg(long)]
        family: Option<FamilyId>,
        #[arg(long)]
        name: String,
    },
}

pub(super) async fn run(app: &App, command: FrameCommand) -> anyhow::Result<Value> {
    match command {
        FrameCommand::Approve { user_code, family, name } => {
            let approval = PairingApproval { user_code, name };
            let frame = installer::approve_frame(app, family, &approval).await.map_err(super::explain)?;
            Ok(serde_json::to_value(frame)?)
        }
    }
}

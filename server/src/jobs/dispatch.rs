//! Which operation each job is.

use std::sync::Arc;

use anyhow::Context;

use super::Outbox;
use crate::{
    App,
    domain::job::{AccountsJob, LibraryJob},
    store::jobs::JobRow,
};

/// Runs one job. An error means: try again later.
pub(super) async fn run(app: &Arc<App>, outbox: Outbox, row: &JobRow) -> anyhow::Result<()> {
    let unknown = || format!("this build does not know the job {}", row.kind);
    match outbox {
        Outbox::Accounts => run_accounts(app, serde_json::from_str(&row.payload).with_context(unknown)?).await,
        Outbox::Library => run_library(app, serde_json::from_str(&row.payload).with_context(unknown)?).await,
    }
}

async fn run_accounts(_app: &Arc<App>, job: AccountsJob) -> anyhow::Result<()> {
    match job {
        AccountsJob::FamilyCreated { .. } | AccountsJob::FamilyDeleted { .. } | AccountsJob::MemberDeleted { .. } => Ok(()),
    }
}

async fn run_library(_app: &Arc<App>, job: LibraryJob) -> anyhow::Result<()> {
    match job {}
}

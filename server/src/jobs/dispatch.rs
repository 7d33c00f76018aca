//! Which operation each job is.

use std::sync::Arc;

use anyhow::Context;
use picup_api::{ErrorCode, FamilyId, PhotoId, photo::Rendition};

use super::Outbox;
use crate::{
    App,
    domain::job::{AccountsJob, LibraryJob},
    ops::library::{
        copies::{leftovers, removal, repair, scrub},
        families, render, trash, uploads,
    },
    store::jobs::JobRow,
};

/// Runs one job. An error means: try again later.
pub(super) async fn run(app: &Arc<App>, outbox: Outbox, row: &JobRow) -> anyhow::Result<()> {
    let unknown = || format!("this build does not know the job {}", row.kind);
    match outbox {
        Outbox::Accounts => {
            run_accounts(app, serde_json::from_str(&row.payload).with_context(unknown)?).await
        }
        Outbox::Library => run_library(app, serde_json::from_str(&row.payload).with_context(unknown)?).await,
    }
}

async fn run_accounts(app: &Arc<App>, job: AccountsJob) -> anyhow::Result<()> {
    match job {
        AccountsJob::FamilyCreated { family } => families::created(app, family).await?,
        AccountsJob::FamilyDeleted { family } => families::deleted(app, family).await?,
        AccountsJob::MemberDeleted { member } => families::member_deleted(app, member).await?,
    }
    Ok(())
}

async fn run_library(app: &Arc<App>, job: LibraryJob) -> anyhow::Result<()> {
    match job {
        LibraryJob::Render { photo, family } => render::render(app, photo, family).await?,
        LibraryJob::RenderOne { photo, family, rendition } => {
            render_one(app, photo, family, rendition).await?
        }
        LibraryJob::PurgePhoto { photo } => trash::purge(app, photo).await?,
        LibraryJob::EraseFamily { family } => families::erase(app, family).await?,
        LibraryJob::RepairStore { store } => repair::repair_store(app, &store).await?,
        LibraryJob::RemoveBytes { store } => removal::remove_bytes(app, &store).await?,
        LibraryJob::RemoveRenditions { family, photo } => {
            removal::remove_renditions(app, family, photo).await?
        }
        LibraryJob::ScrubCopies => scrub::scrub_due(app).await?,
        LibraryJob::RetryRepairs => repair::start_anew(app).await?,
        LibraryJob::ExpireUploads => uploads::expire(app).await?,
        LibraryJob::SweepStores => leftovers::sweep(app).await,
    }
    Ok(())
}

/// The photo may have gone since it was asked for.
async fn render_one(
    app: &Arc<App>,
    photo: PhotoId,
    family: Option<FamilyId>,
    rendition: Rendition,
) -> anyhow::Result<()> {
    match render::make_one(app, photo, family, rendition).await {
        Err(error) if error.code() == ErrorCode::NotFound => Ok(()),
        made => Ok(made?),
    }
}

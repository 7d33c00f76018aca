//! The stores as their keeper sees them.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use picup_api::{ErrorCode, FamilyId, Timestamp};
use picup_blob::StoreId;
use serde::Serialize;

use crate::{
    App, Error, Result,
    ops::library::copies::{
        repair::{self, Repaired},
        scrub::{self, Scrubbed},
    },
    storage::{self, cause},
    store::{
        Connection,
        library::{copies, ledger, stores},
    },
};

const LOST_SHOWN: u32 = 1000;

#[derive(Clone, Debug, Serialize)]
pub struct Status {
    pub stores: BTreeMap<String, StoreStatus>,
    /// Originals no store has; at most a thousand.
    pub lost: Vec<Lost>,
}

#[derive(Clone, Debug, Serialize)]
pub struct StoreStatus {
    /// None when it can be used.
    pub error: Option<String>,
    /// Copies by state.
    pub copies: BTreeMap<String, i64>,
    pub scrub: ScrubProgress,
}

/// Of the copies that are present.
#[derive(Clone, Debug, Serialize)]
pub struct ScrubProgress {
    /// Read and compared within `storage.scrub_days`.
    pub verified: i64,
    /// Waiting for it.
    pub due: i64,
    /// When the longest unread copy was last read; none when there is no copy.
    pub oldest_verified_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Lost {
    pub family: FamilyId,
    pub sha256: String,
}

pub async fn status(app: &App) -> Result<Status> {
    let mut reader = app.library.fresh().await?;
    let mut all = BTreeMap::new();
    for store in app.storage.mirror.stores() {
        let copies = copies::counts(&mut reader, store.name()).await?.into_iter().collect();
        let scrub = scrub_progress(app, &mut reader, store.name()).await?;
        let error = store.probe().await.err().map(|error| cause(&error));
        all.insert(store.name().to_owned(), StoreStatus { error, copies, scrub });
    }
    let lost = copies::lost(&mut reader, LOST_SHOWN).await?.into_iter();
    let lost = lost.map(|(family, digest)| Lost { family: FamilyId(family), sha256: hex::encode(digest) });
    Ok(Status { stores: all, lost: lost.collect() })
}

async fn scrub_progress(app: &App, reader: &mut Connection, store: &str) -> Result<ScrubProgress> {
    let row = ledger::scrubbed(reader, store, scrub::due_before(app)).await?;
    Ok(ScrubProgress {
        verified: row.verified,
        due: row.present - row.verified,
        oldest_verified_at: (row.present > 0).then(|| Timestamp::from_millis(row.oldest)),
    })
}

/// Reads every copy of one store, or of all. Answers what was found, by store. Errors: `NotFound`.
pub async fn scrub_now(app: &Arc<App>, only: Option<&str>) -> Result<BTreeMap<String, Scrubbed>> {
    let all = app.storage.mirror.stores().iter().map(|store| store.name().to_owned());
    let names: Vec<_> = all.filter(|name| only.is_none_or(|only| only == name)).collect();
    if names.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    let (before, mut found) = (app.now(), BTreeMap::new());
    for name in names {
        let scrubbed = scrub::scrub(app, &name, before, Duration::MAX).await?;
        found.insert(name, scrubbed);
    }
    Ok(found)
}

/// Writes every missing and bad copy of one store, or of all, here and now. Answers by store. Errors: `NotFound`, and
/// `StorageUnavailable` for a store that is away.
pub async fn repair_now(app: &Arc<App>, only: Option<&str>) -> Result<BTreeMap<String, Repaired>> {
    let mut done = BTreeMap::new();
    for store in app.storage.mirror.stores() {
        if only.is_none_or(|only| only == store.name()) {
            done.insert(store.name().to_owned(), repair::repair_now(app, store).await?);
        }
    }
    if done.is_empty() { Err(ErrorCode::NotFound.into()) } else { Ok(done) }
}

/// Writes the marker of the store into its place, which a person says is the right one.
///
/// Errors: `NotFound` for a store that is not configured.
pub async fn adopt(app: &App, name: &str) -> Result<()> {
    let places = storage::places(&app.config).map_err(Error::internal)?;
    let (_, place) = places.into_iter().find(|(known, _)| *known == name).ok_or(ErrorCode::NotFound)?;
    let marker = stores::marker(&mut *app.library.fresh().await?, name).await?.ok_or(ErrorCode::NotFound)?;
    Ok(storage::adopt(name, &place, StoreId(marker), app.config.store_deadline()).await?)
}

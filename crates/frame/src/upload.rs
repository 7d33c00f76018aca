//! Sends what the spool holds: asks first, sends what the family does not have, and goes on with the next whatever
//! becomes of one.

mod verdict;

use std::{io, sync::Mutex, time::Duration};

use anyhow::Context;
use picup_api::{
    FamilyId,
    screen::PauseReason,
    upload::{CheckAction, CheckItem},
};
use picup_client::{ClientError, UploadFile, UploadMemory, UploadState, Uploaded};
use tokio::time::Instant;
use tracing::{info, warn};

use crate::{
    engine::{Core, signed_out},
    inbox::spool,
    ledger::{Arrival, Ledger},
    retry::{self, Backoff},
};
use verdict::{Verdict, verdict_on};

/// Files asked about at once.
const BATCH: u32 = 100;
/// How often a server that was full is asked again.
const ROOM: Duration = Duration::from_secs(15 * 60);

/// Ends when the server says that the frame is signed out.
pub(crate) async fn run(core: &Core, family: FamilyId) -> ClientError {
    let mut failures = 0;
    let mut next_retry = Instant::now();
    loop {
        if Instant::now() >= next_retry {
            next_retry = Instant::now() + retry::about(ROOM, rand::random());
            if let Err(error) = core.ledger.retry_for_room().await {
                warn!(error = format!("{error:#}"), "the ledger cannot be written");
            }
        }
        match send_batch(core, family).await {
            Ok(Sent::Nothing) => {
                failures = 0;
                tokio::select! {
                    () = core.signals.arrived.notified() => {}
                    () = tokio::time::sleep_until(next_retry) => {}
                }
            }
            Ok(Sent::Some) => failures = 0,
            Ok(Sent::Later(reason)) => {
                core.change(|it| it.uploads_paused = Some(reason));
                wait(&mut failures).await;
            }
            Err(error) => match signed_out(&error) {
                Some(end) => return end,
                None => {
                    core.went_wrong("The frame cannot send its photos.", &error);
                    core.change(|it| it.uploads_paused = Some(PauseReason::Offline));
                    wait(&mut failures).await;
                }
            },
        }
    }
}

async fn wait(failures: &mut u32) {
    tokio::time::sleep(Backoff::NETWORK.wait(*failures, rand::random())).await;
    *failures += 1;
}

enum Sent {
    Nothing,
    Some,
    /// Some, or all, have to wait.
    Later(PauseReason),
}

async fn send_batch(core: &Core, family: FamilyId) -> anyhow::Result<Sent> {
    let arrivals = core.ledger.waiting(BATCH).await?;
    if arrivals.is_empty() {
        return Ok(Sent::Nothing);
    }
    let items =
        arrivals.iter().map(|it| CheckItem { id: it.id.to_string(), sha256: it.sha256 }).collect::<Vec<_>>();
    let answers = core.client.check(family, &items).await?;
    let mut later = None;
    for arrival in &arrivals {
        let answer = answers.iter().find(|answer| answer.id == arrival.id.to_string());
        let answer = answer.context("the server did not answer for a digest")?;
        match answer.action {
            CheckAction::Have => core.ledger.mark_sent(arrival, answer.photo_id).await?,
            // Somebody in the family threw it away: it does not come back by itself.
            CheckAction::Trashed => core.ledger.set_aside(arrival.id, "photo_trashed".into()).await?,
            CheckAction::Upload => match send(core, family, arrival).await? {
                None => core.change(|it| it.uploads_paused = None),
                // Without a connection the next one fares no better.
                Some(PauseReason::Offline) if !core.conditions().online => {
                    return Ok(Sent::Later(PauseReason::Offline));
                }
                Some(reason) => later = Some(reason),
            },
        }
        core.signals.status.notify_one();
    }
    Ok(later.map_or(Sent::Some, Sent::Later))
}

/// `None`: the server's last word is in the ledger. Otherwise it is tried again.
async fn send(core: &Core, family: FamilyId, arrival: &Arrival) -> anyhow::Result<Option<PauseReason>> {
    let memory = InLedger::new(core.ledger.clone(), arrival);
    let error = match core.client.upload(&file_of(core, family, arrival), &memory, &|_| {}).await {
        Ok(Uploaded { photo_id, duplicate }) => {
            core.went_well();
            core.ledger.mark_sent(arrival, Some(photo_id)).await?;
            info!(photo = %photo_id, duplicate, "sent");
            // The event stream tells of it, too; this is for when it is away.
            core.signals.sync.notify_one();
            return Ok(None);
        }
        Err(error) => error,
    };
    match verdict_on(&error) {
        Verdict::SignedOut => Err(error.into()),
        Verdict::SetAside(reason) => {
            warn!(arrival = arrival.id, reason, "the server will not take a file");
            core.ledger.set_aside(arrival.id, reason.to_owned()).await?;
            Ok(None)
        }
        Verdict::CheckCopy => check_copy(core, arrival).await,
        Verdict::Later(reason) => {
            core.went_wrong("The frame cannot send its photos.", &error.into());
            Ok(Some(reason))
        }
    }
}

/// A copy that rotted on the disk is given up; its source, if it is still there, arrives again.
async fn check_copy(core: &Core, arrival: &Arrival) -> anyhow::Result<Option<PauseReason>> {
    let copy = core.ledger.spool().join(&arrival.spool_name);
    let digest = tokio::task::spawn_blocking({
        let copy = copy.clone();
        move || spool::digest_of(&copy)
    });
    match digest.await? {
        Ok((sha256, _)) if sha256 == arrival.sha256 => Ok(Some(PauseReason::Offline)),
        Ok(_) => {
            warn!(arrival = arrival.id, "a spooled copy is damaged: its source is looked for again");
            core.ledger.forget(arrival.id).await?;
            tokio::fs::rename(&copy, core.options.data_dir.join(format!("damaged-{}", arrival.id))).await?;
            Ok(None)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            core.ledger.forget(arrival.id).await?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn file_of(core: &Core, family: FamilyId, arrival: &Arrival) -> UploadFile {
    UploadFile {
        path: core.ledger.spool().join(&arrival.spool_name),
        family,
        album: None,
        filename: arrival.filename.clone(),
        media_type: Some(arrival.media_type.clone()).filter(|kind| !kind.is_empty()),
        source: arrival.source,
        sha256: arrival.sha256,
    }
}

/// Remembers an upload over restarts.
struct InLedger {
    ledger: Ledger,
    arrival: i64,
    url: Mutex<Option<String>>,
}

impl InLedger {
    fn new(ledger: Ledger, arrival: &Arrival) -> Self {
        Self { ledger, arrival: arrival.id, url: Mutex::new(arrival.upload_url.clone()) }
    }
}

#[async_trait::async_trait]
impl UploadMemory for InLedger {
    async fn load(&self) -> io::Result<Option<UploadState>> {
        let url = self.url.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        Ok(url.map(|url| UploadState { url }))
    }

    async fn save(&self, state: Option<&UploadState>) -> io::Result<()> {
        let url = state.map(|state| state.url.clone());
        self.ledger.remember_upload(self.arrival, url.clone()).await.map_err(io::Error::other)?;
        *self.url.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = url;
        Ok(())
    }
}

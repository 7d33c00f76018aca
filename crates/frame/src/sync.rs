//! Keeps the cache what the family's server says it should be.
//!
//! Woken by the event stream, and by itself every minute: a lost hint costs a minute, never a photo.

mod fetch;
mod news;
pub(crate) mod plan;
mod wanted;
mod words;

use std::{collections::HashSet, time::Duration};

use futures::FutureExt;
use picup_api::{
    FamilyId, PhotoId,
    screen::{PauseReason, ScreenEvent},
};
use picup_client::ClientError;
use tracing::{debug, warn};

use crate::{
    disk,
    engine::{Core, signed_out},
    ledger::{Wish, Wished},
    retry::{self, Backoff},
};
use fetch::Fetched;
use plan::{FileKey, Sized, Step, plan_sync, plan_without_room};
use wanted::{Wanted, wanted_files};

const POLL: Duration = Duration::from_secs(60);

/// Ends when the server says that the frame is signed out.
pub(crate) async fn run(core: &Core, family: FamilyId) -> ClientError {
    let mut failures = 0;
    loop {
        let wait = match round(core, family).await {
            Ok(soon) => {
                failures = 0;
                core.went_well();
                soon.unwrap_or_else(|| retry::about(POLL, rand::random()))
            }
            Err(error) => match signed_out(&error) {
                Some(end) => return end,
                None => {
                    core.went_wrong("The frame cannot fetch its photos.", &error);
                    failures += 1;
                    Backoff::NETWORK.wait(failures - 1, rand::random())
                }
            },
        };
        tokio::select! {
            () = core.signals.sync.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// One look at the server. Says when the next one is due, if it is before the usual time.
async fn round(core: &Core, family: FamilyId) -> anyhow::Result<Option<Duration>> {
    send_wishes(core).await?;
    if news::catch_up(core, family).await? {
        core.tell(ScreenEvent::AlbumsChanged);
    }
    let again = fetch_all(core).await?;
    // A picture that waits comes before words.
    if again == Some(Duration::ZERO) {
        return Ok(again);
    }
    Ok(if words::read_comments(core).await? { Some(Duration::ZERO) } else { again })
}

async fn send_wishes(core: &Core) -> anyhow::Result<()> {
    for wished in core.ledger.wishes().await? {
        match send(core, &wished).await {
            Err(error) if error.is_transient() => return Err(error.into()),
            // What is wished for a photo that has left the family is granted by nobody.
            Err(error) if signed_out(&error.clone().into()).is_none() => {
                debug!(%error, "a wish was refused")
            }
            Err(error) => return Err(error.into()),
            Ok(()) => {}
        }
        core.ledger.grant(wished).await?;
    }
    Ok(())
}

async fn send(core: &Core, wished: &Wished) -> Result<(), ClientError> {
    let (client, photo) = (&core.client, wished.photo);
    match (wished.wish, wished.on) {
        (Wish::Heart, true) => client.put_heart(photo).await,
        (Wish::Heart, false) => client.remove_heart(photo).await,
        (Wish::Hide, true) => client.hide(photo).await,
        (Wish::Hide, false) => client.unhide(photo).await,
        (Wish::Remove, true) => client.propose_removal(photo).await,
        (Wish::Remove, false) => client.withdraw_removal(photo).await,
    }
}

async fn fetch_all(core: &Core) -> anyhow::Result<Option<Duration>> {
    let conditions = core.conditions();
    let panel = conditions.panel;
    let all = core.cache.playable(conditions.settings.albums, move |photo| Wanted::of(photo, panel)).await?;
    core.change(|it| it.photos_wanted = all.iter().filter(|wanted| !wanted.hidden).count() as u32);
    let held = core.cache.held().await?;
    let budget = budget(core, &held);
    let wanted = wanted_files(&all, budget);
    let gone = core.cache.gone().await?;
    let full = is_full(core);
    let steps = match full {
        true => plan_without_room(&held, &gone),
        false => plan_sync(&wanted, &held, &gone, budget),
    };
    let here: HashSet<FileKey> = held.iter().map(|file| file.key).collect();
    let missing = full && wanted.iter().any(|file| !here.contains(&file.key));
    let playable: HashSet<PhotoId> = all.iter().map(|wanted| wanted.photo).collect();
    let again = carry_out(core, steps, &playable).await?;
    if missing {
        core.change(|it| it.downloads_paused = Some(PauseReason::DiskFull));
    }
    Ok(again)
}

/// Invariant: a full disk never costs a photo that is here. To evict for one that then finds no room either would
/// empty the cache, one a minute.
fn is_full(core: &Core) -> bool {
    disk::free_bytes(&core.options.data_dir).is_ok_and(|free| free < core.options.reserve_bytes)
}

/// Stops at the first eviction after a failed fetch: what is here is not given up for what does not come.
async fn carry_out(
    core: &Core,
    steps: Vec<Step>,
    playable: &HashSet<PhotoId>,
) -> anyhow::Result<Option<Duration>> {
    core.change(|it| it.downloads_paused = None);
    let mut again: Option<Duration> = None;
    for step in steps {
        let key = match step {
            Step::Evict(_) if again.is_some() => break,
            Step::Evict(key) => {
                evict(core, key, playable).await?;
                continue;
            }
            Step::Fetch(key) => key,
        };
        let Some(photo) = core.cache.photo(key.photo).await? else { continue };
        match fetch::fetch(core, key, &photo).await? {
            Fetched::Here => core.came_in(key.photo).await?,
            Fetched::NotReady(wait) => again = Some(again.map_or(wait, |soonest| soonest.min(wait))),
            Fetched::Gone => again = Some(Duration::ZERO),
            Fetched::Unusable => again = Some(again.unwrap_or(POLL)),
            Fetched::DiskFull => {
                warn!("no room for more photos; the slideshow goes on");
                core.change(|it| it.downloads_paused = Some(PauseReason::DiskFull));
                return Ok(Some(POLL));
            }
        }
        // Something arrived meanwhile, and it comes first.
        if core.signals.sync.notified().now_or_never().is_some() {
            return Ok(Some(Duration::ZERO));
        }
    }
    Ok(again)
}

async fn evict(core: &Core, key: FileKey, playable: &HashSet<PhotoId>) -> anyhow::Result<()> {
    core.cache.evict(key).await?;
    if !playable.contains(&key.photo) {
        core.take_off(key.photo).await?;
    }
    Ok(())
}

fn budget(core: &Core, held: &[Sized]) -> u64 {
    let used: u64 = held.iter().map(|file| file.bytes).sum();
    let free =
        disk::free_bytes(&core.options.data_dir).unwrap_or(0).saturating_sub(core.options.reserve_bytes);
    core.options.cache_bytes.unwrap_or_else(|| used.max((used + free) / 2))
}

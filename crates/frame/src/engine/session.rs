//! The frame's life with a family: paired, in touch with the server, and one day sent away.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use picup_api::{FamilyId, FrameId, change::Event, screen::ScreenEvent};
use picup_client::{ClientError, FeedItem, Holder};
use tracing::{error, info};

use super::{Core, core::first_settings, heartbeat, pairing};
use crate::{sync, upload};

const UNREADABLE_CREDENTIAL: Duration = Duration::from_secs(10);

pub(super) async fn run(core: Arc<Core>) {
    loop {
        let (frame, family) = match credential(&core).await {
            Some(paired) => paired,
            None => {
                core.change(|it| it.frame = Some(None));
                Box::pin(pairing::pair(&core)).await
            }
        };
        if let Err(error) = enter(&core, frame, family).await {
            error!(error = format!("{error:#}"), "the cache cannot be made ready for the family");
            tokio::time::sleep(UNREADABLE_CREDENTIAL).await;
            continue;
        }
        let end = in_family(&core, frame, family).await;
        leave(&core, &end).await;
    }
}

async fn credential(core: &Core) -> Option<(FrameId, FamilyId)> {
    loop {
        match core.client.credential().await {
            Ok(found) => {
                return found.and_then(|credential| match credential.holder {
                    Holder::Frame { frame_id, family_id } => Some((frame_id, family_id)),
                    Holder::Member { .. } => None,
                });
            }
            Err(error) => {
                core.went_wrong("The frame cannot read its credential.", &error.into());
                tokio::time::sleep(UNREADABLE_CREDENTIAL).await;
            }
        }
    }
}

/// Another family's photos are erased before the first of this one comes.
async fn enter(core: &Core, frame: FrameId, family: FamilyId) -> anyhow::Result<()> {
    let known = core.cache.facts().await?.family;
    if known.is_some_and(|known| known != family) {
        erase(core).await?;
    }
    core.cache.remember_family(family).await?;
    core.change(|it| it.frame = Some(Some((frame, family))));
    Ok(())
}

/// Ends when the server says that the frame is signed out.
async fn in_family(core: &Core, frame: FrameId, family: FamilyId) -> ClientError {
    tokio::select! {
        end = Box::pin(listen(core, frame, family)) => end,
        end = Box::pin(sync::run(core, family)) => end,
        end = Box::pin(upload::run(core, family)) => end,
        end = Box::pin(heartbeat::run(core)) => end,
    }
}

/// Hints from the event stream: every one of them only says where to look.
async fn listen(core: &Core, frame: FrameId, family: FamilyId) -> ClientError {
    let since = core.cache.facts().await.ok().and_then(|facts| facts.last_seq);
    let mut feed = core.client.events(family, since);
    loop {
        match feed.next().await {
            Some(FeedItem::Connected) => {
                core.went_well();
                core.signals.sync.notify_one();
                core.signals.heartbeat.notify_one();
            }
            Some(FeedItem::Event { event, .. }) => heard(core, frame, &event),
            Some(FeedItem::Lost { error, .. }) => core.went_wrong("The connection was lost.", &error.into()),
            Some(FeedItem::SignedOut(end)) => return end,
            // The stream ends after `SignedOut` only; the other tasks notice if that ever changes.
            None => std::future::pending::<()>().await,
        }
    }
}

fn heard(core: &Core, frame: FrameId, event: &Event) {
    match event {
        Event::Change { .. } => core.signals.sync.notify_one(),
        // The heartbeat's answer lists what is still worth doing, by the server's clock: this one may say anything.
        Event::Command { frame_id, .. } | Event::FrameChanged { frame_id, .. } if *frame_id == frame => {
            core.signals.heartbeat.notify_one();
        }
        // Of another frame, or of a newer server.
        Event::Command { .. } | Event::FrameChanged { .. } | Event::Unknown => {}
    }
}

/// Revoked: the frame forgets the family. What waits in the spool stays; it was never anybody else's.
async fn leave(core: &Core, end: &ClientError) {
    info!(code = end.code().map(|code| code.as_str()), "signed out by the server: the family is forgotten");
    core.change(|it| (it.frame, it.photos_wanted) = (Some(None), 0));
    // The credential goes last: a power cut in between begins with this again.
    while let Err(error) = forget(core).await {
        error!(error = format!("{error:#}"), "the family cannot be forgotten yet");
        tokio::time::sleep(UNREADABLE_CREDENTIAL).await;
    }
}

async fn forget(core: &Core) -> anyhow::Result<()> {
    erase(core).await?;
    core.client.forget().await?;
    Ok(())
}

async fn erase(core: &Core) -> anyhow::Result<()> {
    core.clear_stage().await;
    core.cache.erase().await?;
    core.ledger.forget_what_was_sent().await?;
    core.change(|it| (it.settings, it.brightness_here) = (first_settings(), None));
    core.tell(ScreenEvent::AlbumsChanged);
    Ok(())
}

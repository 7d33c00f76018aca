//! Tells a home how the frame is, and takes it all back when the frame has left its family.

use std::time::Duration;

use picup_api::{FrameId, PhotoId};
use tracing::warn;

use super::{
    announced,
    discovery::{Offer, discovery},
    mailbox::Mailbox,
    picture,
    state::{self, Report},
    topics::Topics,
};
use crate::engine::{Core, how_it_is};

/// An import changes the numbers many times a second; nobody reads that fast.
const SHORTEST: Duration = Duration::from_secs(1);
/// Disk and temperature change by themselves.
const PERIOD: Duration = Duration::from_secs(60);

/// Until the frame is no part of its family any more.
pub(super) async fn announce(core: &Core, frame: FrameId, topics: &Topics, mailbox: &mut Mailbox) {
    if let Err(error) = announced::remember(&core.options.data_dir, frame).await {
        warn!(%error, "the home would not hear of it if the frame left its family");
    }
    mailbox.subscribe(topics.all_commands()).await;
    let mut news = core.events.subscribe();
    let mut pictured = None;
    while is_frame(core, frame) {
        if let Err(error) = tell(core, topics, mailbox, &mut pictured).await {
            warn!(error = format!("{error:#}"), "the home cannot be told how the frame is");
        }
        tokio::time::sleep(SHORTEST).await;
        tokio::select! {
            _ = news.recv() => {}
            () = core.signals.home.notified() => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
        // Every one of them only said that it is time to look.
        news = news.resubscribe();
    }
}

fn is_frame(core: &Core, frame: FrameId) -> bool {
    core.conditions().frame.flatten().is_some_and(|(id, _)| id == frame)
}

async fn tell(
    core: &Core,
    topics: &Topics,
    mailbox: &mut Mailbox,
    pictured: &mut Option<Option<PhotoId>>,
) -> anyhow::Result<()> {
    let (status, heartbeat) = (core.status().await?, how_it_is(core).await?);
    let report = Report { status, heartbeat, light: core.light() };
    mailbox.put(&topics.discovery, discovery(topics, offer(core, &report)).to_string().into()).await;
    mailbox.put(&topics.state, state::state(&report).to_string().into()).await;
    mailbox.put(&topics.availability, "online".into()).await;
    let on = report.heartbeat.now_showing;
    mailbox.put(&topics.showing, caption(core, on).await?).await;
    if *pictured != Some(on) {
        mailbox.put(&topics.picture, picture_of(core, on).await).await;
        *pictured = Some(on);
    }
    Ok(())
}

fn offer(core: &Core, report: &Report) -> Offer {
    Offer {
        locale: report.status.settings.locale,
        captions: core.options.mqtt.mqtt_captions,
        pictures: core.options.mqtt.mqtt_pictures,
        temperature: report.heartbeat.temperature_celsius.is_some(),
    }
}

/// Nothing unless asked for; that also clears what an earlier start has said.
async fn caption(core: &Core, on: Option<PhotoId>) -> anyhow::Result<Vec<u8>> {
    if !core.options.mqtt.mqtt_captions {
        return Ok(Vec::new());
    }
    let slide = match on {
        Some(photo) => core.cache.slide(photo, core.locale()).await?,
        None => None,
    };
    Ok(state::showing(slide.as_ref()).to_string().into())
}

async fn picture_of(core: &Core, on: Option<PhotoId>) -> Vec<u8> {
    match on.filter(|_| core.options.mqtt.mqtt_pictures) {
        Some(photo) => picture::of(core, photo).await.unwrap_or_default(),
        None => Vec::new(),
    }
}

/// Nothing of the frame stays with the broker.
pub(super) async fn withdraw(core: &Core, topics: &Topics, mailbox: &mut Mailbox) {
    for topic in topics.kept() {
        mailbox.put(topic, Vec::new()).await;
    }
    mailbox.settled().await;
    if let Err(error) = announced::forget(&core.options.data_dir).await {
        warn!(%error, "what the home was told is taken back once more at the next start");
    }
}

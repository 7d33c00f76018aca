//! Tells the children how the frame is doing, and hears what they want of it.

use std::{fs, time::Duration};

use picup_api::{
    frame::{Birthday, FrameSelf, Heartbeat, Person},
    screen::PauseReason,
};
use picup_client::ClientError;
use tokio::time::Instant;

use super::{Core, core::signed_out};
use crate::{disk, memory, retry, supervised};

const PERIOD: Duration = Duration::from_secs(60);
/// However often the frame is asked to: changes of slides are not worth more.
const SHORTEST: Duration = Duration::from_secs(1);

/// Ends when the server says that the frame is signed out.
pub(super) async fn run(core: &Core) -> ClientError {
    loop {
        let began = Instant::now();
        match beat(core).await {
            Ok(()) => core.went_well(),
            Err(error) => match signed_out(&error) {
                Some(end) => return end,
                None => core.went_wrong("The frame cannot reach the server.", &error),
            },
        }
        tokio::select! {
            () = core.signals.heartbeat.notified() => tokio::time::sleep_until(began + SHORTEST).await,
            () = tokio::time::sleep(retry::about(PERIOD, rand::random())) => {}
        }
    }
}

async fn beat(core: &Core) -> anyhow::Result<()> {
    let told = core.client.heartbeat(&how_it_is(core).await?).await?;
    take_settings(core, &told).await?;
    take_people(core, told.people, told.birthdays).await?;
    for command in &told.frame.pending_commands {
        core.carry_out(command).await?;
    }
    Ok(())
}

async fn take_people(core: &Core, people: Vec<Person>, birthdays: Vec<Birthday>) -> anyhow::Result<()> {
    let facts = core.cache.facts().await?;
    if facts.people != people || facts.birthdays != birthdays {
        core.cache.remember_people(people, birthdays).await?;
        core.signals.sync.notify_one();
        core.signals.status.notify_one();
    }
    Ok(())
}

async fn take_settings(core: &Core, told: &FrameSelf) -> anyhow::Result<()> {
    let settings = &told.frame.settings;
    let was = core.conditions().settings;
    if was != *settings {
        core.cache.remember_settings(settings.clone()).await?;
        core.change(|it| (it.settings, it.brightness_here) = (settings.clone(), None));
        core.signals.sync.notify_one();
        core.hours_changed();
        core.settings_changed(was.locale).await?;
    }
    Ok(())
}

pub(crate) async fn how_it_is(core: &Core) -> anyhow::Result<Heartbeat> {
    let status = core.status().await?;
    let conditions = core.conditions();
    let held = core.cache.held().await?;
    Ok(Heartbeat {
        version: status.version,
        now_showing: status.now_showing,
        paused: status.paused,
        inbox_waiting: status.inbox.waiting + status.inbox.sending,
        inbox_set_aside: status.inbox.set_aside.len() as u32,
        photos_cached: status.sync.photos_cached,
        cache_bytes: held.iter().map(|file| file.bytes).sum(),
        disk_free_bytes: disk::free_bytes(&core.options.data_dir).unwrap_or(0),
        temperature_celsius: temperature(),
        panel_width: conditions.panel.0,
        panel_height: conditions.panel.1,
        last_error: trouble(&[status.inbox.paused_because, status.sync.downloads_paused_because])
            .or_else(supervised::failed_update),
        asleep: conditions.asleep,
        panel_switch: conditions.panel_switch,
        memory_bytes: tokio::task::spawn_blocking(memory::all_bytes).await?,
        troubles: status.troubles,
    })
}

/// What is wrong now and a child could do something about.
fn trouble(paused: &[Option<PauseReason>]) -> Option<String> {
    let words = match paused.iter().flatten().next()? {
        PauseReason::DiskFull => "The frame's disk is full.",
        PauseReason::ServerFull => "The server has no room for more photos.",
        PauseReason::Offline => "The frame could not send its photos; it tries again.",
    };
    Some(words.to_owned())
}

fn temperature() -> Option<f32> {
    let millidegrees = fs::read_to_string("/sys/class/thermal/thermal_zone0/temp").ok()?;
    Some(millidegrees.trim().parse::<f32>().ok()? / 1000.0)
}

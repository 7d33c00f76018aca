//! The screen's view of the frame, told whenever it differs from what was told last.

use std::{sync::Arc, time::Duration};

use picup_api::screen::{
    FrameState, InboxStatus, PauseReason, ScreenEvent, ScreenSettings, ScreenStatus, SyncStatus, Trouble,
};

use super::{Core, core::Conditions};
use crate::{birthday, clock, ledger::Counts};

/// An import changes the numbers many times a second; nobody reads that fast.
const PAUSE: Duration = Duration::from_millis(150);

pub(super) async fn run(core: Arc<Core>) {
    let mut told = None;
    loop {
        core.signals.status.notified().await;
        if let Ok(status) = core.status().await
            && told.as_ref() != Some(&status)
        {
            told = Some(status.clone());
            core.tell(ScreenEvent::Status { status });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

impl Core {
    pub(crate) async fn status(&self) -> anyhow::Result<ScreenStatus> {
        // The folders first: a file that is recorded meanwhile is in both counts, and never in neither.
        let inboxes = self.signals.inboxes();
        let inbox = self.inbox_status(inboxes, self.ledger.counts().await?);
        let now_showing = self.now_showing().await;
        let photos_cached = self.cache.photos_cached().await?;
        let paused = self.is_paused().await;
        let birthdays = self.cache.facts().await?.birthdays;
        let conditions = self.conditions();
        let troubles = troubles(&conditions, &inbox);
        Ok(ScreenStatus {
            state: state_of(&conditions, now_showing.is_some()),
            pairing: conditions.prompt,
            now_showing,
            inbox,
            sync: SyncStatus {
                online: conditions.online,
                photos_wanted: conditions.photos_wanted.max(photos_cached),
                photos_cached,
                downloads_paused_because: conditions.downloads_paused,
            },
            settings: ScreenSettings {
                seconds_per_photo: conditions.settings.seconds_per_photo,
                fill: conditions.settings.fill,
                locale: conditions.settings.locale,
                motion: conditions.settings.motion,
                clock: conditions.settings.clock,
                larger_text: conditions.settings.larger_text,
            },
            paused,
            asleep: conditions.asleep,
            brightness: conditions.brightness,
            clock_is_set: clock::today().is_some(),
            birthdays: clock::today().map_or_else(Vec::new, |today| birthday::of(&birthdays, today)),
            troubles,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    fn inbox_status(&self, (waiting, paused): (u32, Option<PauseReason>), counts: Counts) -> InboxStatus {
        let busy = waiting + counts.sending > 0;
        let (sent, uploads_paused) = self.look(|it| (it.import.sent(busy, counts.sent), it.uploads_paused));
        InboxStatus {
            waiting,
            sending: counts.sending,
            sent,
            set_aside: counts.set_aside,
            paused_because: paused.or(uploads_paused.filter(|_| counts.sending > 0)),
        }
    }
}

/// What is wrong now and a child could do something about, the gravest first.
fn troubles(conditions: &Conditions, inbox: &InboxStatus) -> Vec<Trouble> {
    let paused = [inbox.paused_because, conditions.downloads_paused];
    let pauses_for = |reason| paused.contains(&Some(reason));
    [
        (pauses_for(PauseReason::DiskFull), Trouble::DiskFull),
        (pauses_for(PauseReason::ServerFull), Trouble::ServerFull),
        (!conditions.online, Trouble::Offline),
        (clock::today().is_none(), Trouble::ClockUnset),
    ]
    .into_iter()
    .filter_map(|(is, trouble)| is.then_some(trouble))
    .collect()
}

/// Counts what one import brought, from the moment files wait until the next time they begin to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Import {
    before: Option<u32>,
    busy: bool,
}

impl Import {
    fn sent(&mut self, busy: bool, total: u32) -> u32 {
        let begins = busy && !self.busy;
        self.busy = busy;
        if begins || self.before.is_none() {
            self.before = Some(total);
        }
        total.saturating_sub(self.before.unwrap_or(0))
    }
}

fn state_of(conditions: &Conditions, showing: bool) -> FrameState {
    match conditions.frame {
        // What is cached is shown before the credential is looked at.
        None if showing => FrameState::Showing,
        None => FrameState::Starting,
        Some(None) => FrameState::Pairing,
        Some(Some(_)) if showing => FrameState::Showing,
        Some(Some(_)) => FrameState::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_counts_from_its_beginning_and_its_result_stays_until_the_next() {
        let mut import = Import::default();
        assert_eq!(import.sent(false, 40), 0);
        assert_eq!(import.sent(true, 40), 0);
        assert_eq!(import.sent(true, 43), 3);
        assert_eq!(import.sent(false, 45), 5);
        assert_eq!(import.sent(false, 45), 5);
        assert_eq!(import.sent(true, 45), 0);
    }
}

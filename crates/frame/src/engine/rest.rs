//! Day and night: decides whether the frame sleeps and how bright it is, and brings the panel there.
//!
//! Two loops, so that a panel that hangs never delays the picture: one decides and tells the screens, the other one
//! switches. While the frame sleeps no photo is turned; photos that arrive and words of a child wait for the morning.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use picup_api::screen::{ScreenCommand, ScreenEvent};
use tokio::sync::Notify;
use tracing::{error, info, warn};

use super::Core;
use crate::{
    clock,
    night::{self, Asked, Wishes},
    panel::Panel,
};

/// A panel that was unplugged, switched off by hand or never found is looked after this often.
const REPEAT: Duration = Duration::from_secs(300);
/// Whoever touches the frame may also have switched its panel by hand, and is not contradicted.
const BY_HAND: Duration = Duration::from_secs(3600);
/// Words of children that wait for the morning.
const WORDS: usize = 20;

#[derive(Default)]
pub(crate) struct Rest {
    state: Mutex<State>,
    /// The decision may be another one now.
    look: Notify,
    /// The panel may have to be switched.
    switch: Notify,
}

#[derive(Debug, Default)]
struct State {
    wishes: Wishes,
    /// Percent of light at this hour.
    light: u8,
    /// The panel's own light follows the hour, so the picture need not.
    panel_has_light: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    asleep: bool,
    /// Percent.
    light: u8,
}

/// What the panel was brought to.
#[derive(Clone, Copy, Debug)]
struct Done {
    wanted: Wanted,
    worked: bool,
    at: Instant,
    /// Percent; 0 where the light has to be set anew.
    light: u8,
}

impl Done {
    fn is_due(&self, wanted: Wanted, now: Instant, since_touch: Option<Duration>, own: bool) -> bool {
        let passed = now.saturating_duration_since(self.at);
        let touched_since = since_touch.is_some_and(|since| since < passed);
        let by_hand = since_touch.is_some_and(|since| since < BY_HAND);
        match (self.wanted.asleep == wanted.asleep, self.worked) {
            (false, _) => true,
            (true, false) => touched_since || passed >= REPEAT,
            (true, true) => own && !by_hand && passed >= REPEAT,
        }
    }
}

pub(super) async fn run(core: Arc<Core>) {
    tokio::join!(Box::pin(decide(&core)), Box::pin(switch(&core)));
}

async fn decide(core: &Core) {
    let mut remembered = core.recall_asked().await;
    loop {
        let look_again = core.decide_rest().await;
        core.remember_asked(&mut remembered).await;
        tokio::select! {
            () = core.rest.look.notified() => {}
            () = tokio::time::sleep(look_again) => {}
        }
    }
}

impl Core {
    async fn decide_rest(&self) -> Duration {
        let (settings, now) = (self.conditions().settings, clock::now());
        let stay = self.options.touch_seconds;
        let by_hour = night::light(&settings, now.as_ref().map(|now| now.time()));
        let light = self.conditions().brightness_here.unwrap_or(by_hour);
        let (decision, shown) = self.rest.with(|state| {
            state.light = light;
            let shown = if state.panel_has_light { 100 } else { light };
            (state.wishes.decide(&settings.nights, now.as_ref(), Instant::now(), stay), shown)
        });
        let conditions = self.conditions();
        if (conditions.asleep, conditions.brightness) != (decision.asleep, shown) {
            self.change(|it| (it.asleep, it.brightness) = (decision.asleep, shown));
        }
        if conditions.asleep != decision.asleep {
            self.fell_asleep_or_woke(decision.asleep).await;
        }
        if !decision.asleep
            && let Err(error) = self.tell_what_waited().await
        {
            error!(error = format!("{error:#}"), "the words that waited cannot be told");
        }
        // It knows what it has done, and does nothing twice.
        self.rest.switch.notify_one();
        decision.look_again
    }

    async fn recall_asked(&self) -> Option<Asked> {
        let facts = self.cache.facts().await;
        let facts = facts.inspect_err(|error| error!(error = format!("{error:#}"), "a child's word is lost"));
        let asked = facts.ok()?.asked?;
        self.rest.with(|state| state.wishes.recall(asked));
        Some(asked)
    }

    /// Tried again at the next look when it failed.
    async fn remember_asked(&self, remembered: &mut Option<Asked>) {
        let asked = self.rest.with(|state| state.wishes.asked());
        if asked == *remembered {
            return;
        }
        match self.cache.remember_asked(asked).await {
            Ok(()) => *remembered = asked,
            Err(error) => warn!(error = format!("{error:#}"), "a child's word is not remembered"),
        }
    }

    async fn fell_asleep_or_woke(&self, asleep: bool) {
        info!("{}", if asleep { "the frame falls asleep" } else { "the frame wakes" });
        if asleep {
            self.voice.hush();
        }
        if let Err(error) = self.stop_or_start_the_show(asleep).await {
            error!(error = format!("{error:#}"), "the slideshow did not stop, or does not go on");
        }
        self.signals.heartbeat.notify_one();
    }

    fn rest_wanted(&self) -> (Wanted, Option<Duration>) {
        let asleep = self.conditions().asleep;
        self.rest
            .with(|state| (Wanted { asleep, light: state.light }, state.wishes.since_touch(Instant::now())))
    }

    /// Someone is there.
    pub(super) fn touched(&self) {
        self.rest.with(|state| state.wishes.touch(Instant::now()));
        self.rest.look.notify_one();
    }

    /// A child's word, until the schedule says something else.
    pub(super) fn ask_to_sleep(&self, asleep: bool) {
        let period = night::period(&self.conditions().settings.nights, clock::now().as_ref());
        self.rest.with(|state| state.wishes.ask(asleep, period));
        self.rest.look.notify_one();
    }

    /// The children may have chosen other hours, or the home another light.
    pub(super) fn hours_changed(&self) {
        self.rest.look.notify_one();
    }

    /// At once, or when the frame wakes.
    pub(super) async fn tell_words(&self, text: &str) -> anyhow::Result<()> {
        if !self.conditions().asleep {
            self.tell(ScreenEvent::Message { text: text.to_owned() });
            return Ok(());
        }
        let mut waiting = self.cache.facts().await?.words_waiting;
        waiting.push(text.to_owned());
        waiting.drain(..waiting.len().saturating_sub(WORDS));
        self.cache.remember_words_waiting(waiting).await
    }

    /// Waits on while no screen listens, as in the first moments after a start.
    async fn tell_what_waited(&self) -> anyhow::Result<()> {
        let waiting = self.cache.facts().await?.words_waiting;
        if waiting.is_empty() || self.events.receiver_count() == 0 {
            return Ok(());
        }
        self.cache.remember_words_waiting(Vec::new()).await?;
        waiting.into_iter().for_each(|text| self.tell(ScreenEvent::Message { text }));
        Ok(())
    }
}

impl Rest {
    /// Percent, of the panel's own light or of the picture's.
    pub(super) fn light(&self) -> u8 {
        self.with(|state| state.light)
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.locked())
    }

    fn know_light(&self, panel_has_light: bool) {
        self.with(|state| state.panel_has_light = panel_has_light);
        self.look.notify_one();
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The commands that come from a finger on the panel.
pub(super) fn is_a_touch(command: &ScreenCommand) -> bool {
    matches!(
        command,
        ScreenCommand::Touched
            | ScreenCommand::Next
            | ScreenCommand::Previous
            | ScreenCommand::Show { .. }
            | ScreenCommand::Pause
            | ScreenCommand::Resume
            | ScreenCommand::Heart { .. }
            | ScreenCommand::TurnedTo { .. }
            | ScreenCommand::Hide { .. }
            | ScreenCommand::ProposeRemoval { .. }
    )
}

/// Follows the decisions, and tries again what failed. Woken by every decision, so at least once a minute.
async fn switch(core: &Core) {
    let mut panel = Panel::new(core.options.panel.clone());
    let mut done = None;
    loop {
        core.rest.switch.notified().await;
        let (wanted, since_touch) = core.rest_wanted();
        let due = |done: &Done| done.is_due(wanted, Instant::now(), since_touch, panel.is_the_frames_own());
        if done.as_ref().is_none_or(due) {
            done = Some(turn(&mut panel, wanted, done).await);
        }
        if let Some(done) = done.as_mut().filter(|done| done.light != wanted.light && !wanted.asleep) {
            let changed = panel.has_light() && panel.light(wanted.light).await;
            done.light = wanted.light;
            core.rest.know_light(changed);
        }
        tell_method(core, &panel);
    }
}

async fn turn(panel: &mut Panel, wanted: Wanted, before: Option<Done>) -> Done {
    if panel.is_empty() {
        panel.probe().await;
    }
    // Where there is nothing to switch, nothing failed.
    let worked = panel.is_empty() || panel.turn(!wanted.asleep).await;
    let light =
        before.filter(|before| !before.wanted.asleep && before.worked).map_or(0, |before| before.light);
    Done { wanted, worked, at: Instant::now(), light }
}

fn tell_method(core: &Core, panel: &Panel) {
    let method = panel.method().map(|method| method.as_str().to_owned());
    if core.conditions().panel_switch != method {
        core.change(|it| it.panel_switch = method);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWAKE: Wanted = Wanted { asleep: false, light: 100 };
    const ASLEEP: Wanted = Wanted { asleep: true, light: 100 };

    #[test]
    fn f08_a_panel_is_brought_back_unless_somebody_is_there() {
        let (at, minute, hours) = (Instant::now(), Duration::from_secs(60), Duration::from_secs(7200));
        let done = |wanted, worked, ago| (Done { wanted, worked, at, light: 0 }, at + ago);
        for (why, (done, now), wanted, since_touch, own, due) in [
            ("nothing changed", done(AWAKE, true, minute), AWAKE, None, true, false),
            ("the night begins", done(AWAKE, true, minute), ASLEEP, None, true, true),
            ("unplugged or switched off", done(AWAKE, true, REPEAT), AWAKE, None, true, true),
            ("long after a touch", done(AWAKE, true, REPEAT), AWAKE, Some(hours), true, true),
            ("by hand, after a touch", done(AWAKE, true, REPEAT), AWAKE, Some(minute * 30), true, false),
            ("a television", done(AWAKE, true, hours), AWAKE, None, false, false),
            ("a television in the evening", done(AWAKE, true, minute), ASLEEP, None, false, true),
            ("it failed just now", done(AWAKE, false, minute), AWAKE, None, true, false),
            ("it failed a while ago", done(AWAKE, false, REPEAT), AWAKE, None, false, true),
            (
                "it failed, and somebody is there",
                done(AWAKE, false, minute),
                AWAKE,
                Some(Duration::ZERO),
                true,
                true,
            ),
        ] {
            assert_eq!(done.is_due(wanted, now, since_touch, own), due, "{why}");
        }
    }
}

//! What the home itself asks of the frame, such as one that runs Home Assistant.

use picup_api::frame::FrameAction;
use tracing::info;

use super::Core;

impl Core {
    /// What a child could ask too. Nobody waits for an acknowledgement, and nothing comes twice.
    /// False when this frame cannot.
    pub(crate) async fn act_here(&self, action: &FrameAction) -> anyhow::Result<bool> {
        let _turn = self.turn.lock().await;
        let done = self.perform(action).await?;
        info!(done, "a wish of the home came");
        if matches!(action, FrameAction::Restart) {
            self.signals.restart.notify_one();
        }
        self.signals.heartbeat.notify_one();
        Ok(done)
    }

    /// Percent. Until the children choose again, or the frame starts anew.
    pub(crate) fn choose_brightness(&self, percent: u8) {
        self.look(|it| it.brightness_here = Some(percent));
        self.hours_changed();
        self.signals.home.notify_one();
    }

    /// Percent of light now.
    pub(crate) fn light(&self) -> u8 {
        self.conditions().brightness_here.unwrap_or_else(|| self.rest.light())
    }
}

//! Carries out what a child asked the frame to do. Commands come at least once, over two ways.

use picup_api::{
    AlbumId,
    frame::{FrameAction, FrameCommand},
};
use tracing::{info, warn};

use super::Core;

impl Core {
    /// Once each: an expired command is only acknowledged, one that was carried out is acknowledged again.
    pub(crate) async fn carry_out(&self, command: &FrameCommand) -> anyhow::Result<()> {
        let _turn = self.turn.lock().await;
        let repeated = self.cache.has_done(command.id).await?;
        let expired = is_expired(command, jiff::Timestamp::now().as_millisecond());
        let done = repeated || (!expired && self.perform(&command.action).await?);
        if !repeated {
            info!(command = %command.id, done, expired, "a command came");
            self.cache.remember_done(command.id).await?;
        }
        // Not acknowledged: it is listed again with the next heartbeat.
        if let Err(error) = self.client.ack_command(command.id, done).await {
            warn!(command = %command.id, %error, "a command is not acknowledged yet");
        }
        if matches!(command.action, FrameAction::Restart) && !repeated && !expired {
            self.signals.restart.notify_one();
        }
        self.signals.heartbeat.notify_one();
        Ok(())
    }

    /// False when this frame cannot, such as for a photo it does not have.
    pub(super) async fn perform(&self, action: &FrameAction) -> anyhow::Result<bool> {
        match action {
            FrameAction::ShowPhoto { photo_id } => self.show_now(*photo_id).await,
            FrameAction::ShowAlbum { album_id } => self.show_album(*album_id).await,
            FrameAction::Next => Ok(self.forward().await?.is_some()),
            FrameAction::Previous => Ok(self.back().await?.is_some()),
            FrameAction::Pause => self.pause(true).await.map(|()| true),
            FrameAction::Resume => self.pause(false).await.map(|()| true),
            FrameAction::Message { text } => {
                self.tell_words(text).await?;
                Ok(true)
            }
            FrameAction::Restart => Ok(true),
            FrameAction::Sleep | FrameAction::Wake => {
                self.ask_to_sleep(matches!(action, FrameAction::Sleep));
                Ok(true)
            }
            FrameAction::Picture => self.send_screen_picture().await,
            FrameAction::Unknown => Ok(false),
        }
    }

    async fn show_album(&self, album: AlbumId) -> anyhow::Result<bool> {
        match self.cache.open_album(album, self.locale()).await? {
            Some(album) => self.show_all(album.slides.iter().map(|slide| slide.photo_id).collect()).await,
            None => Ok(false),
        }
    }
}

/// A clock that is behind the command's own beginning was never set, and decides nothing.
fn is_expired(command: &FrameCommand, now: i64) -> bool {
    now >= command.created_at.as_millis() && now >= command.expires_at.as_millis()
}

#[cfg(test)]
mod tests {
    use picup_api::{CommandId, Timestamp};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_command_expires_by_a_set_clock_only() {
        let command = FrameCommand {
            id: CommandId(Uuid::from_u128(1)),
            action: FrameAction::Next,
            created_at: Timestamp::from_millis(1_000_000),
            expires_at: Timestamp::from_millis(1_600_000),
        };
        assert!(!is_expired(&command, 1_000_001));
        assert!(is_expired(&command, 1_600_000));
        assert!(!is_expired(&command, 42), "the clock says 1970");
    }
}

//! Carries out what a child asked the frame to do. A command is listed until it is acknowledged or the server calls it expired.

use picup_api::{
    AlbumId,
    frame::{FrameAction, FrameCommand},
};
use tracing::{info, warn};

use super::Core;

impl Core {
    /// Once each: one that was carried out before is only acknowledged again.
    pub(super) async fn carry_out(&self, command: &FrameCommand) -> anyhow::Result<()> {
        let _turn = self.turn.lock().await;
        let repeated = self.cache.has_done(command.id).await?;
        let done = repeated || self.perform(&command.action).await?;
        if !repeated {
            info!(command = %command.id, done, "a command came");
            self.remember_done(command).await;
        }
        // Not acknowledged: it is listed again with the next heartbeat.
        if let Err(error) = self.client.ack_command(command.id, done).await {
            warn!(command = %command.id, %error, "a command is not acknowledged yet");
        }
        if matches!(command.action, FrameAction::Restart) && !repeated {
            self.signals.restart.notify_one();
        }
        self.signals.heartbeat.notify_one();
        Ok(())
    }

    /// Where the disk is full, the acknowledgement alone keeps it from being done twice.
    async fn remember_done(&self, command: &FrameCommand) {
        if let Err(error) = self.cache.remember_done(command.id).await {
            warn!(command = %command.id, error = format!("{error:#}"), "a command is done and not remembered");
        }
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

//! A picture of what the screen shows now, for the children.
//!
//! The face with the window takes it. Where there is none, or it does not answer in time, the picture is the photo
//! that is on. Rule: what leaves the frame is a small JPEG, whatever a face gives.

use std::{sync::Mutex, time::Duration};

use anyhow::Context;
use picup_client::ErrorKind;
use tokio::sync::{broadcast, oneshot};
use tracing::{info, warn};

use super::{Core, Engine};
use crate::small::{LARGEST, shrunk};

/// A window that hangs is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the engine asks for a picture, and a face leaves it.
pub(crate) struct Pictures {
    wanted: broadcast::Sender<()>,
    waiting: Mutex<Option<oneshot::Sender<Vec<u8>>>>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { wanted: broadcast::Sender::new(1), waiting: Mutex::default() }
    }
}

impl Pictures {
    /// From a face; `None` when there is none that can, or it took too long.
    async fn of_a_face(&self) -> Option<Vec<u8>> {
        let (sender, receiver) = oneshot::channel();
        *self.waiting() = Some(sender);
        self.wanted.send(()).ok()?;
        tokio::time::timeout(PATIENCE, receiver).await.ok()?.ok()
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Option<oneshot::Sender<Vec<u8>>>> {
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Engine {
    /// Told whenever a picture of the screen is wanted; answer with `give_picture`. Only a face that can take one
    /// listens here.
    pub fn picture_requests(&self) -> broadcast::Receiver<()> {
        self.core.pictures.wanted.subscribe()
    }

    /// What the screen shows, as any picture file. Nothing happens when nobody asked.
    pub fn give_picture(&self, bytes: Vec<u8>) {
        if let Some(waiting) = self.core.pictures.waiting().take() {
            // Gone when it came too late.
            let _ = waiting.send(bytes);
        }
    }
}

impl Core {
    /// False when there is nothing on the screen to take a picture of, or what was taken will never be accepted:
    /// asked again it would only keep the commands behind it waiting.
    pub(super) async fn send_screen_picture(&self) -> anyhow::Result<bool> {
        let Some((seen, from)) = self.screen_picture().await? else { return Ok(false) };
        let Some(bytes) = tokio::task::spawn_blocking(move || shrunk(&seen, LARGEST)).await? else {
            warn!(from, "the picture of the screen is none, or too large");
            return Ok(false);
        };
        info!(bytes = bytes.len(), from, "a picture of the screen was taken");
        match self.client.send_picture(bytes).await {
            Err(error) if error.kind() == ErrorKind::Refused => {
                warn!(%error, "the picture of the screen was refused");
                Ok(false)
            }
            sent => Ok(sent.map(|()| true)?),
        }
    }

    /// With where it is from.
    async fn screen_picture(&self) -> anyhow::Result<Option<(Vec<u8>, &'static str)>> {
        if let Some(bytes) = self.pictures.of_a_face().await {
            return Ok(Some((bytes, "the window")));
        }
        let Some(photo) = self.now_showing().await else { return Ok(None) };
        let Some(picture) = self.cache.picture(photo).await? else { return Ok(None) };
        let bytes = tokio::fs::read(picture.path).await.context("read the photo that is on")?;
        Ok(Some((bytes, "the cache")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_face_is_asked_and_its_picture_is_taken() {
        let pictures = std::sync::Arc::new(Pictures::default());
        let mut asked = pictures.wanted.subscribe();
        let wanting = tokio::spawn({
            let pictures = pictures.clone();
            async move { pictures.of_a_face().await }
        });
        asked.recv().await.unwrap();
        pictures.waiting().take().unwrap().send(vec![1, 2]).unwrap();
        assert_eq!(wanting.await.unwrap(), Some(vec![1, 2]));
    }

    #[tokio::test]
    async fn without_a_face_nobody_is_waited_for() {
        assert_eq!(Pictures::default().of_a_face().await, None);
    }
}

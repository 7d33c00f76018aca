//! Where the frame's credential is kept: in a sealed file, and in the keyring as well where there is one that is open.
//!
//! Invariant: the sealed file has the newest credential, always, so a keyring that is locked, late, hung or gone takes
//! nothing from a frame whose owner cannot unlock it. The keyring's copy counts only where no sealed file opens (the
//! machine got another id, the file was damaged), and only while it is known to be the newest: a refresh token that
//! was used before would make the server revoke the frame.

mod keyring;
mod sealed;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use picup_client::{Credential, TokenStore};
use tracing::{info, warn};

use crate::disk;
use keyring::{Found, Keyring};
use sealed::SealedFile;

pub(crate) fn open(data_dir: &Path) -> Arc<dyn TokenStore> {
    Arc::new(Homes {
        sealed: SealedFile::in_folder(data_dir),
        keyring: Keyring::of_frame(data_dir),
        stale: data_dir.join("keyring.stale"),
    })
}

struct Homes {
    sealed: SealedFile,
    keyring: Keyring,
    /// There while a copy in the keyring, if there is one, is not the newest credential.
    stale: PathBuf,
}

impl Homes {
    fn distrust_keyring(&self) -> io::Result<()> {
        if self.stale.exists() {
            return Ok(());
        }
        info!("the keyring does not have the credential; the sealed file does");
        disk::replace_private(&self.stale, b"")
    }

    async fn erase_from_keyring(&self) -> io::Result<()> {
        match self.keyring.erase().await {
            true => disk::remove_if_there(&self.stale),
            // Tried again at every start; until then the mark says what the copy is worth.
            false => Ok(()),
        }
    }

    async fn read_keyring(&self) -> io::Result<Option<Credential>> {
        match self.keyring.find().await {
            Found::Here(credential) => {
                warn!("the credential was in the keyring only; it is sealed again");
                self.sealed.save(&credential).await?;
                Ok(Some(credential))
            }
            // Somebody may open it yet; a frame that paired anew meanwhile would have lost its family.
            Found::Locked => Err(io::Error::other("the credential is in a keyring that is locked")),
            Found::Nothing => Ok(None),
        }
    }
}

#[async_trait::async_trait]
impl TokenStore for Homes {
    async fn load(&self) -> io::Result<Option<Credential>> {
        if let Some(credential) = self.sealed.load().await? {
            return Ok(Some(credential));
        }
        if self.stale.exists() {
            self.erase_from_keyring().await?;
            return Ok(None);
        }
        self.read_keyring().await
    }

    async fn save(&self, credential: &Credential) -> io::Result<()> {
        self.sealed.save(credential).await?;
        match self.keyring.put(credential).await {
            true => disk::remove_if_there(&self.stale),
            false => self.distrust_keyring(),
        }
    }

    async fn clear(&self) -> io::Result<()> {
        self.distrust_keyring()?;
        self.sealed.clear().await?;
        self.erase_from_keyring().await
    }
}

//! A credential in the keyring.
//!
//! Only when the program has set a keyring store (`keyring_core::set_default_store`), and the store answers.

use std::io;

use keyring_core::{Entry, Error};
use picup_client::{Credential, TokenStore};

pub(super) struct Keyring {
    entry: Entry,
}

impl Keyring {
    pub(super) fn available() -> Option<Self> {
        keyring_core::get_default_store()?;
        let entry = Entry::new("picup-frame", "frame").ok()?;
        // A locked keyring would ask a person for a password, and there is nobody to ask.
        match entry.get_password() {
            Ok(_) | Err(Error::NoEntry) => Some(Self { entry }),
            Err(error) => {
                tracing::warn!(%error, "the keyring does not answer; the credential is kept in a sealed file");
                None
            }
        }
    }
}

#[async_trait::async_trait]
impl TokenStore for Keyring {
    async fn load(&self) -> io::Result<Option<Credential>> {
        match self.entry.get_password() {
            Ok(text) => Ok(serde_json::from_str(&text).ok()),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    async fn save(&self, credential: &Credential) -> io::Result<()> {
        self.entry.set_password(&serde_json::to_string(credential)?).map_err(io::Error::other)
    }

    async fn clear(&self) -> io::Result<()> {
        match self.entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

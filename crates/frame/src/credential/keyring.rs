//! A copy of the credential in the keyring: the default collection of the Secret Service.
//!
//! Invariant: nobody is asked for a password, for there is nobody to ask; and nothing is waited for longer than
//! `PATIENCE`, whether the session bus is absent, hangs, or starts a keyring that never comes up.

use std::{collections::HashMap, path::Path, time::Duration};

use anyhow::Context;
use picup_client::Credential;
use secret_service::{Collection, EncryptionType, Item, SecretService};
use tracing::debug;
use zeroize::Zeroizing;

/// For all of one visit.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) struct Keyring {
    /// Tells the frames of one person apart.
    data_dir: String,
}

pub(super) enum Found {
    Here(Credential),
    /// There is an item, and it cannot be read.
    Locked,
    Nothing,
}

impl Keyring {
    pub(super) fn of_frame(data_dir: &Path) -> Self {
        let data_dir = data_dir.canonicalize().unwrap_or_else(|_| data_dir.to_owned());
        Self { data_dir: data_dir.to_string_lossy().into_owned() }
    }

    pub(super) async fn find(&self) -> Found {
        let look = async {
            let service = SecretService::connect(EncryptionType::Dh).await?;
            let collection = service.get_default_collection().await?;
            match self.items(&collection).await?.first() {
                None => Ok(Found::Nothing),
                Some(item) if item.is_locked().await? => Ok(Found::Locked),
                Some(item) => {
                    let text = Zeroizing::new(item.get_secret().await?);
                    Ok(serde_json::from_slice(&text).map_or(Found::Nothing, Found::Here))
                }
            }
        };
        patiently(look).await.unwrap_or(Found::Nothing)
    }

    /// False when no keyring took it.
    pub(super) async fn put(&self, credential: &Credential) -> bool {
        let put = async {
            let text = Zeroizing::new(serde_json::to_vec(credential)?);
            let service = SecretService::connect(EncryptionType::Dh).await?;
            let collection = service.get_default_collection().await?;
            // A locked collection answers a new item with a question for its password.
            collection.ensure_unlocked().await?;
            let label = "Picup frame";
            collection.create_item(label, self.attributes(), &text, true, "application/json").await?;
            Ok(())
        };
        patiently(put).await.is_some()
    }

    /// False when the keyring may still have a copy.
    pub(super) async fn erase(&self) -> bool {
        let erase = async {
            let service = SecretService::connect(EncryptionType::Dh).await?;
            let collection = service.get_default_collection().await?;
            for item in self.items(&collection).await? {
                item.ensure_unlocked().await?;
                item.delete().await?;
            }
            Ok(())
        };
        patiently(erase).await.is_some()
    }

    async fn items<'c>(&self, collection: &'c Collection<'_>) -> anyhow::Result<Vec<Item<'c>>> {
        Ok(collection.search_items(self.attributes()).await?)
    }

    fn attributes(&self) -> HashMap<&str, &str> {
        HashMap::from([("application", "picup-frame"), ("data-dir", self.data_dir.as_str())])
    }
}

async fn patiently<T>(visit: impl Future<Output = anyhow::Result<T>>) -> Option<T> {
    let visit = Box::pin(visit);
    let done = tokio::time::timeout(PATIENCE, visit).await.context("the keyring does not answer");
    done.flatten().inspect_err(|error| debug!(error = format!("{error:#}"), "no keyring")).ok()
}

//! Where a credential lives between runs.

use std::{fmt, io, sync::Mutex};

use picup_api::{FamilyId, FrameId, MemberId};
use serde::{Deserialize, Serialize};

/// What is needed to come back without a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    pub refresh_token: String,
    pub holder: Holder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Holder {
    Member { id: MemberId },
    Frame { frame_id: FrameId, family_id: FamilyId },
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("holder", &self.holder).finish_non_exhaustive()
    }
}

/// Keeps one credential.
///
/// Invariant: what `save` took is there after a power cut. Refresh tokens are used once, so an older one is
/// worth nothing.
#[async_trait::async_trait]
pub trait TokenStore: Send + Sync {
    async fn load(&self) -> io::Result<Option<Credential>>;
    async fn save(&self, credential: &Credential) -> io::Result<()>;
    async fn clear(&self) -> io::Result<()>;
}

/// Forgets with the process: for tests and one-shot programs.
#[derive(Default)]
pub struct MemoryTokens(Mutex<Option<Credential>>);

impl MemoryTokens {
    pub fn holding(credential: Credential) -> Self {
        Self(Mutex::new(Some(credential)))
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Credential>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl TokenStore for MemoryTokens {
    async fn load(&self) -> io::Result<Option<Credential>> {
        Ok(self.slot().clone())
    }

    async fn save(&self, credential: &Credential) -> io::Result<()> {
        *self.slot() = Some(credential.clone());
        Ok(())
    }

    async fn clear(&self) -> io::Result<()> {
        *self.slot() = None;
        Ok(())
    }
}

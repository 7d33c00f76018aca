//! Where an upload under way is remembered between runs.

use std::{io, sync::Mutex};

use serde::{Deserialize, Serialize};

/// An upload the server knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    /// The tus resource.
    pub url: String,
}

/// Keeps the state of one file's upload.
#[async_trait::async_trait]
pub trait UploadMemory: Send + Sync {
    async fn load(&self) -> io::Result<Option<UploadState>>;
    /// None: there is nothing left to resume.
    async fn save(&self, state: Option<&UploadState>) -> io::Result<()>;
}

/// Resumes as long as it lives: over cut connections, not over restarts.
#[derive(Default)]
pub struct MemoryUploads(Mutex<Option<UploadState>>);

#[async_trait::async_trait]
impl UploadMemory for MemoryUploads {
    async fn load(&self) -> io::Result<Option<UploadState>> {
        Ok(self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone())
    }

    async fn save(&self, state: Option<&UploadState>) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = state.cloned();
        Ok(())
    }
}

//! Job body: removes what killed writers left in the stores.

use std::time::{Duration, SystemTime};

use picup_blob::BlobErrorKind;

use crate::{App, storage};

/// No write takes so long: what is that old has lost its writer.
const AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// A store that is away is swept another day.
pub async fn sweep(app: &App) {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(app.now().unsigned_abs());
    for store in app.storage.mirror.stores() {
        match store.sweep(now - AGE).await {
            Ok(0) => {}
            Ok(pieces) => {
                tracing::info!(store = store.name(), pieces, "removed what killed writers had left");
            }
            Err(error) if error.kind == BlobErrorKind::Unavailable => {
                tracing::error!(
                    store = store.name(),
                    error = storage::cause(&error),
                    "a store is not available"
                );
            }
            Err(error) => {
                tracing::warn!(
                    store = store.name(),
                    error = storage::cause(&error),
                    "a store cannot be swept"
                );
            }
        }
    }
}

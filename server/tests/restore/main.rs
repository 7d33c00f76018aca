//! An installation is destroyed and brought back by the commands of `docs/runbook-restore.md`, as they stand there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod family;
mod installation;
mod runbook;

use family::Family;
use installation::Installation;

/// FAILURES 32.
#[tokio::test]
async fn failure_32_every_photo_returns_with_its_digest_from_the_backup_database_and_the_backup_store() {
    let installation = Installation::start().await;
    let homes = [Family::live(&installation.server, 1).await, Family::live(&installation.server, 100).await];
    let left = installation.destroy().await;
    let restored = left.restore().await;
    for home in &homes {
        home.is_as_it_was(&restored.server).await;
    }
    for home in &homes {
        home.goes_on(&restored.server).await;
    }
    restored.stores_are_equal().await;
    restored.backup_follows().await;
}

//! Everything an operation needs, built once.
//!
//! The only place that picks backends.

use std::{path::Path, sync::Arc, time::{SystemTime, UNIX_EPOCH}};

use anyhow::Context;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    cache::fanout::Fanout,
    config::Config,
    seal::Sealer,
    store::{accounts::AccountsStore, library::LibraryStore},
};

pub struct App {
    pub config: Config,
    pub accounts: AccountsStore,
    pub library: LibraryStore,
    pub seal: Sealer,
    pub fanout: Arc<Fanout>,
    /// Notified when a commit left work behind.
    pub jobs_wake: Arc<Notify>,
    /// Cancelled when the process is asked to stop: streams end, readiness fails, workers finish what they hold.
    pub stopping: CancellationToken,
}

impl App {
    /// Opens keys, databases and stores, making what a first start needs.
    pub async fn build(config: Config) -> anyhow::Result<Arc<Self>> {
        make_directory(&config.data_dir)?;
        let seal = Sealer::open(&config.data_dir.join("keys"))?;
        let fanout = Arc::new(Fanout::default());
        let jobs_wake = Arc::new(Notify::new());
        let open_accounts =
            AccountsStore::open(&config.data_dir.join("accounts.db"), fanout.clone(), jobs_wake.clone());
        let accounts = open_accounts.await.context("cannot open accounts.db")?;
        let open_library =
            LibraryStore::open(&config.data_dir.join("library.db"), fanout.clone(), jobs_wake.clone());
        let library = open_library.await.context("cannot open library.db")?;
        let stopping = CancellationToken::new();
        Ok(Arc::new(Self { config, accounts, library, seal, fanout, jobs_wake, stopping }))
    }

    /// Wall clock, epoch milliseconds.
    pub fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// Closes the databases after the last request and job.
    pub async fn close(&self) {
        self.accounts.engine.close().await;
        self.library.engine.close().await;
    }
}

fn make_directory(path: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("cannot make the data directory {}", path.display()))
}

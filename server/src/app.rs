//! Everything an operation needs, built once.
//!
//! The only place that picks backends.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, ensure};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    auth::Auth,
    cache::{
        fanout::Fanout, last_write::LastWrite, leases::Leases, limits::Limits, reads::Reads,
        redis_server::RedisServer,
    },
    config::{Config, Servers},
    domain::{cursor::CursorSigner, media_link::MediaSigner},
    ops::accounts::keys,
    rendering::Renderer,
    seal::Sealer,
    storage::Storage,
    store::{
        accounts::{self, AccountsStore, signing_keys},
        engine::Place,
        library::{self, LibraryStore},
    },
};

pub struct App {
    pub config: Config,
    pub auth: Auth,
    pub accounts: AccountsStore,
    pub library: LibraryStore,
    pub seal: Sealer,
    pub fanout: Arc<Fanout>,
    /// Lists, for a moment.
    pub reads: Reads,
    pub renderer: Renderer,
    pub media_signer: MediaSigner,
    pub cursors: CursorSigner,
    pub storage: Storage,
    /// Notified when a commit left work behind.
    pub jobs_wake: Arc<Notify>,
    /// Cancelled when the process is asked to stop: streams end, readiness fails, workers finish what they hold.
    pub stopping: CancellationToken,
}

impl App {
    /// Opens keys, databases and stores, making what a first start needs.
    pub async fn build(config: Config) -> anyhow::Result<Arc<Self>> {
        make_directory(&config.data_dir)?;
        let redis = config.cache.server().as_ref().map(RedisServer::open).transpose()?;
        let fanout = Arc::new(Fanout::new(redis.clone()));
        let jobs_wake = Arc::new(Notify::new());
        let place = place_of(&config, config.databases.accounts.as_ref(), "accounts.db");
        let last_write = LastWrite::new("accounts", redis.clone());
        let accounts =
            AccountsStore::open(&place, &accounts::SCHEMA, last_write, fanout.clone(), jobs_wake.clone());
        let accounts = accounts.await.context("cannot open the accounts database")?;
        let seal = open_seal(&config.keys_dir(), &accounts).await?;
        let place = place_of(&config, config.databases.library.as_ref(), "library.db");
        let last_write = LastWrite::new("library", redis.clone());
        let library =
            LibraryStore::open(&place, &library::SCHEMA, last_write, fanout.clone(), jobs_wake.clone());
        let library = library.await.context("cannot open the library database")?;
        let renderer = open_renderer(&config).context("cannot prepare rendering")?;
        let ring = keys::open_ring(&accounts, &seal, now()).await.context("cannot open the signing keys")?;
        let (attempts, requests) = (config.auth.signin_per_minute, config.auth.requests_per_minute);
        let limits = Limits::new(attempts, requests, redis.clone());
        let leases = Leases::new(redis.clone());
        let reads = Reads::new(Duration::from_secs(config.cache.reads_seconds), redis.clone());
        let auth = Auth::new(&config, ring, limits, redis.clone())?;
        let media_signer = MediaSigner::new(&seal.derived_key("media-links")?);
        let cursors = CursorSigner::new(&seal.derived_key("cursors")?);
        let storage = Storage::open(&config, &library, leases, now()).await?;
        let stopping = CancellationToken::new();
        Ok(Arc::new(Self {
            config,
            auth,
            accounts,
            library,
            seal,
            fanout,
            reads,
            cursors,
            media_signer,
            renderer,
            storage,
            jobs_wake,
            stopping,
        }))
    }

    /// Wall clock, epoch milliseconds.
    pub fn now(&self) -> i64 {
        now()
    }

    /// Closes the databases after the last request and job.
    pub async fn close(&self) {
        self.accounts.engine.close().await;
        self.library.engine.close().await;
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn place_of(config: &Config, servers: Option<&Servers>, file: &str) -> Place {
    servers.cloned().map_or_else(|| Place::File(config.data_dir.join(file)), Place::Servers)
}

fn make_directory(path: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(path)
        .with_context(|| format!("cannot make the data directory {}", path.display()))
}

/// A database that is in use was sealed with keys. New ones could not read it, and what they seal the old ones could
/// not: a person has to find those.
async fn open_seal(directory: &Path, accounts: &AccountsStore) -> anyhow::Result<Sealer> {
    let is_in_use = !signing_keys::list(&mut *accounts.fresh().await?).await?.is_empty();
    ensure!(
        !is_in_use || Sealer::has_keys(directory),
        "the accounts database was sealed with a master key that is not in {}: put master.json back, or set keys_dir \
         to where it is",
        directory.display()
    );
    Sealer::open(directory)
}

/// Pictures are decoded by this same executable.
fn open_renderer(config: &Config) -> std::io::Result<Renderer> {
    // This very program, also when an update has put another file in its place.
    let program = PathBuf::from("/proc/self/exe");
    Renderer::new(program, config.data_dir.join("rendering"), config.rendering.clone())
}

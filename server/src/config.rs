//! The configuration: defaults, then a TOML file, then `PICUP__SECTION__KEY`, then flags.
//!
//! Read once at start. Every problem is found and named at once, so that an installer fixes them in one go.

mod cache;
mod databases;
mod queue;
mod store;
mod telemetry;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

pub use cache::Cache;
pub use databases::{Databases, Servers};
pub use queue::Queue;
pub use store::{Place, Secret, Store, StoreKind};
pub use telemetry::Telemetry;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Databases, keys, spool and the `main` store live here.
    pub data_dir: PathBuf,
    /// The master keys; `DATA/keys` when not given. Processes of one installation share them.
    pub keys_dir: Option<PathBuf>,
    pub roles: Vec<Role>,
    pub http: Http,
    pub databases: Databases,
    pub storage: Storage,
    pub cache: Cache,
    pub queue: Queue,
    pub limits: Limits,
    pub rendering: Rendering,
    pub auth: Auth,
    pub log: Log,
    pub telemetry: Telemetry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Members, sessions, families, invites, frames.
    Accounts,
    /// Albums, photos, uploads, media, changes, events.
    Library,
    /// Jobs.
    Worker,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    pub listen: SocketAddr,
    /// Metrics; keep it away from the internet.
    pub admin_listen: SocketAddr,
    /// What members type into a browser; invites and pairing codes point here.
    pub public_url: Url,
    /// The built album manager; served at `/` when given.
    pub web_dir: Option<PathBuf>,
    /// How many proxies in front append to X-Forwarded-For.
    pub trusted_proxies: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    pub accept: Accept,
    /// A store that has not taken the bytes by then gets them later, by a repair job.
    pub deadline_seconds: u64,
    /// Each copy is read again and compared within this many days.
    pub scrub_days: u32,
    /// Files being received; `DATA/spool` when not given. Library processes of one installation share it.
    pub spool_dir: Option<PathBuf>,
    pub main: Store,
    /// On another disk, or elsewhere. Without one there is a single copy.
    pub backup: Option<Store>,
}

/// How many verified copies make an upload accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accept {
    Any,
    All,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    pub max_upload_bytes: u64,
    /// Per family, for families made from now on.
    pub quota_bytes: u64,
    /// An unfinished upload is dropped after this long without a byte.
    pub upload_expiry_hours: u32,
    pub trash_days: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rendering {
    /// Pictures decoded at the same time, each in its own process.
    pub processes: usize,
    pub memory_mb: u64,
    pub timeout_seconds: u64,
    pub max_pixels: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    pub access_minutes: u32,
    /// A session ends after this long without use.
    pub refresh_days: u32,
    /// Sign-in attempts per address and per name.
    pub signin_per_minute: u32,
    /// Requests of one member or one frame; far above what any of ours needs.
    pub requests_per_minute: u32,
    pub invite_days: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    /// As of tracing's `EnvFilter`, such as `info,picup_server=debug`.
    pub filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Json,
    Text,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("/var/lib/picup"),
            keys_dir: None,
            roles: vec![Role::Accounts, Role::Library, Role::Worker],
            http: Http::default(),
            databases: Databases::default(),
            storage: Storage::default(),
            cache: Cache::default(),
            queue: Queue::default(),
            limits: Limits::default(),
            rendering: Rendering::default(),
            auth: Auth::default(),
            log: Log::default(),
            telemetry: Telemetry::default(),
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8520)),
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 8521)),
            public_url: Url::parse("http://localhost:8520").expect("a constant URL"),
            web_dir: None,
            trusted_proxies: 0,
        }
    }
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            accept: Accept::Any,
            deadline_seconds: 30,
            scrub_days: 30,
            spool_dir: None,
            main: Store::default(),
            backup: None,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        const GIB: u64 = 1 << 30;
        Self { max_upload_bytes: 4 * GIB, quota_bytes: 500 * GIB, upload_expiry_hours: 48, trash_days: 30 }
    }
}

impl Default for Rendering {
    fn default() -> Self {
        let processes = std::thread::available_parallelism().map_or(1, usize::from);
        Self { processes, memory_mb: 2048, timeout_seconds: 60, max_pixels: 250_000_000 }
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            access_minutes: 15,
            refresh_days: 90,
            signin_per_minute: 10,
            requests_per_minute: 12_000,
            invite_days: 7,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Json, filter: "info".to_owned() }
    }
}

/// What is wrong with one setting.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Path such as `storage.accept`.
    pub setting: String,
    pub message: String,
}

impl Config {
    /// Reads file, environment and `flags` (a tree of settings that outrank both).
    ///
    /// Errors: every setting that cannot be read or does not make sense.
    pub fn load(file: Option<&Path>, flags: Value) -> Result<Self, Vec<ConfigProblem>> {
        let mut tree = read_tree(file).map_err(|message| vec![problem("config", message)])?;
        merge(&mut tree, flags);
        let (config, mut problems) = parse(tree);
        problems.extend(config.check());
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    fn check(&self) -> Vec<ConfigProblem> {
        let checks = [
            (self.roles.is_empty(), "roles", "names at least one of accounts, library, worker"),
            (self.storage.deadline_seconds == 0, "storage.deadline_seconds", "is at least 1"),
            (self.storage.scrub_days == 0, "storage.scrub_days", "is at least 1"),
            (!self.cache.is_usable(), "cache.url", "is an address like redis://HOST:PORT/NUMBER"),
            (self.rendering.processes == 0, "rendering.processes", "is at least 1"),
            (self.rendering.memory_mb < 256, "rendering.memory_mb", "is at least 256"),
            (self.rendering.timeout_seconds == 0, "rendering.timeout_seconds", "is at least 1"),
            (self.auth.access_minutes == 0, "auth.access_minutes", "is at least 1"),
            (self.auth.refresh_days == 0, "auth.refresh_days", "is at least 1"),
            (self.auth.signin_per_minute == 0, "auth.signin_per_minute", "is at least 1"),
            (self.limits.max_upload_bytes == 0, "limits.max_upload_bytes", "is at least 1"),
            (self.limits.upload_expiry_hours == 0, "limits.upload_expiry_hours", "is at least 1"),
        ];
        let failed = checks.into_iter().filter(|check| check.0);
        failed
            .map(|(_, setting, message)| problem(setting, message))
            .chain(self.databases.check())
            .chain(self.telemetry.check())
            .chain(self.queue.check())
            .chain(self.check_stores())
            .collect()
    }

    fn check_stores(&self) -> Vec<ConfigProblem> {
        match (self.main_place(), self.backup_place()) {
            (Ok(main), Ok(Some(backup))) if main.overlaps(&backup) => {
                let setting = if matches!(backup, Place::Disk(_)) { "path" } else { "prefix" };
                vec![problem(format!("storage.backup.{setting}"), "is another place than storage.main's")]
            }
            (main, backup) => main.err().into_iter().chain(backup.err()).flatten().collect(),
        }
    }

    pub fn keys_dir(&self) -> PathBuf {
        self.keys_dir.clone().unwrap_or_else(|| self.data_dir.join("keys"))
    }

    pub fn spool_dir(&self) -> PathBuf {
        self.storage.spool_dir.clone().unwrap_or_else(|| self.data_dir.join("spool"))
    }

    /// Where the `main` store is. Errors only for settings that were not checked.
    pub fn main_place(&self) -> Result<Place, Vec<ConfigProblem>> {
        self.storage.main.place("storage.main", Some(&self.data_dir.join("blobs")))
    }

    /// Where the `backup` store is, if there is one.
    pub fn backup_place(&self) -> Result<Option<Place>, Vec<ConfigProblem>> {
        self.storage.backup.as_ref().map(|store| store.place("storage.backup", None)).transpose()
    }

    /// How long one call of a store may take.
    pub fn store_deadline(&self) -> Duration {
        Duration::from_secs(self.storage.deadline_seconds)
    }

    pub fn has_role(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

fn problem(setting: impl Into<String>, message: impl Into<String>) -> ConfigProblem {
    ConfigProblem { setting: setting.into(), message: message.into() }
}

fn read_tree(file: Option<&Path>) -> Result<Value, String> {
    let mut builder = config::Config::builder();
    if let Some(path) = file {
        builder = builder.add_source(config::File::from(path).format(config::FileFormat::Toml));
    }
    let environment =
        config::Environment::with_prefix("PICUP").prefix_separator("__").separator("__").try_parsing(true);
    let read = builder.add_source(environment).build().and_then(|config| config.try_deserialize::<Value>());
    read.map(|tree| if tree.is_null() { Value::Object(Default::default()) } else { tree })
        .map_err(|e| e.to_string())
}

fn merge(tree: &mut Value, over: Value) {
    match (tree, over) {
        (Value::Object(tree), Value::Object(over)) => {
            for (key, value) in over {
                merge(tree.entry(key).or_insert(Value::Null), value);
            }
        }
        (tree, over) => *tree = over,
    }
}

/// Takes out one unreadable setting after the other, so that all of them are told.
fn parse(mut tree: Value) -> (Config, Vec<ConfigProblem>) {
    let mut problems = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, Config>(&tree) {
            Ok(config) => return (config, problems),
            Err(error) => error,
        };
        let path = error.path().to_string();
        problems.push(problem(path.clone(), error.inner().to_string()));
        if !remove(&mut tree, &path) {
            return (Config::default(), problems);
        }
    }
}

/// Removes the setting at a dotted path. False when it is not there.
fn remove(tree: &mut Value, path: &str) -> bool {
    let (parents, leaf) = path.rsplit_once('.').unwrap_or(("", path));
    let leaf = leaf.split('[').next().unwrap_or(leaf);
    let parent =
        parents.split('.').filter(|key| !key.is_empty()).try_fold(tree, |tree, key| tree.get_mut(key));
    parent.and_then(Value::as_object_mut).is_some_and(|parent| parent.remove(leaf).is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_problem_is_told_at_once() {
        let (_, problems) = parse(json!({
            "storage": {"accept": "perhaps", "deadline_seconds": "soon"},
            "htpp": {},
            "limits": {"trash_days": -1},
        }));
        let settings: Vec<_> = problems.iter().map(|problem| problem.setting.as_str()).collect();
        assert_eq!(settings.len(), 4, "{problems:?}");
        for setting in ["storage.accept", "storage.deadline_seconds", "htpp", "limits.trash_days"] {
            assert!(settings.contains(&setting), "{setting} in {settings:?}");
        }
    }

    #[test]
    fn the_defaults_make_sense() {
        assert_eq!(Config::default().check(), []);
    }

    #[test]
    fn one_directory_is_not_two_stores() {
        let disk = Store { path: Some("/photos".into()), ..Store::default() };
        let storage = Storage { main: disk.clone(), backup: Some(disk), ..Storage::default() };
        let problems = Config { storage, ..Config::default() }.check();
        assert_eq!(problems[0].setting, "storage.backup.path");
    }

    #[test]
    fn a_flag_outranks_the_file() {
        let mut tree = json!({"http": {"listen": "127.0.0.1:1", "trusted_proxies": 2}});
        merge(&mut tree, json!({"http": {"listen": "127.0.0.1:2"}}));
        assert_eq!(tree, json!({"http": {"listen": "127.0.0.1:2", "trusted_proxies": 2}}));
    }
}

//! Where limits and events are shared by several server processes.

use serde::{Deserialize, Serialize};
use url::Url;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cache {
    /// A Redis, such as `redis://10.0.0.5:6379/0`. Without one this process is the only one.
    pub url: Option<Url>,
    /// How long lists are kept that nothing has changed; 0 keeps none.
    pub reads_seconds: u64,
}

impl Default for Cache {
    fn default() -> Self {
        Self { url: None, reads_seconds: 60 }
    }
}

impl Cache {
    /// The connection is not encrypted: Redis belongs in the servers' own network.
    pub(super) fn has_wrong_scheme(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.scheme() != "redis")
    }
}

//! Where limits and events are shared by several server processes.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::databases::without_any_password;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cache {
    /// A Redis, such as `redis://10.0.0.5:6379/0`. Without one this process is the only one.
    #[serde(serialize_with = "without_any_password")]
    pub url: Option<SecretString>,
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
    pub(super) fn is_usable(&self) -> bool {
        self.url.is_none() || self.server().is_some()
    }

    /// None when there is none, or for an address that was not checked.
    pub fn server(&self) -> Option<Url> {
        let url = Url::parse(self.url.as_ref()?.expose_secret()).ok()?;
        (url.scheme() == "redis" && url.has_host()).then_some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(url: &str) -> Cache {
        Cache { url: Some(url.into()), ..Cache::default() }
    }

    #[test]
    fn a_password_is_not_shown() {
        let cache = cache("redis://:geheim@redis:6379/0");
        let shown = serde_json::to_string(&cache).unwrap() + &format!("{cache:?}");
        assert!(!shown.contains("geheim"), "{shown}");
        assert!(shown.contains("redis:6379/0"), "{shown}");
    }

    #[test]
    fn only_addresses_that_can_be_used_are_taken() {
        assert!(Cache::default().is_usable());
        assert!(cache("redis://redis").is_usable());
        for wrong in ["rediss://redis", "redis", "http://redis", "redis:///0"] {
            assert!(!cache(wrong).is_usable(), "{wrong}");
        }
    }
}

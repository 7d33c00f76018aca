//! Where the two databases are: files in the data directory, or servers.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use url::Url;

use super::{ConfigProblem, problem};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Databases {
    /// None: `accounts.db` in the data directory.
    pub accounts: Option<Servers>,
    /// None: `library.db` in the data directory.
    pub library: Option<Servers>,
}

/// One primary and its replicas. Addresses are `mysql://USER:PASSWORD@HOST:PORT/DATABASE`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Servers {
    #[serde(serialize_with = "without_password")]
    pub primary: SecretString,
    #[serde(default, serialize_with = "without_passwords")]
    pub replicas: Vec<SecretString>,
    /// A replica further behind answers nobody until it has caught up.
    #[serde(default = "five")]
    pub max_lag_seconds: u64,
    /// Of this process, to each server.
    #[serde(default = "sixteen")]
    pub connections: u32,
}

fn five() -> u64 {
    5
}

fn sixteen() -> u32 {
    16
}

impl Databases {
    pub(super) fn check(&self) -> Vec<ConfigProblem> {
        let both = [("accounts", &self.accounts), ("library", &self.library)];
        let named = both.into_iter().filter_map(|(name, servers)| Some((name, servers.as_ref()?)));
        named.flat_map(|(name, servers)| servers.check(&format!("databases.{name}"))).collect()
    }
}

impl Servers {
    /// A primary alone.
    pub fn at(primary: &str) -> Self {
        Self {
            primary: primary.into(),
            replicas: Vec::new(),
            max_lag_seconds: five(),
            connections: sixteen(),
        }
    }

    fn check(&self, setting: &str) -> Vec<ConfigProblem> {
        const FORM: &str = "is an address like mysql://USER:PASSWORD@HOST:PORT/DATABASE";
        let mut problems = Vec::new();
        if !is_address(&self.primary) {
            problems.push(problem(format!("{setting}.primary"), FORM));
        }
        if !self.replicas.iter().all(is_address) {
            problems.push(problem(format!("{setting}.replicas"), FORM));
        }
        if self.connections == 0 {
            problems.push(problem(format!("{setting}.connections"), "is at least 1"));
        }
        problems
    }
}

fn is_address(text: &SecretString) -> bool {
    Url::parse(text.expose_secret())
        .is_ok_and(|url| url.scheme() == "mysql" && url.has_host() && url.path().len() > 1)
}

fn without_password<S: Serializer>(address: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shown(address))
}

fn without_passwords<S: Serializer>(addresses: &[SecretString], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(addresses.iter().map(shown))
}

pub(super) fn without_any_password<S: Serializer>(
    address: &Option<SecretString>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    address.as_ref().map(shown).serialize(serializer)
}

/// The address with its password hidden.
fn shown(address: &SecretString) -> String {
    let Ok(mut url) = Url::parse(address.expose_secret()) else { return "not an address".to_owned() };
    if url.password().is_some() && url.set_password(Some("hidden")).is_err() {
        return "not an address".to_owned();
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_a_server_is_told_at_once() {
        let databases = Databases {
            accounts: Some(Servers { connections: 0, ..Servers::at("postgres://db/picup") }),
            library: None,
        };
        let settings: Vec<_> = databases.check().into_iter().map(|problem| problem.setting).collect();
        assert_eq!(settings, ["databases.accounts.primary", "databases.accounts.connections"]);
    }

    #[test]
    fn a_password_is_not_shown() {
        let databases =
            Databases { accounts: None, library: Some(Servers::at("mysql://picup:geheim@db:3306/library")) };
        let shown = serde_json::to_string(&databases).unwrap() + &format!("{databases:?}");
        assert!(!shown.contains("geheim"), "{shown}");
        assert!(shown.contains("db:3306/library"), "{shown}");
    }
}

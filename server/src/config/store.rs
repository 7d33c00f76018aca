//! One store of originals: a directory, or a bucket.
//!
//! Read as flat settings, so that every faulty one can be named; taken as a `Place`, so that only a whole one can be
//! opened.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use picup_blob::S3Settings;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;
use url::Url;

use super::{ConfigProblem, problem};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    pub kind: StoreKind,
    /// Of a disk. `main` defaults to `blobs` in the data directory.
    pub path: Option<PathBuf>,
    /// Of S3, as are all that follow. Without one: Amazon's, by region.
    pub endpoint: Option<Url>,
    pub region: Option<String>,
    pub bucket: Option<String>,
    /// A path within the bucket.
    pub prefix: Option<String>,
    pub access_key_id: Option<String>,
    pub access_key_id_file: Option<PathBuf>,
    pub secret_access_key: Option<Secret>,
    pub secret_access_key_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreKind {
    #[default]
    Disk,
    S3,
}

/// Where a store is, and all it takes to open it.
#[derive(Clone, Debug)]
pub enum Place {
    Disk(PathBuf),
    S3(S3Settings),
}

impl Store {
    /// Errors: every setting that is missing, does not belong to the kind, or makes no sense.
    pub(super) fn place(&self, section: &str, default: Option<&Path>) -> Result<Place, Vec<ConfigProblem>> {
        let problems = Problems { section, found: Vec::new() };
        match self.kind {
            StoreKind::Disk => self.disk(problems, default),
            StoreKind::S3 => self.s3(problems),
        }
    }

    fn disk(&self, mut problems: Problems<'_>, default: Option<&Path>) -> Result<Place, Vec<ConfigProblem>> {
        let of_s3 = [
            ("endpoint", self.endpoint.is_some()),
            ("region", self.region.is_some()),
            ("bucket", self.bucket.is_some()),
            ("prefix", self.prefix.is_some()),
            ("access_key_id", self.access_key_id.is_some()),
            ("access_key_id_file", self.access_key_id_file.is_some()),
            ("secret_access_key", self.secret_access_key.is_some()),
            ("secret_access_key_file", self.secret_access_key_file.is_some()),
        ];
        for (name, _) in of_s3.into_iter().filter(|(_, is_set)| *is_set) {
            problems.add(name, "belongs to kind = \"s3\"");
        }
        let path = self.path.clone().or(default.map(Path::to_owned));
        if path.is_none() {
            problems.add("path", "is set for a store on a disk");
        }
        problems.none(path.map(Place::Disk))
    }

    fn s3(&self, mut problems: Problems<'_>) -> Result<Place, Vec<ConfigProblem>> {
        if self.path.is_some() {
            problems.add("path", "belongs to kind = \"disk\"");
        }
        let is_address = |url: &Url| {
            matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.query().is_none()
        };
        if self.endpoint.as_ref().is_some_and(|url| !is_address(url)) {
            problems.add("endpoint", "is an address such as https://s3.example.org");
        }
        let region = problems.needed("region", self.region.as_deref());
        let bucket = problems.needed("bucket", self.bucket.as_deref());
        let prefix = self.prefix.as_deref().unwrap_or_default();
        if !prefix.is_empty() && prefix.parse::<picup_blob::Key>().is_err() {
            problems.add("prefix", "is made of A-Z a-z 0-9 . _ - with slashes between, and none at the ends");
        }
        let id = problems.given_or_read(
            "access_key_id",
            self.access_key_id.as_deref(),
            self.access_key_id_file.as_deref(),
        );
        let given = self.secret_access_key.as_ref().map(|secret| secret.0.expose_secret());
        let secret =
            problems.given_or_read("secret_access_key", given, self.secret_access_key_file.as_deref());
        let place = || {
            let endpoint = self.endpoint.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
            Some(Place::S3(S3Settings {
                endpoint,
                region: region?,
                bucket: bucket?,
                prefix: prefix.to_owned(),
                access_key_id: id?,
                secret_access_key: secret?.into(),
            }))
        };
        let place = place();
        problems.none(place)
    }
}

impl Place {
    /// Whether one lies within the other, or is it.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Disk(one), Self::Disk(two)) => one == two,
            (Self::S3(one), Self::S3(two)) => {
                let is_within = |outer: &str, inner: &str| {
                    outer.is_empty() || format!("{inner}/").starts_with(&format!("{outer}/"))
                };
                (&one.endpoint, &one.region, &one.bucket) == (&two.endpoint, &two.region, &two.bucket)
                    && (is_within(&one.prefix, &two.prefix) || is_within(&two.prefix, &one.prefix))
            }
            _ => false,
        }
    }
}

/// What is wrong with one store so far.
struct Problems<'a> {
    section: &'a str,
    found: Vec<ConfigProblem>,
}

impl Problems<'_> {
    fn add(&mut self, name: &str, message: impl Into<String>) {
        self.found.push(problem(format!("{}.{name}", self.section), message));
    }

    fn needed(&mut self, name: &str, value: Option<&str>) -> Option<String> {
        let value = value.filter(|value| !value.is_empty()).map(str::to_owned);
        if value.is_none() {
            self.add(name, "is set for a store in S3");
        }
        value
    }

    /// A value that may lie in a file of its own, as secrets of containers do.
    fn given_or_read(&mut self, name: &str, value: Option<&str>, file: Option<&Path>) -> Option<String> {
        match (value, file) {
            (Some(_), Some(_)) => {
                self.add(name, format!("is set, or {name}_file is, not both"));
                None
            }
            (value, None) => self.needed(name, value),
            (None, Some(path)) => match std::fs::read_to_string(path) {
                Ok(text) => self.needed(&format!("{name}_file"), Some(text.trim())),
                Err(error) => {
                    self.add(&format!("{name}_file"), format!("cannot be read: {error}"));
                    None
                }
            },
        }
    }

    fn none(self, place: Option<Place>) -> Result<Place, Vec<ConfigProblem>> {
        match place {
            Some(place) if self.found.is_empty() => Ok(place),
            _ => Err(self.found),
        }
    }
}

/// Text that no log, error or printed configuration shows.
#[derive(Clone)]
pub struct Secret(SecretString);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(set)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(set)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text.into())),
            // Serde's own words would quote it.
            _ => Err(D::Error::custom("is text")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn store(settings: Value) -> Store {
        serde_json::from_value(settings).unwrap()
    }

    fn whole() -> Value {
        json!({
            "kind": "s3", "endpoint": "https://s3.example.org", "region": "eu", "bucket": "photos",
            "prefix": "home", "access_key_id": "id", "secret_access_key": "very secret",
        })
    }

    fn faulty(settings: Value) -> Vec<String> {
        let problems = store(settings).place("storage.main", None).unwrap_err();
        problems.into_iter().map(|problem| problem.setting.replace("storage.main.", "")).collect()
    }

    #[test]
    fn every_problem_of_a_store_is_named() {
        assert_eq!(faulty(json!({})), ["path"]);
        assert_eq!(
            faulty(json!({"path": "/a", "bucket": "b", "secret_access_key": "c"})),
            ["bucket", "secret_access_key"]
        );
        let nothing = ["region", "bucket", "access_key_id", "secret_access_key"];
        assert_eq!(faulty(json!({"kind": "s3"})), nothing);
        let mut wrong = whole();
        wrong["path"] = json!("/a");
        wrong["endpoint"] = json!("ftp://s3.example.org");
        wrong["prefix"] = json!("/home");
        wrong["access_key_id_file"] = json!("/nowhere");
        wrong["secret_access_key"] = json!(null);
        wrong["secret_access_key_file"] = json!("/nowhere");
        let expected = ["path", "endpoint", "prefix", "access_key_id", "secret_access_key_file"];
        assert_eq!(faulty(wrong), expected);
    }

    #[test]
    fn secrets_may_lie_in_files() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("secret");
        std::fs::write(&file, "from a file\n").unwrap();
        let mut settings = whole();
        settings["secret_access_key"] = json!(null);
        settings["secret_access_key_file"] = json!(file);
        let Place::S3(place) = store(settings).place("storage.main", None).unwrap() else { panic!("a disk") };
        assert_eq!(place.secret_access_key.expose_secret(), "from a file");
    }

    #[test]
    fn a_secret_is_never_shown() {
        let store = store(whole());
        let place = store.place("storage.main", None).unwrap();
        let shown = format!("{store:?} {place:?} {}", serde_json::to_string(&store).unwrap());
        assert!(!shown.contains("very secret"), "{shown}");
        let error = serde_json::from_value::<Store>(json!({"secret_access_key": 31_415_926})).unwrap_err();
        assert!(!error.to_string().contains("31415926"), "{error}");
    }

    #[test]
    fn one_place_is_not_two_stores() {
        let at = |prefix: &str, bucket: &str| {
            let mut settings = whole();
            settings["prefix"] = json!(prefix);
            settings["bucket"] = json!(bucket);
            store(settings).place("storage.main", None).unwrap()
        };
        for (one, two, is_one) in
            [("a", "a", true), ("a", "a/b", true), ("", "a", true), ("a", "ab", false), ("a/b", "a/c", false)]
        {
            assert_eq!(at(one, "x").overlaps(&at(two, "x")), is_one, "{one} {two}");
            assert_eq!(at(two, "x").overlaps(&at(one, "x")), is_one, "{two} {one}");
            assert!(!at(one, "x").overlaps(&at(two, "y")), "another bucket");
        }
    }
}

//! The folder of versions on the disk: reads what is there, and carries out acts one by one.

use std::{
    fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use super::{Act, Found, Next, Version};
use crate::disk;

const FAILED: &str = "failed-";

#[derive(Clone, Debug)]
pub(crate) struct VersionsFolder {
    folder: PathBuf,
    program: String,
}

impl VersionsFolder {
    pub(crate) fn new(folder: PathBuf, program: String) -> Self {
        Self { folder, program }
    }

    pub(crate) fn program_of(&self, version: &Version) -> PathBuf {
        self.folder.join(version.to_string()).join(&self.program)
    }

    pub(crate) fn read(&self) -> io::Result<Found> {
        let names: Vec<String> = fs::read_dir(&self.folder)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        let versions = names.iter().filter_map(|name| name.parse::<Version>().ok());
        let failed = names.iter().filter_map(|name| name.strip_prefix(FAILED)?.parse().ok());
        Ok(Found {
            current: self.parse("current"),
            next: self.parse::<Next>("next"),
            installed: versions.filter(|version| self.program_of(version).is_file()).collect(),
            failed: failed.collect(),
        })
    }

    /// A file that says nothing sensible is as good as none.
    fn parse<T: FromStr>(&self, name: &str) -> Option<T> {
        let text = fs::read_to_string(self.folder.join(name)).ok()?;
        let parsed = text.trim().parse().ok();
        if parsed.is_none() {
            tracing::warn!(file = name, "it names no version");
        }
        parsed
    }

    pub(crate) fn carry_out(&self, acts: &[Act]) -> io::Result<()> {
        acts.iter().try_for_each(|act| self.act(act))
    }

    fn act(&self, act: &Act) -> io::Result<()> {
        match act {
            Act::WriteCurrent(version) => self.replace("current", &format!("{version}\n")),
            Act::WriteNext(next) => self.replace("next", &next.to_string()),
            Act::NextFailed(version) => {
                disk::publish(&self.folder.join("next"), &self.folder.join(format!("{FAILED}{version}")))
            }
            Act::RemoveNext => self.remove("next"),
            Act::ForgetFailure(version) => self.remove(&format!("{FAILED}{version}")),
        }
    }

    fn replace(&self, name: &str, text: &str) -> io::Result<()> {
        disk::replace_private(&self.folder.join(name), text.as_bytes())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        disk::remove_if_there(&self.folder.join(name))?;
        disk::sync_folder(&self.folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_decided_is_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["0.1.0", "0.2.0", "0.3.0"] {
            fs::create_dir(folder.path().join(version)).unwrap();
        }
        fs::write(folder.path().join("0.1.0/frame"), "").unwrap();
        fs::write(folder.path().join("0.2.0/frame"), "").unwrap();
        fs::write(folder.path().join("current"), "0.1.0").unwrap();
        fs::write(folder.path().join("next"), "0.2.0\n").unwrap();
        let versions = VersionsFolder::new(folder.path().to_owned(), "frame".into());
        let found = versions.read().unwrap();
        assert_eq!(found.current, Some("0.1.0".parse().unwrap()));
        assert_eq!(found.installed.len(), 2, "a folder without the program is no version");
        versions.carry_out(&super::super::reject(&found.next.unwrap(), "it showed no photo")).unwrap();
        let found = versions.read().unwrap();
        assert_eq!((found.next.clone(), found.failed.clone()), (None, vec!["0.2.0".parse().unwrap()]));
        let told = fs::read_to_string(folder.path().join("failed-0.2.0")).unwrap();
        assert!(told.contains("it showed no photo"), "{told}");
        versions.carry_out(&super::super::accept(&"0.2.0".parse().unwrap())).unwrap();
        let found = versions.read().unwrap();
        assert_eq!((found.current, found.failed), (Some("0.2.0".parse().unwrap()), Vec::new()));
    }
}

//! Walks a directory tree in the order of keys.
//!
//! A directory sorts as its name with a slash, so that the walk gives keys in byte order and pages by key.

use std::{fs, io, path::Path};

use super::blocking::Abandoned;
use crate::{Entry, Key};

pub(super) fn list(
    root: &Path,
    prefix: &str,
    after: Option<&Key>,
    limit: usize,
    abandoned: &Abandoned,
) -> io::Result<Vec<Entry>> {
    let mut walk = Walk { root, prefix, after: after.map_or("", Key::as_str), limit, found: Vec::new() };
    walk.visit("", abandoned)?;
    Ok(walk.found)
}

struct Walk<'a> {
    root: &'a Path,
    prefix: &'a str,
    after: &'a str,
    limit: usize,
    found: Vec<Entry>,
}

impl Walk<'_> {
    /// `directory` is empty for the root, else ends with a slash.
    fn visit(&mut self, directory: &str, abandoned: &Abandoned) -> io::Result<()> {
        abandoned.check()?;
        for name in sorted_names(&self.root.join(directory))? {
            let path = format!("{directory}{name}");
            if self.found.len() >= self.limit {
                return Ok(());
            }
            if name.ends_with('/') {
                if self.may_hold_wanted(&path) {
                    self.visit(&path, abandoned)?;
                }
            } else if path.starts_with(self.prefix) && path.as_str() > self.after {
                self.take(&path)?;
            }
        }
        Ok(())
    }

    fn may_hold_wanted(&self, directory: &str) -> bool {
        let on_the_way = directory.starts_with(self.prefix) || self.prefix.starts_with(directory);
        let not_passed = directory > self.after || self.after.starts_with(directory);
        on_the_way && not_passed
    }

    fn take(&mut self, path: &str) -> io::Result<()> {
        // Strangers' files with names no key has are not ours to list.
        let Ok(key) = path.parse::<Key>() else { return Ok(()) };
        match fs::symlink_metadata(self.root.join(path)) {
            Ok(metadata) if metadata.is_file() => self.found.push(Entry { key, bytes: metadata.len() }),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn sorted_names(directory: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Ok(mut name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            name.push('/');
        }
        names.push(name);
    }
    names.sort_unstable();
    Ok(names)
}

//! The file that says a directory is a store, and which one.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use crate::identity::{MARKER, StoreId};

/// Makes `root` a store, or reads which one it is.
pub(super) fn create(root: &Path) -> io::Result<StoreId> {
    fs::create_dir_all(root)?;
    if let Some(id) = read(root)? {
        return Ok(id);
    }
    let id = StoreId::random()?;
    write(root, id)?;
    Ok(id)
}

pub(super) fn write(root: &Path, id: StoreId) -> io::Result<()> {
    fs::create_dir_all(root)?;
    let temporary = root.join(format!("{MARKER}.tmp"));
    let mut file = File::create(&temporary)?;
    writeln!(file, "{id}")?;
    file.sync_all()?;
    fs::rename(&temporary, root.join(MARKER))?;
    File::open(root)?.sync_all()
}

/// Invariant: called before every use, for a share can be unmounted at any time.
pub(super) fn check(root: &Path, id: StoreId) -> io::Result<()> {
    match read(root) {
        Ok(Some(found)) if found == id => Ok(()),
        Ok(Some(_)) => Err(io::Error::other("another store is mounted here")),
        Ok(None) => Err(io::Error::other("the marker file is missing: not mounted?")),
        // Never `NotFound`: that would speak of the key.
        Err(error) => Err(io::Error::other(error)),
    }
}

fn read(root: &Path) -> io::Result<Option<StoreId>> {
    match fs::read_to_string(root.join(MARKER)) {
        Ok(text) => text.parse().map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

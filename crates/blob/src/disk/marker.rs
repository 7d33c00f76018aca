//! The file that says a directory is a store, and which one.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use aws_lc_rs::rand;

const NAME: &str = ".picup-store";

/// A store's identity; tells two disks at the same mount point apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreId(pub [u8; 16]);

/// Makes `root` a store, or reads which one it is.
pub(super) fn create(root: &Path) -> io::Result<StoreId> {
    fs::create_dir_all(root)?;
    if let Some(id) = read(root)? {
        return Ok(id);
    }
    let mut id = [0; 16];
    rand::fill(&mut id).map_err(io::Error::other)?;
    write(root, StoreId(id))?;
    Ok(StoreId(id))
}

pub(super) fn write(root: &Path, id: StoreId) -> io::Result<()> {
    fs::create_dir_all(root)?;
    let temporary = root.join(format!("{NAME}.tmp"));
    let mut file = File::create(&temporary)?;
    writeln!(file, "{}", hex::encode(id.0))?;
    file.sync_all()?;
    fs::rename(&temporary, root.join(NAME))?;
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
    let text = match fs::read_to_string(root.join(NAME)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut id = [0; 16];
    hex::decode_to_slice(text.trim(), &mut id).map_err(|_| io::Error::other("the marker file is damaged"))?;
    Ok(Some(StoreId(id)))
}

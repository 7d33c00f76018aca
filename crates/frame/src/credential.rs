//! Where the frame's credential is kept: the keyring if the program was given one, else a sealed file.
//!
//! A kiosk has no desktop session that could unlock a keyring, so the sealed file is the usual place. Its key comes
//! from systemd's credentials or from the machine's id: a copy of the file is worth nothing on another machine.

mod keyring;
mod sealed;

use std::{path::Path, sync::Arc};

use picup_client::TokenStore;

pub(crate) fn open(data_dir: &Path) -> Arc<dyn TokenStore> {
    match keyring::Keyring::available() {
        Some(keyring) => Arc::new(keyring),
        None => Arc::new(sealed::SealedFile::in_folder(data_dir)),
    }
}

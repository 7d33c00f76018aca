//! One window per data directory.
//!
//! A file lock rather than D-Bus, because a kiosk's session may have no bus; the kernel frees it however the program ends.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use anyhow::{Context, bail};

/// Held as long as it lives.
pub(crate) struct OnlyOne {
    _file: File,
}

impl OnlyOne {
    pub(crate) fn take(data_dir: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(data_dir).context("the data directory cannot be made")?;
        let file = File::create(data_dir.join("kiosk.lock")).context("the lock file cannot be made")?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => bail!("another window already shows this data directory"),
            Err(TryLockError::Error(error)) => Err(error).context("the data directory cannot be locked"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_window_is_refused_until_the_first_has_ended() {
        let directory = std::env::temp_dir().join(format!("picup-kiosk-lock-{}", std::process::id()));
        let first = OnlyOne::take(&directory).unwrap();
        assert!(OnlyOne::take(&directory).is_err());
        drop(first);
        assert!(OnlyOne::take(&directory).is_ok());
        std::fs::remove_dir_all(&directory).unwrap();
    }
}

//! The lamp behind a panel, as the kernel offers it: `/sys/class/backlight/*/{bl_power,brightness,max_brightness}`.
//!
//! Kernel documentation: `Documentation/ABI/stable/sysfs-class-backlight`.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use async_trait::async_trait;
use tokio::fs;

use super::{PanelMethod, Switch};

/// `FB_BLANK_UNBLANK` and `FB_BLANK_POWERDOWN` of the kernel's `fb.h`.
const LIT: &str = "0";
const UNLIT: &str = "4";

pub(super) struct Backlight {
    directory: PathBuf,
    lamps: Vec<PathBuf>,
}

impl Backlight {
    pub(super) fn at(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), lamps: Vec::new() }
    }

    async fn power(&self, value: &str) -> anyhow::Result<()> {
        for lamp in &self.lamps {
            write(&lamp.join("bl_power"), value).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Switch for Backlight {
    fn method(&self) -> PanelMethod {
        PanelMethod::Backlight
    }

    async fn is_there(&mut self) -> anyhow::Result<()> {
        self.lamps = lamps(&self.directory).await;
        ensure!(!self.lamps.is_empty(), "there is no lamp in {}", self.directory.display());
        for lamp in &self.lamps {
            writable(&lamp.join("bl_power")).await?;
        }
        Ok(())
    }

    async fn off(&mut self) -> anyhow::Result<()> {
        self.power(UNLIT).await
    }

    async fn on(&mut self) -> anyhow::Result<()> {
        self.power(LIT).await
    }

    fn has_light(&self) -> bool {
        !self.lamps.is_empty()
    }

    async fn light(&mut self, percent: u8) -> anyhow::Result<()> {
        for lamp in &self.lamps {
            let most = fs::read_to_string(lamp.join("max_brightness")).await.context("max_brightness")?;
            let most: u32 = most.trim().parse().context("max_brightness")?;
            write(&lamp.join("brightness"), &steps(most, percent).to_string()).await?;
        }
        Ok(())
    }
}

/// Never nothing: 0 may be off.
fn steps(most: u32, percent: u8) -> u32 {
    (u64::from(most) * u64::from(percent) / 100).clamp(1, u64::from(most).max(1)) as u32
}

async fn lamps(directory: &Path) -> Vec<PathBuf> {
    let mut lamps = Vec::new();
    let Ok(mut entries) = fs::read_dir(directory).await else { return lamps };
    while let Ok(Some(entry)) = entries.next_entry().await {
        if fs::try_exists(entry.path().join("bl_power")).await.unwrap_or(false) {
            lamps.push(entry.path());
        }
    }
    lamps
}

async fn writable(file: &Path) -> anyhow::Result<()> {
    let opened = fs::OpenOptions::new().write(true).open(file).await;
    opened.map(drop).with_context(|| format!("{} cannot be written: see the group `video`", file.display()))
}

/// Never makes the file: a lamp that went away is an error.
async fn write(file: &Path, value: &str) -> anyhow::Result<()> {
    use tokio::io::AsyncWriteExt;
    let told = async {
        let mut opened = fs::OpenOptions::new().write(true).truncate(true).open(file).await?;
        opened.write_all(value.as_bytes()).await?;
        opened.flush().await
    };
    told.await.with_context(|| format!("{} cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_become_the_lamps_own_steps() {
        for (most, percent, expected) in
            [(255, 100, 255), (255, 10, 25), (31, 50, 15), (7, 10, 1), (0, 50, 1)]
        {
            assert_eq!(steps(most, percent), expected, "{percent} % of {most}");
        }
    }
}

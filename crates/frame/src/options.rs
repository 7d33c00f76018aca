//! What a frame is told when it is started: flags, each with an environment twin.
//!
//! Flattened by the headless binary and by the kiosk window, so both take the same flags.

use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use picup_api::photo::PhotoSource;
use url::Url;

use crate::{MqttOptions, PanelOptions};

#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Where the frame keeps its cache, its spool and its credential.
    #[arg(long, env = "PICUP_DATA_DIR", value_name = "DIR")]
    pub data_dir: PathBuf,

    /// The Picup server, such as http://127.0.0.1:8520.
    #[arg(long, env = "PICUP_SERVER", value_name = "URL")]
    pub server: Url,

    /// A folder whose pictures are sent to the family. Repeatable; lines in the environment.
    #[arg(long, env = "PICUP_INBOX", value_name = "DIR[:camera|scanner]", value_delimiter = '\n')]
    pub inbox: Vec<InboxFolder>,

    /// Where the screen is served; a loopback address. Port 0 takes a free one.
    #[arg(long, env = "PICUP_BRIDGE", value_name = "ADDRESS", default_value = "127.0.0.1:8530", value_parser = loopback)]
    pub bridge: SocketAddr,

    /// The built screen (`frame.html`); without it a plain page is served.
    #[arg(long, env = "PICUP_WEB_DIR", value_name = "DIR")]
    pub web_dir: Option<PathBuf>,

    /// What cached pictures may take; at most half of the disk's free space when absent.
    #[arg(long, env = "PICUP_CACHE_BYTES", value_name = "BYTES")]
    pub cache_bytes: Option<u64>,

    /// How long a file in an inbox must have been left alone before it is taken.
    #[arg(long, env = "PICUP_SETTLE_SECONDS", value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub settle_seconds: Duration,

    /// What the frame leaves free on its disk.
    #[arg(long, env = "PICUP_RESERVE_BYTES", value_name = "BYTES", default_value_t = 512 << 20)]
    pub reserve_bytes: u64,

    /// How long a touch in the night keeps the frame awake.
    #[arg(long, env = "PICUP_TOUCH_SECONDS", value_name = "SECONDS", default_value = "600", value_parser = seconds)]
    pub touch_seconds: Duration,

    #[command(flatten)]
    pub panel: PanelOptions,

    #[command(flatten)]
    pub mqtt: MqttOptions,
}

/// `DIR`, `DIR:camera` or `DIR:scanner`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxFolder {
    pub path: PathBuf,
    pub source: PhotoSource,
}

#[derive(Debug, thiserror::Error)]
#[error("an inbox needs a folder")]
pub struct NoFolder;

impl FromStr for InboxFolder {
    type Err = NoFolder;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, source) = match text.rsplit_once(':') {
            Some((path, "camera")) => (path, PhotoSource::Camera),
            Some((path, "scanner")) => (path, PhotoSource::Scanner),
            _ => (text, PhotoSource::Camera),
        };
        if path.is_empty() {
            return Err(NoFolder);
        }
        Ok(Self { path: path.into(), source })
    }
}

/// Invariant: the bridge is never reachable from another machine.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "write it as 127.0.0.1:8530".to_owned())?;
    if !address.ip().is_loopback() {
        return Err("the bridge listens on loopback only".to_owned());
    }
    Ok(address)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| "write it as 5 or 0.5".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inbox_says_what_fills_it() {
        let folder = |text: &str| text.parse::<InboxFolder>().map(|f| (f.path, f.source)).ok();
        assert_eq!(folder("/a/b"), Some(("/a/b".into(), PhotoSource::Camera)));
        assert_eq!(folder("/a/b:scanner"), Some(("/a/b".into(), PhotoSource::Scanner)));
        assert_eq!(folder("/a:b"), Some(("/a:b".into(), PhotoSource::Camera)));
        assert_eq!(folder(":camera"), None);
    }

    #[test]
    fn the_bridge_never_leaves_this_machine() {
        assert!(loopback("0.0.0.0:8530").is_err());
        assert!(loopback("192.168.0.2:8530").is_err());
        assert!(loopback("127.0.0.1:0").is_ok());
    }
}

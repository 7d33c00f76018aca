//! Televisions, told over HDMI (CEC): `cec-ctl` of the kernel's own tools, else `cec-client` of libcec.
//!
//! A television belongs to whoever holds its remote control: one that is on already is not taken over, and one that
//! shows something else is not switched off.

use anyhow::{Context, ensure};
use async_trait::async_trait;
use tracing::info;

use super::{
    PanelMethod, Switch,
    program::{run, run_with},
};

/// How the frame is listed in the television's menus.
const NAME: &str = "Picup";

#[derive(Default)]
pub(super) struct CecCtl {
    televisions: Vec<Television>,
}

/// At the other end of `device`.
struct Television {
    device: String,
    /// Which of its sockets the frame is plugged into, such as `1.0.0.0`.
    address: String,
}

pub(super) struct CecClient;

#[async_trait]
impl Switch for CecCtl {
    fn method(&self) -> PanelMethod {
        PanelMethod::CecCtl
    }

    async fn is_there(&mut self) -> anyhow::Result<()> {
        self.televisions.clear();
        for device in devices().await {
            let told = run("cec-ctl", &["--device", &device, "--playback", "--osd-name", NAME]).await?;
            let Some(address) = own_address(&told) else { continue };
            let television = Television { device, address };
            if power_state(&television.ask_power().await?).is_some() {
                self.televisions.push(television);
            }
        }
        ensure!(
            !self.televisions.is_empty(),
            "no television answers (CEC may have to be allowed in its menu)"
        );
        Ok(())
    }

    async fn off(&mut self) -> anyhow::Result<()> {
        for television in &self.televisions {
            if television.shows_another().await {
                info!("the television shows something else and is left on");
            } else {
                television.say(&["--to", "0", "--standby"]).await?;
            }
        }
        Ok(())
    }

    async fn on(&mut self) -> anyhow::Result<()> {
        for television in &self.televisions {
            if power_state(&television.ask_power().await?) != Some("on") {
                television.say(&["--to", "0", "--image-view-on"]).await?;
                let source = format!("phys-addr={}", television.address);
                television.say(&["--active-source", &source]).await?;
            }
        }
        Ok(())
    }

    fn is_the_frames_own(&self) -> bool {
        false
    }
}

impl Television {
    async fn say(&self, words: &[&str]) -> anyhow::Result<String> {
        let answer = run("cec-ctl", &[&["--device", &self.device, "--skip-info"], words].concat()).await?;
        // The program itself calls a message that nobody took a success.
        ensure!(!answer.contains("Not Acknowledged"), "the television does not answer");
        Ok(answer)
    }

    async fn ask_power(&self) -> anyhow::Result<String> {
        let words = ["--device", &self.device, "--skip-info", "--to", "0", "--give-device-power-status"];
        run("cec-ctl", &words).await
    }

    async fn shows_another(&self) -> bool {
        let answer = self.say(&["--request-active-source"]).await;
        answer.ok().and_then(|answer| active_source(&answer)).is_some_and(|source| source != self.address)
    }
}

#[async_trait]
impl Switch for CecClient {
    fn method(&self) -> PanelMethod {
        PanelMethod::CecClient
    }

    async fn is_there(&mut self) -> anyhow::Result<()> {
        let listed = run("cec-client", &["--list-devices"]).await?;
        ensure!(has_adapter(&listed), "cec-client finds no adapter");
        client_power(&tell("pow 0").await?).context("no television answers")?;
        Ok(())
    }

    async fn off(&mut self) -> anyhow::Result<()> {
        tell("standby 0").await.map(drop)
    }

    async fn on(&mut self) -> anyhow::Result<()> {
        if client_power(&tell("pow 0").await?) != Some("on") {
            tell("on 0").await?;
            tell("as").await?;
        }
        Ok(())
    }

    fn is_the_frames_own(&self) -> bool {
        false
    }
}

/// One command, with errors alone in its log.
async fn tell(command: &str) -> anyhow::Result<String> {
    let words = ["--single-command", "--log-level", "1", "--osd-name", NAME];
    run_with("cec-client", &words, &format!("{command}\n")).await
}

async fn devices() -> Vec<String> {
    let mut found = Vec::new();
    let Ok(mut devices) = tokio::fs::read_dir("/dev").await else { return found };
    while let Ok(Some(device)) = devices.next_entry().await {
        let name = device.file_name().to_string_lossy().into_owned();
        if name.strip_prefix("cec").is_some_and(|number| number.parse::<u8>().is_ok()) {
            found.push(format!("/dev/{name}"));
        }
    }
    found.sort();
    found
}

/// `f.f.f.f`: nothing is plugged in.
fn own_address(info: &str) -> Option<String> {
    let line = info.lines().find(|line| line.trim_start().starts_with("Physical Address"))?;
    let address = line.split_once(':')?.1.trim();
    (address != "f.f.f.f").then(|| address.to_owned())
}

/// `pwr-state: standby (0x01)`
fn power_state(answer: &str) -> Option<&str> {
    answer.lines().find_map(|line| line.trim().strip_prefix("pwr-state: ")?.split(" (").next())
}

/// The address below the answer `ACTIVE_SOURCE (0x82)`; nobody answers when the frame itself is shown.
fn active_source(answer: &str) -> Option<String> {
    let (_, answer) = answer.split_once("ACTIVE_SOURCE (0x82)")?;
    let address = answer.lines().find_map(|line| line.trim().strip_prefix("phys-addr: "))?;
    Some(address.trim().to_owned())
}

fn has_adapter(listed: &str) -> bool {
    let count = listed.lines().find_map(|line| line.trim().strip_prefix("Found devices: "));
    count.is_some_and(|count| count.trim().parse::<u32>().is_ok_and(|count| count > 0))
}

/// `power status: standby`; `unknown` is what nobody answered.
fn client_power(answer: &str) -> Option<&str> {
    let state = answer.lines().find_map(|line| line.trim().strip_prefix("power status: "));
    state.filter(|state| *state != "unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "\
Driver Info:
	Driver Name                : vc4_hdmi
	Adapter Name               : vc4-hdmi-0
	Physical Address           : 1.0.0.0
	Logical Address Mask       : 0x0010
";

    #[test]
    fn cec_ctl_tells_where_the_frame_is_plugged_in() {
        assert_eq!(own_address(INFO).as_deref(), Some("1.0.0.0"));
        assert_eq!(own_address(&INFO.replace("1.0.0.0", "f.f.f.f")), None);
        assert_eq!(own_address("Failed to open /dev/cec0"), None);
    }

    #[test]
    fn cec_ctl_tells_how_the_television_is() {
        let answer = "\
Transmit from Playback Device 1 to TV (4 to 0):
GIVE_DEVICE_POWER_STATUS (0x8f)
    Received from TV (0 to 4):
    REPORT_POWER_STATUS (0x90):
	pwr-state: standby (0x01)
	Sequence: 17 Rx Timestamp: 5210.283s
";
        assert_eq!(power_state(answer), Some("standby"));
        assert_eq!(power_state("	Tx, Not Acknowledged (4), Max Retries\n"), None);
    }

    #[test]
    fn cec_ctl_tells_what_the_television_shows() {
        let answer = "\
Transmit from Playback Device 1 to all (4 to 15):
REQUEST_ACTIVE_SOURCE (0x85)
    Received from Playback Device 2 (8 to 15):
    ACTIVE_SOURCE (0x82):
	phys-addr: 2.0.0.0
";
        assert_eq!(active_source(answer).as_deref(), Some("2.0.0.0"));
        assert_eq!(active_source("REQUEST_ACTIVE_SOURCE (0x85)\n	Rx, Timeout\n"), None);
    }

    #[test]
    fn cec_client_tells_what_it_found() {
        assert!(has_adapter("libCEC version: 6.0.2\nFound devices: 1\n\ndevice: 1\ncom port: /dev/cec0\n"));
        assert!(!has_adapter("libCEC version: 6.0.2\nFound devices: NONE\n"));
        assert_eq!(
            client_power("opening a connection to the CEC adapter...\npower status: on\n"),
            Some("on")
        );
        assert_eq!(client_power("power status: unknown\n"), None);
    }
}

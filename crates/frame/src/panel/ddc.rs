//! Monitors that are told over their cable's I2C wires (DDC/CI), by `ddcutil`.
//!
//! VESA Monitor Control Command Set: feature D6 is the power mode, 10 the luminance.

use anyhow::{Context, anyhow, bail, ensure};
use async_trait::async_trait;

use super::{PanelMethod, Switch, program::run};

const POWER: &str = "D6";
const LUMINANCE: &str = "10";
const ON: u32 = 1;
/// A monitor in mode 4 still listens; in mode 5 only its own button wakes it.
const OFF: &str = "4";

#[derive(Default)]
pub(super) struct Ddcutil {
    monitors: Vec<Monitor>,
}

struct Monitor {
    /// The number of `/dev/i2c-*`; naming it spares the search of all of them.
    bus: String,
    brightest: Option<u32>,
}

#[async_trait]
impl Switch for Ddcutil {
    fn method(&self) -> PanelMethod {
        PanelMethod::Ddcutil
    }

    async fn is_there(&mut self) -> anyhow::Result<()> {
        ensure!(has_a_bus().await, "there is no /dev/i2c-*: load the module i2c-dev");
        self.monitors.clear();
        let mut refusal = None;
        for bus in busses(&run("ddcutil", &["detect", "--terse"]).await?) {
            match power(&bus).await {
                Ok(_) => {
                    let brightest = ask(&bus, LUMINANCE).await.ok().and_then(|answer| luminance(&answer));
                    self.monitors.push(Monitor { bus, brightest });
                }
                Err(error) => refusal = Some(error),
            }
        }
        if self.monitors.is_empty() {
            return Err(refusal.unwrap_or_else(|| anyhow!("no monitor answers: see the group `i2c`")));
        }
        Ok(())
    }

    async fn off(&mut self) -> anyhow::Result<()> {
        for monitor in &self.monitors {
            set(&monitor.bus, POWER, OFF).await?;
        }
        Ok(())
    }

    async fn on(&mut self) -> anyhow::Result<()> {
        for monitor in &self.monitors {
            if power(&monitor.bus).await.ok() != Some(ON) {
                set(&monitor.bus, POWER, &ON.to_string()).await?;
            }
        }
        Ok(())
    }

    fn has_light(&self) -> bool {
        self.monitors.iter().any(|monitor| monitor.brightest.is_some())
    }

    async fn light(&mut self, percent: u8) -> anyhow::Result<()> {
        for monitor in &self.monitors {
            if let Some(brightest) = monitor.brightest {
                set(&monitor.bus, LUMINANCE, &(brightest * u32::from(percent) / 100).to_string()).await?;
            }
        }
        Ok(())
    }
}

async fn has_a_bus() -> bool {
    let Ok(mut devices) = tokio::fs::read_dir("/dev").await else { return false };
    while let Ok(Some(device)) = devices.next_entry().await {
        if device.file_name().to_string_lossy().starts_with("i2c-") {
            return true;
        }
    }
    false
}

async fn power(bus: &str) -> anyhow::Result<u32> {
    power_mode(&ask(bus, POWER).await?)
}

async fn ask(bus: &str, feature: &str) -> anyhow::Result<String> {
    run("ddcutil", &["--bus", bus, "getvcp", feature, "--terse"]).await
}

/// Not verified: a monitor that goes off does not answer for a moment.
async fn set(bus: &str, feature: &str, value: &str) -> anyhow::Result<()> {
    run("ddcutil", &["--bus", bus, "--noverify", "setvcp", feature, value]).await.map(drop)
}

/// The busses below `Display N`; those below `Invalid display` have no monitor that can be told anything.
fn busses(detected: &str) -> Vec<String> {
    let (mut valid, mut busses) = (false, Vec::new());
    for line in detected.lines() {
        if !line.starts_with(' ') {
            valid = line.starts_with("Display ");
        } else if let Some((_, bus)) = line.split_once("/dev/i2c-").filter(|_| valid) {
            busses.push(bus.trim().to_owned());
        }
    }
    busses
}

/// `VCP D6 SNC x01`
fn power_mode(answer: &str) -> anyhow::Result<u32> {
    let words: Vec<&str> = answer.split_whitespace().collect();
    match words[..] {
        ["VCP", POWER, "SNC", value] => {
            u32::from_str_radix(value.trim_start_matches('x'), 16).context("no number of a power mode")
        }
        _ => bail!("the monitor does not tell its power mode: {}", answer.trim()),
    }
}

/// `VCP 10 C 50 100`: the value and its maximum.
fn luminance(answer: &str) -> Option<u32> {
    let words: Vec<&str> = answer.split_whitespace().collect();
    match words[..] {
        ["VCP", LUMINANCE, "C", _, most] => most.parse().ok().filter(|most| *most > 0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_monitors_that_listen_are_told() {
        let detected = "\
Display 1
   I2C bus:          /dev/i2c-4
   Monitor:          DEL:DELL U2415:7MT0167B2YNL
Invalid display
   I2C bus:          /dev/i2c-6
   DRM connector:    card0-eDP-1
Display 2
   I2C bus:          /dev/i2c-20
";
        assert_eq!(busses(detected), ["4", "20"]);
        assert!(busses("No displays found\n").is_empty());
    }

    #[test]
    fn a_monitors_answers_are_read() {
        assert_eq!(power_mode("VCP D6 SNC x01\n").unwrap(), ON);
        assert_eq!(power_mode("VCP D6 SNC x04\n").unwrap(), 4);
        assert!(power_mode("VCP D6 ERR\n").unwrap_err().to_string().contains("VCP D6 ERR"));
        assert_eq!(luminance("VCP 10 C 50 100\n"), Some(100));
        assert_eq!(luminance("VCP 10 C 0 0\n"), None);
        assert_eq!(luminance("VCP 10 ERR\n"), None);
    }
}

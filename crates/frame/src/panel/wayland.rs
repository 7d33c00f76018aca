//! Panels of a Wayland session whose compositor is built on wlroots: `wlopm`, else `wlr-randr`.
//!
//! `wlopm` only cuts the power, and touches still arrive. `wlr-randr` takes the output out of the session, so how it
//! was turned is remembered.

use anyhow::ensure;
use async_trait::async_trait;

use super::{
    PanelMethod, Switch, memory,
    memory::Output,
    program::{run, run_turned},
};

pub(super) struct Wlopm;
pub(super) struct WlrRandr;

#[async_trait]
impl Switch for Wlopm {
    fn method(&self) -> PanelMethod {
        PanelMethod::Wlopm
    }

    async fn is_there(&mut self) -> anyhow::Result<()> {
        has_session()?;
        ensure!(!run("wlopm", &[]).await?.trim().is_empty(), "wlopm sees no output");
        Ok(())
    }

    async fn off(&mut self) -> anyhow::Result<()> {
        run("wlopm", &["--off", "*"]).await.map(drop)
    }

    async fn on(&mut self) -> anyhow::Result<()> {
        run("wlopm", &["--on", "*"]).await.map(drop)
    }
}

#[async_trait]
impl Switch for WlrRandr {
    fn method(&self) -> PanelMethod {
        PanelMethod::WlrRandr
    }

    async fn is_there(&mut self) -> anyhow::Result<()> {
        has_session()?;
        ensure!(!outputs().await?.is_empty(), "wlr-randr sees no output");
        Ok(())
    }

    async fn off(&mut self) -> anyhow::Result<()> {
        let outputs = outputs().await?;
        memory::remember(PanelMethod::WlrRandr, &outputs).await;
        for output in outputs.iter().filter(|output| output.on) {
            run("wlr-randr", &["--output", &output.name, "--off"]).await?;
        }
        Ok(())
    }

    async fn on(&mut self) -> anyhow::Result<()> {
        let outputs = outputs().await?;
        ensure!(!outputs.is_empty(), "no panel is plugged in");
        let turned = memory::recall(PanelMethod::WlrRandr).await;
        for output in outputs.iter().filter(|output| !output.on) {
            let arguments = ["--output", &output.name, "--on"];
            run_turned("wlr-randr", &arguments, "--transform", turned.get(&output.name)).await?;
        }
        Ok(())
    }
}

async fn outputs() -> anyhow::Result<Vec<Output>> {
    Ok(parse(&run("wlr-randr", &[]).await?))
}

/// An output's line begins at the margin with its name; what is said of it is indented.
fn parse(listing: &str) -> Vec<Output> {
    let mut outputs: Vec<Output> = Vec::new();
    for line in listing.lines() {
        let (indented, words) = (line.starts_with(' '), line.trim());
        match outputs.last_mut().filter(|_| indented) {
            Some(output) => match words.split_once(": ") {
                Some(("Enabled", enabled)) => output.on = enabled == "yes",
                Some(("Transform", turned)) => output.turned = Some(turned.to_owned()),
                _ => {}
            },
            None => outputs.extend(words.split_whitespace().next().map(Output::named)),
        }
    }
    outputs
}

fn has_session() -> anyhow::Result<()> {
    ensure!(
        std::env::var_os("WAYLAND_DISPLAY").is_some(),
        "this is no Wayland session (WAYLAND_DISPLAY is not set)"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "\
HDMI-A-1 \"Dell Inc. DELL U2415 7MT0167B2YNL (HDMI-A-1)\"
  Make: Dell Inc.
  Enabled: yes
  Modes:
    1920x1200 px, 59.950001 Hz (preferred, current)
    1920x1080 px, 60.000000 Hz
  Position: 0,0
  Transform: 90
  Scale: 1.000000
HDMI-A-2 \"(null) (null) (HDMI-A-2)\"
  Enabled: no
  Modes:
    1024x600 px, 59.990002 Hz (preferred)
";

    #[test]
    fn outputs_are_read_with_how_they_are_turned() {
        let outputs = parse(LISTING);
        let expected = [("HDMI-A-1", true, Some("90")), ("HDMI-A-2", false, None)];
        let read = outputs.iter().map(|it| (it.name.as_str(), it.on, it.turned.as_deref()));
        assert!(read.eq(expected), "{outputs:?}");
        assert!(parse("").is_empty());
    }
}

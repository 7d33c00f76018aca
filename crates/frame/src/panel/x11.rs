//! Panels of an X session: `xset` by the server's power management, else `xrandr`, which takes the output out.

use anyhow::ensure;
use async_trait::async_trait;

use super::{
    PanelMethod, Switch, memory,
    memory::Output,
    program::{run, run_turned},
};

pub(super) struct Xset;
pub(super) struct Xrandr;

/// The ways an output can be turned, as `xrandr` names them.
const TURNS: [&str; 3] = ["left", "right", "inverted"];

#[async_trait]
impl Switch for Xset {
    fn method(&self) -> PanelMethod {
        PanelMethod::Xset
    }

    async fn is_there(&mut self) -> anyhow::Result<()> {
        has_session()?;
        // Without the extension `xset` says so, and calls that a success.
        ensure!(
            has_power_management(&run("xset", &["q"]).await?),
            "the X server has no power management (DPMS)"
        );
        Ok(())
    }

    async fn off(&mut self) -> anyhow::Result<()> {
        run("xset", &["dpms", "force", "off"]).await.map(drop)
    }

    /// Also ends the server's own habit of blanking a screen nobody touches.
    async fn on(&mut self) -> anyhow::Result<()> {
        run("xset", &["s", "off"]).await?;
        run("xset", &["dpms", "0", "0", "0"]).await?;
        run("xset", &["dpms", "force", "on"]).await.map(drop)
    }
}

#[async_trait]
impl Switch for Xrandr {
    fn method(&self) -> PanelMethod {
        PanelMethod::Xrandr
    }

    async fn is_there(&mut self) -> anyhow::Result<()> {
        has_session()?;
        ensure!(!outputs().await?.is_empty(), "xrandr sees no panel");
        Ok(())
    }

    async fn off(&mut self) -> anyhow::Result<()> {
        let outputs = outputs().await?;
        memory::remember(PanelMethod::Xrandr, &outputs).await;
        for output in outputs.iter().filter(|output| output.on) {
            run("xrandr", &["--output", &output.name, "--off"]).await?;
        }
        Ok(())
    }

    async fn on(&mut self) -> anyhow::Result<()> {
        let outputs = outputs().await?;
        ensure!(!outputs.is_empty(), "no panel is plugged in");
        let turned = memory::recall(PanelMethod::Xrandr).await;
        for output in outputs.iter().filter(|output| !output.on) {
            let arguments = ["--output", &output.name, "--auto"];
            run_turned("xrandr", &arguments, "--rotate", turned.get(&output.name)).await?;
        }
        Ok(())
    }
}

async fn outputs() -> anyhow::Result<Vec<Output>> {
    Ok(run("xrandr", &["--query"]).await?.lines().filter_map(plugged_in).collect())
}

/// `HDMI-1 connected primary 1080x1920+0+0 left (normal left ...) 0mm x 0mm`; without a size it is off.
fn plugged_in(line: &str) -> Option<Output> {
    let (facts, _) = line.split_once('(').unwrap_or((line, ""));
    let mut words = facts.split_whitespace();
    let name = words.next().filter(|_| !line.starts_with(' '))?;
    words.next().filter(|word| *word == "connected")?;
    let words: Vec<&str> = words.collect();
    let on = words.iter().any(|word| word.contains('x') && word.contains('+'));
    let turn = TURNS.into_iter().find(|turn| words.contains(turn)).unwrap_or("normal");
    Some(Output { on, turned: on.then(|| turn.to_owned()), ..Output::named(name) })
}

fn has_power_management(answer: &str) -> bool {
    answer.lines().any(|line| line.trim().starts_with("DPMS is "))
}

fn has_session() -> anyhow::Result<()> {
    ensure!(std::env::var_os("DISPLAY").is_some(), "this is no X session (DISPLAY is not set)");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_read_with_how_they_are_turned() {
        let read = |line| plugged_in(line).map(|it| (it.name, it.on, it.turned));
        let turned = |turn: &str| Some(turn.to_owned());
        for (line, expected) in [
            ("Screen 0: minimum 320 x 200, current 1080 x 1920, maximum 16384 x 16384", None),
            (
                "HDMI-1 connected primary 1080x1920+0+0 left (normal left inverted right x axis y axis) 527mm x 296mm",
                Some(("HDMI-1".into(), true, turned("left"))),
            ),
            (
                "DUMMY0 connected primary 1024x768+0+0 0mm x 0mm",
                Some(("DUMMY0".into(), true, turned("normal"))),
            ),
            (
                "HDMI-2 connected (normal left inverted right x axis y axis)",
                Some(("HDMI-2".into(), false, None)),
            ),
            ("DP-1 disconnected (normal left inverted right x axis y axis)", None),
            ("   1920x1080     60.00*+  50.00    59.94  ", None),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn a_server_without_power_management_says_so() {
        assert!(has_power_management("DPMS (Energy Star):\n  DPMS is Enabled\n  Monitor is On\n"));
        assert!(has_power_management("DPMS (Energy Star):\n  DPMS is Disabled\n"));
        assert!(!has_power_management("DPMS (Energy Star):\n  Server does not have the DPMS Extension\n"));
    }
}

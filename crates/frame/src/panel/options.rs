//! Which way of switching the panel is wanted, as an installer says it.

use std::{fmt, path::PathBuf, str::FromStr};

use serde::Serialize;

#[derive(Clone, Debug, clap::Args)]
pub struct PanelOptions {
    /// How the panel is switched: auto, none (the picture goes dark), wlopm, wlr-randr, xset, xrandr, ddcutil, cec-ctl,
    /// cec-client or backlight.
    #[arg(long, env = "PICUP_PANEL", value_name = "METHOD", default_value = "auto")]
    pub panel: PanelChoice,

    /// Where the kernel lists the lamps behind panels.
    #[arg(
        long,
        env = "PICUP_BACKLIGHT_DIR",
        value_name = "DIR",
        default_value = "/sys/class/backlight",
        hide = true
    )]
    pub backlight_dir: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelChoice {
    /// The first that works here.
    Auto,
    /// The picture goes dark, the panel stays on.
    None,
    Only(PanelMethod),
}

/// Named after the program, or the part of the kernel, that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub enum PanelMethod {
    Wlopm,
    WlrRandr,
    Xset,
    Xrandr,
    Ddcutil,
    CecCtl,
    CecClient,
    Backlight,
}

#[derive(Debug, thiserror::Error)]
#[error("auto, none, wlopm, wlr-randr, xset, xrandr, ddcutil, cec-ctl, cec-client and backlight are known")]
pub struct UnknownPanel;

impl PanelMethod {
    /// In the order they are tried.
    pub const ALL: [Self; 8] = [
        Self::Wlopm,
        Self::WlrRandr,
        Self::Xset,
        Self::Xrandr,
        Self::Ddcutil,
        Self::CecCtl,
        Self::CecClient,
        Self::Backlight,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wlopm => "wlopm",
            Self::WlrRandr => "wlr-randr",
            Self::Xset => "xset",
            Self::Xrandr => "xrandr",
            Self::Ddcutil => "ddcutil",
            Self::CecCtl => "cec-ctl",
            Self::CecClient => "cec-client",
            Self::Backlight => "backlight",
        }
    }
}

impl fmt::Display for PanelMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<PanelMethod> for &'static str {
    fn from(method: PanelMethod) -> Self {
        method.as_str()
    }
}

impl FromStr for PanelChoice {
    type Err = UnknownPanel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "none" => Ok(Self::None),
            name => {
                let method = PanelMethod::ALL.into_iter().find(|method| method.as_str() == name);
                method.map(Self::Only).ok_or(UnknownPanel)
            }
        }
    }
}

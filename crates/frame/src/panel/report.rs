//! `picup-frame panel probe|off|on`: what was found and what was tried, for whoever sets a frame up.

use serde::Serialize;

use super::{Panel, PanelMethod, PanelOptions, find};

/// Printed as JSON.
#[derive(Debug, Serialize)]
pub struct PanelReport {
    /// What the frame would use; absent: its picture goes dark instead.
    pub chosen: Option<PanelMethod>,
    /// What changes the panel's own light.
    pub light: Option<PanelMethod>,
    pub looked_for: Vec<Sighting>,
    /// In this order, when the panel was to be switched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Attempt>,
}

#[derive(Debug, Serialize)]
pub struct Sighting {
    pub method: PanelMethod,
    pub found: bool,
    /// Why it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    pub method: PanelMethod,
    pub worked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl PanelReport {
    /// What was asked for was done; looking alone is done when something was found.
    pub fn is_done(&self) -> bool {
        match self.tried.last() {
            Some(attempt) => attempt.worked,
            None => self.chosen.is_some() && self.tried.is_empty(),
        }
    }
}

/// Looks, and switches the panel where `on` is given.
pub async fn switch_panel(options: PanelOptions, on: Option<bool>) -> PanelReport {
    let mut absent = Vec::new();
    let found = find(&options, |method, because| {
        absent.push(Sighting { method, found: false, because: Some(because) });
    });
    let mut panel = Panel { found: found.await, ..Panel::new(options) };
    let light = panel.found.iter().find(|switch| switch.has_light()).map(|switch| switch.method());
    let there = panel.found.iter().map(|it| Sighting { method: it.method(), found: true, because: None });
    let looked_for = there.chain(absent).collect();
    let tried = match on {
        Some(on) => panel.attempt(on).await,
        None => Vec::new(),
    };
    PanelReport { chosen: panel.method(), light, looked_for, tried }
}

//! How a real panel is switched off and on, by whatever this machine offers.
//!
//! Rule: nothing here may hold up the frame. Every way has a deadline, one that fails is followed by the next, and
//! where none works the screen's own dark picture has to do.

mod backlight;
mod cec;
mod ddc;
mod memory;
mod options;
mod program;
mod report;
mod wayland;
mod x11;

use anyhow::anyhow;
use async_trait::async_trait;
use tracing::{debug, info, warn};

pub use options::{PanelChoice, PanelMethod, PanelOptions, UnknownPanel};
pub use report::{Attempt, PanelReport, Sighting, switch_panel};

/// One way to switch a panel. Errors are sentences for an installer.
#[async_trait]
pub(crate) trait Switch: Send {
    fn method(&self) -> PanelMethod;

    /// Looks whether it can be used here, and what it would switch; the error says why not.
    async fn is_there(&mut self) -> anyhow::Result<()>;

    async fn off(&mut self) -> anyhow::Result<()>;

    /// Changes nothing where the panel is known to be on.
    async fn on(&mut self) -> anyhow::Result<()>;

    /// Known once `is_there` has looked.
    fn has_light(&self) -> bool {
        false
    }

    /// Percent, 1 to 100; called where there `has_light` only.
    async fn light(&mut self, _percent: u8) -> anyhow::Result<()> {
        Ok(())
    }

    /// False for what also serves somebody else: a television is switched when day or night begins, and is left to
    /// whoever holds its remote control in between.
    fn is_the_frames_own(&self) -> bool {
        true
    }
}

/// The ways that were found, the best first.
pub(crate) struct Panel {
    options: PanelOptions,
    found: Vec<Box<dyn Switch>>,
    /// The one that worked last is asked first: what was switched off by it comes on by it.
    worked: Option<PanelMethod>,
    /// Said already; a panel that was unplugged is not complained about all night.
    complaint: Option<String>,
}

impl Panel {
    pub(crate) fn new(options: PanelOptions) -> Self {
        Self { options, found: Vec::new(), worked: None, complaint: None }
    }

    /// May take a few deadlines of ten seconds.
    pub(crate) async fn probe(&mut self) {
        let before = self.method();
        self.found =
            find(&self.options, |method, error| debug!(%method, error, "no way to switch the panel")).await;
        if self.method() != before {
            info!(method = self.method().map(|it| it.as_str()), "how the panel is switched");
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// What switches the panel.
    pub(crate) fn method(&self) -> Option<PanelMethod> {
        self.worked.or(self.found.first().map(|switch| switch.method()))
    }

    pub(crate) fn has_light(&self) -> bool {
        self.found.iter().any(|switch| switch.has_light())
    }

    pub(crate) fn is_the_frames_own(&self) -> bool {
        let method = self.method();
        self.found.iter().filter(|it| Some(it.method()) == method).all(|it| it.is_the_frames_own())
    }

    /// False when no way worked.
    pub(crate) async fn turn(&mut self, on: bool) -> bool {
        self.attempt(on).await.last().is_some_and(|attempt| attempt.worked)
    }

    /// Tries one way after the other; the last attempt is the only one that may have worked.
    async fn attempt(&mut self, on: bool) -> Vec<Attempt> {
        let (worked, mut attempts) = (self.worked, Vec::new());
        self.found.sort_by_key(|switch| Some(switch.method()) != worked);
        for switch in &mut self.found {
            let method = switch.method();
            match if on { switch.on().await } else { switch.off().await } {
                Ok(()) => {
                    attempts.push(Attempt { method, worked: true, because: None });
                    (self.worked, self.complaint) = (Some(method), None);
                    return attempts;
                }
                Err(error) => {
                    let because = format!("{error:#}");
                    complain(&mut self.complaint, method, on, &because);
                    attempts.push(Attempt { method, worked: false, because: Some(because) });
                }
            }
        }
        self.worked = None;
        attempts
    }

    /// False when the panel's own light cannot be changed, and the picture has to be darkened instead.
    pub(crate) async fn light(&mut self, percent: u8) -> bool {
        for switch in self.found.iter_mut().filter(|switch| switch.has_light()) {
            match switch.light(percent).await {
                Ok(()) => return true,
                Err(error) => {
                    warn!(method = %switch.method(), error = format!("{error:#}"), "the panel's light did not change");
                }
            }
        }
        false
    }
}

fn complain(said: &mut Option<String>, method: PanelMethod, on: bool, because: &str) {
    let complaint = format!("{method} {on} {because}");
    if said.as_ref() != Some(&complaint) {
        warn!(%method, on, error = because, "the panel did not switch; the next way is tried");
        *said = Some(complaint);
    }
}

/// `absent` hears why the others cannot be used.
async fn find(options: &PanelOptions, mut absent: impl FnMut(PanelMethod, String)) -> Vec<Box<dyn Switch>> {
    let mut found: Vec<Box<dyn Switch>> = Vec::new();
    for mut switch in candidates(options) {
        let is_there = match found.first() {
            // A frame that has a panel of its own says nothing to the television.
            Some(_) if !switch.is_the_frames_own() => Err(anyhow!("not asked, for there is another way")),
            _ => switch.is_there().await,
        };
        match is_there {
            Ok(()) => found.push(switch),
            Err(error) => absent(switch.method(), format!("{error:#}")),
        }
    }
    found
}

/// In the order of trust: what the session itself offers first, then the monitor, then the television, then the lamp.
fn candidates(options: &PanelOptions) -> Vec<Box<dyn Switch>> {
    let wanted = |method: &PanelMethod| match options.panel {
        PanelChoice::Auto => true,
        PanelChoice::None => false,
        PanelChoice::Only(only) => only == *method,
    };
    PanelMethod::ALL.into_iter().filter(wanted).map(|method| candidate(method, options)).collect()
}

fn candidate(method: PanelMethod, options: &PanelOptions) -> Box<dyn Switch> {
    match method {
        PanelMethod::Wlopm => Box::new(wayland::Wlopm),
        PanelMethod::WlrRandr => Box::new(wayland::WlrRandr),
        PanelMethod::Xset => Box::new(x11::Xset),
        PanelMethod::Xrandr => Box::new(x11::Xrandr),
        PanelMethod::Ddcutil => Box::new(ddc::Ddcutil::default()),
        PanelMethod::CecCtl => Box::new(cec::CecCtl::default()),
        PanelMethod::CecClient => Box::new(cec::CecClient),
        PanelMethod::Backlight => Box::new(backlight::Backlight::at(&options.backlight_dir)),
    }
}

#[cfg(test)]
mod tests;

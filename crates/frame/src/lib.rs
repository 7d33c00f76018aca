//! The frame without a window: sync, cache, inbox, playlist, pairing, remote control.
//!
//! `Engine` owns every task and all state. Deliberately absent: a window, a decoder of its own, and any way to
//! write to an inbox.

mod birthday;
mod bridge;
mod cache;
mod clock;
mod credential;
mod database;
mod disk;
mod engine;
mod error;
mod fit;
mod inbox;
mod ledger;
mod memory;
mod mqtt;
mod night;
mod options;
mod panel;
mod places;
mod playlist;
mod process;
mod retry;
mod show;
mod small;
mod supervise;
mod supervised;
mod sync;
mod update;
mod upload;
mod voice;

pub use engine::{CachedPicture, Engine, Videos};
pub use error::{EngineError, EngineErrorKind};
pub use fit::PanelSize;
pub use memory::{ProcessMemory, own_processes};
pub use mqtt::{BrokerUrl, MqttOptions};
pub use options::{InboxFolder, Options};
pub use panel::{
    Attempt, PanelChoice, PanelMethod, PanelOptions, PanelReport, Sighting, UnknownPanel, switch_panel,
};
pub use supervise::{Supervise, supervise};
pub use supervised::end_with_supervisor;

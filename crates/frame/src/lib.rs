//! The frame without a window: sync, cache, inbox, playlist, pairing, remote control.
//!
//! `Engine` owns every task and all state. Deliberately absent: a window, a decoder of its own, and any way to
//! write to an inbox.

mod engine;
mod error;
mod options;

pub use engine::{CachedPicture, Engine};
pub use error::{EngineError, EngineErrorKind};
pub use options::{InboxFolder, Options};

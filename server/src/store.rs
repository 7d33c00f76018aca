//! Rows: the two databases.
//!
//! SQL lives here and nowhere else: one file per table, one statement per function. Functions that read take a
//! `&mut Connection`, functions that write take the transaction, so a write outside one does not compile.

pub mod accounts;
mod database;
pub mod engine;
mod error;
pub mod jobs;
pub mod library;
mod meter;
pub mod sql;

pub use engine::Connection;
pub use error::{StoreError, StoreErrorKind};

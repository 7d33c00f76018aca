//! Rows: the two databases.
//!
//! SQL lives here and nowhere else: one file per table, one statement per function. Functions that read take a
//! `&mut Connection`, functions that write take the transaction, so a write outside one does not compile.

pub mod accounts;
pub mod engine;
pub mod jobs;
pub mod library;

pub use engine::{Connection, StoreError, StoreErrorKind};

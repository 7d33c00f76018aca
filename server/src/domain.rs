//! Picup's rules.
//!
//! Pure: no web framework, database, runtime, clock or randomness; time and ids are arguments.

pub mod access;
pub mod client_address;
pub mod job;

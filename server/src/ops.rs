//! What people do: one use case, one function, one transaction.
//!
//! Authorisation is here, so that no face of the server can forget it. Work for later is enqueued in the
//! transaction.

pub mod accounts;
pub mod library;
pub mod operations;

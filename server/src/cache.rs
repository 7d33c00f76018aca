//! What is kept in memory and may be lost: event fan-out, limits, revocations.
//!
//! Nothing here is the truth; a process that starts anew is only slower.

pub mod fanout;
pub mod limits;

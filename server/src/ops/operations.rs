//! What the person who looks after a server does.

pub mod jobs;
pub mod stores;

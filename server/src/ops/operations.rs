//! What the person who looks after a server does.

pub mod compare;
pub mod jobs;
pub mod stores;

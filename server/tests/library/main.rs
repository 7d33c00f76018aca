//! The library through the real HTTP surface: albums, photos, trash, the change feed, sharing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod albums;
mod families;
mod feed;
mod photos;
mod set_aside;
mod sharing;
mod stage;
mod timeline;
mod trash;
mod voices;

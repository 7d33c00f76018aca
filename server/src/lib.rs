//! The family cloud: one binary, many roles.
//!
//! Layers: `http -> ops -> {domain, store, storage, auth, cache}` and `jobs -> ops`. `domain` is pure; SQL is in
//! `store` alone; `http` and `jobs` do not know each other; only `app` picks backends. `telemetry` is below them all,
//! `sampling` beside `jobs`.

pub mod admin;
pub mod app;
pub mod auth;
pub mod cache;
pub mod config;
pub mod domain;
pub mod error;
pub mod http;
pub mod imaging_cli;
pub mod jobs;
pub mod ops;
pub mod rendering;
pub mod sampling;
pub mod seal;
pub mod serve;
pub mod storage;
pub mod store;
pub mod telemetry;

pub use app::App;
pub use error::{Error, Result};

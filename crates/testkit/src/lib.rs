//! For tests only: photo builders, real daemons on free ports, fault proxies.

pub mod photos;

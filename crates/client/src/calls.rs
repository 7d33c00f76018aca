//! One function per route, by area. They only name a path, a body and an answer.

pub(crate) mod accounts;
mod albums;
mod families;
pub(crate) mod frames;
pub(crate) mod page;
pub(crate) mod photos;

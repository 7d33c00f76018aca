//! Members, sessions, families, invites, frames.

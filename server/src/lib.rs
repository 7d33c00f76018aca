//! The family cloud: one binary, many roles.

//! Bytes by key: disk, memory, and the mirror of two stores.

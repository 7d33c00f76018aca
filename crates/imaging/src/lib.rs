//! Bytes to an upright picture, its renditions and what its metadata tells.

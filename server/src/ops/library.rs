//! Albums, photos, uploads, media, changes.

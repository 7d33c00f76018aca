//! Albums, photos, uploads, media, changes.

pub mod album_photos;
pub mod albums;
pub mod arrivals;
pub mod changes;
pub mod check;
pub mod comments;
pub mod copies;
pub mod families;
pub mod hearts;
pub mod links;
pub mod listening;
pub mod media;
pub mod paging;
pub mod photo_filter;
pub mod photos;
mod remembered;
pub mod render;
pub mod set_aside;
pub mod timeline;
pub mod trash;
pub mod uploads;
pub mod usage;
pub mod view;
pub mod voices;

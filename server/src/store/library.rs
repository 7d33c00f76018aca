//! The library database: albums, photos, blobs, uploads.

pub mod album_photos;
pub mod albums;
pub mod blobs;
pub mod changes;
pub mod comments;
pub mod copies;
pub mod families;
pub mod hearts;
pub mod ledger;
pub mod links;
pub mod photo_lists;
pub mod photos;
#[cfg(test)]
mod plans;
pub mod stores;
pub mod timeline;
pub mod uploads;
pub mod voices;

pub mod scope;

use super::{
    database::{Store, Tx},
    engine::Schema,
};
use crate::domain::job::LibraryJob;
pub use scope::Scope;

pub static SCHEMA: Schema = Schema {
    name: "library",
    sqlite: sqlx::migrate!("migrations/library/sqlite"),
    mariadb: sqlx::migrate!("migrations/library/mariadb"),
};

pub type LibraryStore = Store<LibraryJob>;
pub type LibraryTx = Tx<LibraryJob>;

//! The accounts database: members, sessions, families, frames.

pub mod families;
pub mod frame_commands;
pub mod frame_pictures;
pub mod frames;
pub mod invites;
pub mod members;
pub mod memberships;
pub mod pairings;
pub mod refresh_tokens;
pub mod revocations;
pub mod sessions;
pub mod signing_keys;
mod turns;
mod words;

use super::{
    database::{Store, Tx},
    engine::Schema,
};
use crate::domain::job::AccountsJob;

pub static SCHEMA: Schema = Schema {
    name: "accounts",
    sqlite: sqlx::migrate!("migrations/accounts/sqlite"),
    mariadb: sqlx::migrate!("migrations/accounts/mariadb"),
};

pub type AccountsStore = Store<AccountsJob>;
pub type AccountsTx = Tx<AccountsJob>;

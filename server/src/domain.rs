//! Picup's rules.
//!
//! Pure: no web framework, database, runtime, clock or randomness; time and ids are arguments.

pub mod access;
pub mod album;
pub mod birthdays;
pub mod client_address;
pub mod copy;
pub mod cursor;
pub mod email;
pub mod faults;
pub mod frame_settings;
pub mod job;
pub mod media_link;
pub mod pairing;
pub mod password;
pub mod people;
pub mod photo;
pub mod range;
pub mod revocation;
pub mod screen_picture;
pub mod search;
pub mod session;
pub mod taken_at;
pub mod text;
pub mod tus;
pub mod viewing_token;
pub mod voice;

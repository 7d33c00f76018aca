//! Routes of the accounts role.

mod answers;
mod auth;
mod birthdays;
mod caller;
mod families;
mod frame_pictures;
mod frame_self;
mod frames;
mod invites;
mod me;
mod members;
mod pairing;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .merge(auth::routes())
        .merge(me::routes())
        .merge(families::routes())
        .merge(members::routes())
        .merge(invites::routes())
        .merge(pairing::routes())
        .merge(frames::routes())
        .merge(frame_self::routes())
        .merge(birthdays::routes())
        .merge(frame_pictures::routes())
}

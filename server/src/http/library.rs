//! Routes of the library role.

mod albums;
mod changes;
mod check;
mod comments;
mod events;
mod hearts;
mod links;
mod media;
mod photos;
mod set_aside;
mod timeline;
mod trash;
mod tus;
mod usage;
mod voices;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .merge(albums::routes())
        .merge(changes::routes())
        .merge(check::routes())
        .merge(comments::routes())
        .merge(events::routes())
        .merge(hearts::routes())
        .merge(links::routes())
        .merge(media::routes())
        .merge(photos::routes())
        .merge(set_aside::routes())
        .merge(timeline::routes())
        .merge(trash::routes())
        .merge(tus::routes())
        .merge(usage::routes())
        .merge(voices::routes())
}

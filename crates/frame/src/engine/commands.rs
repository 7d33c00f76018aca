//! The command table: what each command of the screen does.

use picup_api::{
    PhotoId,
    screen::{ScreenCommand, ScreenEvent},
};
use serde::Serialize;
use serde_json::Value;

use super::{Core, rest::is_a_touch};
use crate::{
    error::{EngineError, Result},
    ledger::{Wish, Wished},
};

pub(super) async fn run(core: &Core, command: ScreenCommand) -> Result<Value> {
    if is_a_touch(&command) {
        core.touched();
    }
    match command {
        ScreenCommand::Status => json(core.status().await?),
        ScreenCommand::Current => json(core.current().await?),
        ScreenCommand::Next => json(core.forward().await?),
        ScreenCommand::Previous => json(core.back().await?),
        ScreenCommand::Show { photo_id } => {
            core.show_now(photo_id).await?.then_some(Value::Null).ok_or(NO_SUCH_PHOTO())
        }
        ScreenCommand::Pause => json(core.pause(true).await?),
        ScreenCommand::Resume => json(core.pause(false).await?),
        ScreenCommand::Heart { photo_id, on } => heart(core, photo_id, on).await,
        ScreenCommand::Albums => json(core.cache.shelf().await?),
        ScreenCommand::OpenAlbum { album_id } => {
            let album = core.cache.open_album(album_id, core.locale()).await?;
            json(album.ok_or(EngineError::not_found("no such album"))?)
        }
        ScreenCommand::Panel { width, height } => panel(core, (width, height)).await,
        ScreenCommand::Shown { photo_id } => {
            core.painted(photo_id).await;
            core.read_aloud(photo_id).await;
            Ok(Value::Null)
        }
        ScreenCommand::TurnedTo { album_id, photo_id } => {
            core.cache.remember_page(album_id, photo_id).await?;
            Ok(Value::Null)
        }
        ScreenCommand::Hide { photo_id, on } => hide(core, photo_id, on).await,
        ScreenCommand::ProposeRemoval { photo_id, on } => {
            core.wish(Wished { photo: photo_id, wish: Wish::Remove, on }).await?;
            Ok(Value::Null)
        }
        ScreenCommand::Stay { photo_id } => {
            core.let_stay(photo_id).await?;
            Ok(Value::Null)
        }
        ScreenCommand::Touched => Ok(Value::Null),
        ScreenCommand::Failed { photo_id } => failed(core, photo_id).await,
    }
}

pub(super) const NO_SUCH_PHOTO: fn() -> EngineError = || EngineError::not_found("no such photo");

fn json(answer: impl Serialize) -> Result<Value> {
    serde_json::to_value(answer).map_err(|error| EngineError::local("the answer cannot be written", error))
}

async fn heart(core: &Core, photo: PhotoId, on: bool) -> Result<Value> {
    core.wish(Wished { photo, wish: Wish::Heart, on }).await?;
    json(core.slide_with(photo).await?.ok_or_else(NO_SUCH_PHOTO)?)
}

/// A hidden photo leaves the screen; one that is put back is shown when the screen asks for it.
async fn hide(core: &Core, photo: PhotoId, on: bool) -> Result<Value> {
    core.wish(Wished { photo, wish: Wish::Hide, on }).await?;
    if on {
        core.take_off(photo).await?;
    }
    core.tell(ScreenEvent::AlbumsChanged);
    Ok(Value::Null)
}

async fn panel(core: &Core, size: (u32, u32)) -> Result<Value> {
    if size.0 > 0 && size.1 > 0 && core.conditions().panel != size {
        core.change(|it| it.panel = size);
        core.cache.remember_panel(size).await?;
        core.signals.sync.notify_one();
    }
    Ok(Value::Null)
}

/// The first time the files are fetched anew, the second time the photo is left out.
async fn failed(core: &Core, photo: PhotoId) -> Result<Value> {
    tracing::warn!(%photo, "a screen could not show a photo");
    core.cache.reject(photo).await?;
    core.take_off(photo).await?;
    core.signals.sync.notify_one();
    Ok(Value::Null)
}

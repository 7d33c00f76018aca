//! What a frame asks and tells of itself.

use picup_api::{
    CommandId, ErrorCode, FamilyId, FrameId,
    change::Event,
    frame::{CommandAck, FrameSelf, Heartbeat},
};

use super::{
    birthdays, frame_of,
    frames::{family_key, open_frame, seal_heartbeat},
    people,
};
use crate::{
    App, Result,
    domain::access::Caller,
    store::{
        Connection,
        accounts::{families, frame_commands, frames},
    },
};

/// A plain sentence; the rest of a longer one is cut off.
const MAX_ERROR_CHARS: usize = 500;
const MAX_VERSION_CHARS: usize = 100;
const MAX_TROUBLES: usize = 20;

/// Errors: `Forbidden` for a member, `FrameRevoked` for a frame removed meanwhile.
pub async fn read(app: &App, caller: &Caller) -> Result<FrameSelf> {
    let id = frame_of(caller)?;
    show(app, &mut *app.accounts.fresh().await?, id).await
}

/// Remembers what the frame tells, and answers like `read`: what waits for it is always in the answer.
pub async fn beat(app: &App, caller: &Caller, mut heartbeat: Heartbeat) -> Result<FrameSelf> {
    let id = frame_of(caller)?;
    shorten(&mut heartbeat);
    let now = app.now();
    let mut tx = app.accounts.begin().await?;
    let row = frames::find(&mut tx, id).await?.ok_or(ErrorCode::FrameRevoked)?;
    let family = FamilyId(row.family_id);
    let key = family_key(app, &mut tx, family).await?;
    frames::record_heartbeat(&mut tx, id, &seal_heartbeat(&key, id, &heartbeat)?, now).await?;
    frame_commands::forget_expired(&mut tx, id, now).await?;
    let shown = show(app, &mut tx, id).await?;
    tx.announce(Event::FrameChanged { family_id: family, frame_id: id });
    tx.commit().await?;
    Ok(shown)
}

/// Whatever a frame says, its row stays small.
fn shorten(heartbeat: &mut Heartbeat) {
    let cut = |text: &mut String, chars: usize| *text = text.chars().take(chars).collect();
    cut(&mut heartbeat.version, MAX_VERSION_CHARS);
    heartbeat.panel_switch.iter_mut().for_each(|switch| cut(switch, MAX_VERSION_CHARS));
    heartbeat.last_error.iter_mut().for_each(|error| cut(error, MAX_ERROR_CHARS));
    heartbeat.troubles.truncate(MAX_TROUBLES);
}

/// The command is done with, one way or the other. Once more is fine: the first answer may have been lost.
pub async fn acknowledge(app: &App, caller: &Caller, command: CommandId, ack: &CommandAck) -> Result<()> {
    let id = frame_of(caller)?;
    let mut tx = app.accounts.begin().await?;
    let row = frames::find(&mut tx, id).await?.ok_or(ErrorCode::FrameRevoked)?;
    if frame_commands::remove(&mut tx, id, command).await? {
        tracing::info!(frame = %id, %command, done = ack.done, "a frame acknowledged a command");
        tx.announce(Event::FrameChanged { family_id: FamilyId(row.family_id), frame_id: id });
        tx.commit().await?;
    }
    Ok(())
}

async fn show(app: &App, connection: &mut Connection, id: FrameId) -> Result<FrameSelf> {
    let row = frames::find(connection, id).await?.ok_or(ErrorCode::FrameRevoked)?;
    let family = families::find(connection, FamilyId(row.family_id)).await?.ok_or(ErrorCode::FrameRevoked)?;
    let (family_id, key) = (FamilyId(family.id), app.seal.unwrap(&family.wrapped_key)?);
    Ok(FrameSelf {
        frame: open_frame(app, connection, id, app.now()).await?,
        family_id,
        family_name: people::family_name(app, &family)?,
        people: people::people_of(app, connection, family_id).await?,
        birthdays: birthdays::of_family(&key, connection, family_id).await?,
    })
}

//! Frames as members see them: status, settings, remote commands, removal.

use picup_api::{
    CommandId, ErrorCode, FamilyId, FrameId, Timestamp,
    change::Event,
    frame::{Frame, FrameAction, FrameCommand, FramePatch, Heartbeat, NewFrameCommand},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::removal;
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        faults::Faults,
        frame_settings,
        text::{CommentText, FrameName},
    },
    seal::DataKey,
    store::{
        Connection,
        accounts::{
            families,
            frame_commands::{self, CommandRow},
            frames::{self, FrameRow},
        },
    },
};

/// Commands that may wait for one frame; the oldest gives way.
const MAX_PENDING: usize = 50;
const MINUTE_MS: i64 = 60_000;

pub(super) fn name_context(id: Uuid) -> String {
    format!("frames.name:{id}")
}

pub(super) fn hardware_name_context(id: Uuid) -> String {
    format!("frames.hardware_name:{id}")
}

fn heartbeat_context(id: Uuid) -> String {
    format!("frames.heartbeat:{id}")
}

fn action_context(id: Uuid) -> String {
    format!("frame_commands.action:{id}")
}

/// Oldest first.
pub async fn list(app: &App, caller: &Caller, family: FamilyId) -> Result<Vec<Frame>> {
    caller.allow(family, Act::Read)?;
    let mut reader = app.accounts.fresh().await?;
    let key = family_key(app, &mut reader, family).await?;
    let now = app.now();
    let mut found = Vec::new();
    for row in frames::of_family(&mut reader, family).await? {
        found.push(open(&key, &mut reader, &row, now).await?);
    }
    Ok(found)
}

pub async fn read(app: &App, caller: &Caller, family: FamilyId, id: FrameId) -> Result<Frame> {
    caller.allow(family, Act::Read)?;
    let mut reader = app.accounts.fresh().await?;
    find_in(&mut reader, family, id).await?;
    open_frame(app, &mut reader, id, app.now()).await
}

/// Errors: `ValidationFailed`.
pub async fn update(
    app: &App,
    caller: &Caller,
    family: FamilyId,
    id: FrameId,
    patch: FramePatch,
) -> Result<Frame> {
    caller.allow(family, Act::Manage)?;
    let mut faults = Faults::default();
    let name = patch.name.map(|name| faults.take("name", FrameName::parse(&name)));
    if let Some(settings) = &patch.settings {
        frame_settings::check(&mut faults, settings);
    }
    let faulty = faults.into_fields();
    if !faulty.is_empty() {
        return Err(Error::invalid(faulty));
    }
    let mut tx = app.accounts.begin_in_turn().await?;
    find_in(&mut tx, family, id).await?;
    if let Some(name) = name.flatten() {
        let key = family_key(app, &mut tx, family).await?;
        frames::rename(&mut tx, id, &key.seal(&name_context(id.0), name.as_str())?).await?;
    }
    if let Some(settings) = patch.settings {
        frames::set_settings(&mut tx, id, &write(&settings)?).await?;
    }
    let shown = open_frame(app, &mut tx, id, app.now()).await?;
    tx.announce(Event::FrameChanged { family_id: family, frame_id: id });
    tx.commit().await?;
    Ok(shown)
}

/// The frame's credential ends at once; when it asks again it forgets everything.
pub async fn remove(app: &App, caller: &Caller, family: FamilyId, id: FrameId) -> Result<()> {
    caller.allow(family, Act::Manage)?;
    let mut tx = app.accounts.begin_in_turn().await?;
    let frame = find_in(&mut tx, family, id).await?;
    removal::remove_frame(app, &mut tx, &frame, app.now()).await?;
    tx.commit().await?;
    app.auth.revocations.changed().await;
    Ok(())
}

/// Errors: `ValidationFailed`.
pub async fn send_command(
    app: &App,
    caller: &Caller,
    family: FamilyId,
    id: FrameId,
    body: NewFrameCommand,
) -> Result<FrameCommand> {
    caller.allow(family, Act::Edit)?;
    let action = check_action(body.action)?;
    let now = app.now();
    let mut tx = app.accounts.begin().await?;
    find_in(&mut tx, family, id).await?;
    let key = family_key(app, &mut tx, family).await?;
    frame_commands::forget_expired(&mut tx, id, now).await?;
    let waiting = frame_commands::pending(&mut tx, id, now).await?;
    for old in waiting.iter().take((waiting.len() + 1).saturating_sub(MAX_PENDING)) {
        frame_commands::remove(&mut tx, id, CommandId(old.id)).await?;
    }
    let command_id = Uuid::now_v7();
    let row = CommandRow {
        id: command_id,
        action: key.seal(&action_context(command_id), &write(&action)?)?,
        created_at: now,
        expires_at: now + worth_doing_for_ms(&action),
    };
    frame_commands::insert(&mut tx, id, &row).await?;
    let command = open_command(&key, &row)?;
    tx.announce(Event::Command { frame_id: id, command: command.clone() });
    tx.commit().await?;
    Ok(command)
}

fn check_action(action: FrameAction) -> Result<FrameAction> {
    let faulty = |field: &str, fault: &str| Error::new(ErrorCode::ValidationFailed).with_field(field, fault);
    match action {
        FrameAction::Unknown => Err(faulty("action.kind", "unknown")),
        FrameAction::Message { text } => {
            let text = CommentText::parse(&text).map_err(|fault| faulty("action.text", fault))?;
            Ok(FrameAction::Message { text: text.as_str().to_owned() })
        }
        other => Ok(other),
    }
}

/// "Next" an hour later would only startle; a message to a frame that is off overnight is still welcome.
fn worth_doing_for_ms(action: &FrameAction) -> i64 {
    match action {
        FrameAction::Message { .. } => 24 * 60 * MINUTE_MS,
        FrameAction::ShowPhoto { .. } | FrameAction::ShowAlbum { .. } => 60 * MINUTE_MS,
        _ => 10 * MINUTE_MS,
    }
}

/// Errors: `NotFound` outside the family.
pub(super) async fn find_in(connection: &mut Connection, family: FamilyId, id: FrameId) -> Result<FrameRow> {
    let found = frames::find(connection, id).await?.filter(|frame| frame.family_id == family.0);
    Ok(found.ok_or(ErrorCode::NotFound)?)
}

pub(super) async fn family_key(app: &App, connection: &mut Connection, family: FamilyId) -> Result<DataKey> {
    let row = families::find(connection, family).await?.ok_or(ErrorCode::NotFound)?;
    app.seal.unwrap(&row.wrapped_key)
}

pub(super) async fn open_frame(
    app: &App,
    connection: &mut Connection,
    id: FrameId,
    now: i64,
) -> Result<Frame> {
    let row = frames::find(connection, id).await?.ok_or(ErrorCode::NotFound)?;
    let key = family_key(app, connection, FamilyId(row.family_id)).await?;
    open(&key, connection, &row, now).await
}

async fn open(key: &DataKey, connection: &mut Connection, row: &FrameRow, now: i64) -> Result<Frame> {
    let heartbeat: Option<Heartbeat> = match &row.heartbeat {
        Some(sealed) => Some(read_json(&key.open(&heartbeat_context(row.id), sealed)?)?),
        None => None,
    };
    let pending = frame_commands::pending(connection, FrameId(row.id), now).await?;
    Ok(Frame {
        id: FrameId(row.id),
        name: key.open(&name_context(row.id), &row.name)?,
        hardware_name: key.open(&hardware_name_context(row.id), &row.hardware_name)?,
        settings: read_json(&row.settings)?,
        created_at: Timestamp::from_millis(row.created_at),
        last_seen_at: row.last_seen_at.map(Timestamp::from_millis),
        heartbeat,
        picture_at: row.picture_at.map(Timestamp::from_millis),
        pending_commands: pending.iter().map(|command| open_command(key, command)).collect::<Result<_>>()?,
    })
}

fn open_command(key: &DataKey, row: &CommandRow) -> Result<FrameCommand> {
    Ok(FrameCommand {
        id: CommandId(row.id),
        action: read_json(&key.open(&action_context(row.id), &row.action)?)?,
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    })
}

pub(super) fn seal_heartbeat(key: &DataKey, id: FrameId, heartbeat: &Heartbeat) -> Result<Vec<u8>> {
    key.seal(&heartbeat_context(id.0), &write(heartbeat)?)
}

pub(super) fn write(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

pub(super) fn read_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

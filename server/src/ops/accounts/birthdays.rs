//! The birthdays a family has noted: one list, read and replaced as a whole.

use picup_api::{
    FamilyId, FrameId,
    change::Event,
    frame::{Birthday, Birthdays},
};

use super::frames::{family_key, read_json, write};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        birthdays,
        faults::Faults,
    },
    seal::DataKey,
    store::{
        Connection,
        accounts::{families, frames},
    },
};

fn context(family: FamilyId) -> String {
    format!("families.birthdays:{family}")
}

pub async fn read(app: &App, caller: &Caller, family: FamilyId) -> Result<Birthdays> {
    caller.allow(family, Act::Read)?;
    let mut reader = app.accounts.fresh().await?;
    let key = family_key(app, &mut reader, family).await?;
    Ok(Birthdays { birthdays: of_family(&key, &mut reader, family).await? })
}

/// The frames of the family are told to read themselves again. Errors: `ValidationFailed`.
pub async fn replace(app: &App, caller: &Caller, family: FamilyId, noted: Birthdays) -> Result<Birthdays> {
    caller.allow(family, Act::Edit)?;
    let mut faults = Faults::default();
    let parsed = birthdays::parse(&mut faults, noted.birthdays, birthdays::newest_year(app.now()));
    let faulty = faults.into_fields();
    if !faulty.is_empty() {
        return Err(Error::invalid(faulty));
    }
    let mut tx = app.accounts.begin().await?;
    let key = family_key(app, &mut tx, family).await?;
    families::set_birthdays(&mut tx, family, &key.seal(&context(family), &write(&parsed)?)?).await?;
    for frame in frames::of_family(&mut tx, family).await? {
        tx.announce(Event::FrameChanged { family_id: family, frame_id: FrameId(frame.id) });
    }
    tx.commit().await?;
    Ok(Birthdays { birthdays: parsed })
}

/// In the order they were noted.
pub(super) async fn of_family(
    key: &DataKey,
    connection: &mut Connection,
    family: FamilyId,
) -> Result<Vec<Birthday>> {
    match families::birthdays(connection, family).await? {
        Some(sealed) => read_json(&key.open(&context(family), &sealed)?),
        None => Ok(Vec::new()),
    }
}

//! Families: made, renamed, deleted.

use picup_api::{
    ErrorCode, FamilyId,
    account::{Family, FamilyPatch, NewFamily, Role},
};

use super::{member_of, people, removal, sessions::found_family};
use crate::{
    App, Error, Result,
    domain::{
        access::{Act, Caller},
        faults::Faults,
        text::FamilyName,
    },
    store::accounts::{families, memberships},
};

/// The caller becomes its owner; it shows in the next access token.
///
/// Errors: `ValidationFailed`.
pub async fn create(app: &App, caller: &Caller, body: NewFamily) -> Result<Family> {
    let owner = member_of(caller)?;
    let mut faults = Faults::default();
    let name = faults.take("name", FamilyName::parse(&body.name));
    let name = name.ok_or_else(|| Error::invalid(faults.into_fields()))?;
    let now = app.now();
    let mut tx = app.accounts.begin_in_turn().await?;
    if memberships::of_member(&mut tx, owner).await?.len() >= super::MAX_PER_FAMILY {
        return Err(Error::new(ErrorCode::ValidationFailed).with_field("name", "too_many"));
    }
    let id = found_family(app, &mut tx, owner, &name, now).await?;
    let row = families::find(&mut tx, id).await?.ok_or(ErrorCode::NotFound)?;
    tx.commit().await?;
    people::open_family(app, &row, Role::Owner)
}

pub async fn read(app: &App, caller: &Caller, id: FamilyId) -> Result<Family> {
    caller.allow(id, Act::Read)?;
    let role = caller.families.get(&id).copied().ok_or(ErrorCode::NotFound)?;
    let row = families::find(&mut *app.accounts.fresh().await?, id).await?.ok_or(ErrorCode::NotFound)?;
    people::open_family(app, &row, role)
}

/// Errors: `ValidationFailed`.
pub async fn update(app: &App, caller: &Caller, id: FamilyId, patch: FamilyPatch) -> Result<Family> {
    caller.allow(id, Act::Manage)?;
    if let Some(name) = patch.name {
        let mut faults = Faults::default();
        let name = faults.take("name", FamilyName::parse(&name));
        let name = name.ok_or_else(|| Error::invalid(faults.into_fields()))?;
        let mut tx = app.accounts.begin().await?;
        let row = families::find(&mut tx, id).await?.ok_or(ErrorCode::NotFound)?;
        let key = app.seal.unwrap(&row.wrapped_key)?;
        let sealed = key.seal(&people::family_name_context(id.0), name.as_str())?;
        families::rename(&mut tx, id, &sealed).await?;
        tx.commit().await?;
    }
    read(app, caller, id).await
}

/// Destroys the family's key; the library removes what it holds.
pub async fn delete(app: &App, caller: &Caller, id: FamilyId) -> Result<()> {
    caller.allow(id, Act::Manage)?;
    let mut tx = app.accounts.begin_in_turn().await?;
    families::find(&mut tx, id).await?.ok_or(ErrorCode::NotFound)?;
    removal::remove_family(app, &mut tx, id, app.now()).await?;
    tx.commit().await?;
    app.auth.revocations.changed().await;
    Ok(())
}

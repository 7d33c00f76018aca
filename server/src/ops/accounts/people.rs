//! Members and families, sealed for the database and opened for people.

use picup_api::{
    FamilyId, MemberId, Timestamp,
    account::{Family, FamilyOfMember, Locale, Member, Role},
    frame::Person,
};
use uuid::Uuid;

use crate::{
    App, Result,
    domain::{
        email::Email,
        text::{FamilyName, PersonName},
    },
    store::{
        Connection,
        accounts::{
            AccountsTx,
            families::{self, FamilyRow},
            members::{self, MemberRow, NewMember},
            memberships,
        },
    },
};

pub(super) fn email_context(id: Uuid) -> String {
    format!("members.email:{id}")
}

pub(super) fn display_name_context(id: Uuid) -> String {
    format!("members.display_name:{id}")
}

pub(super) fn family_name_context(id: Uuid) -> String {
    format!("families.name:{id}")
}

/// What a member is found by.
pub(super) fn email_index(app: &App, email: &Email) -> [u8; 32] {
    app.seal.blind_index(&email.key())
}

/// A member ready to be stored, under a key of their own.
pub(super) fn seal_member(
    app: &App,
    email: &Email,
    display_name: &PersonName,
    locale: Locale,
    password_hash: String,
) -> Result<NewMember> {
    let id = Uuid::now_v7();
    let (key, wrapped_key) = app.seal.new_data_key()?;
    Ok(NewMember {
        id: MemberId(id),
        email_index: email_index(app, email),
        wrapped_key,
        email: key.seal(&email_context(id), email.as_str())?,
        display_name: key.seal(&display_name_context(id), display_name.as_str())?,
        locale,
        password_hash,
    })
}

pub(super) fn open_member(app: &App, row: &MemberRow) -> Result<Member> {
    let key = app.seal.unwrap(&row.wrapped_key)?;
    Ok(Member {
        id: MemberId(row.id),
        email: key.open(&email_context(row.id), &row.email)?,
        display_name: key.open(&display_name_context(row.id), &row.display_name)?,
        locale: row.locale()?,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// The members of a family by name, in the order of joining: what a frame may know of them.
pub(super) async fn people_of(
    app: &App,
    connection: &mut Connection,
    family: FamilyId,
) -> Result<Vec<Person>> {
    let rows = members::names_in(connection, family).await?.into_iter();
    rows.map(|row| {
        let key = app.seal.unwrap(&row.wrapped_key)?;
        let display_name = key.open(&display_name_context(row.id), &row.display_name)?;
        Ok(Person { id: MemberId(row.id), display_name })
    })
    .collect()
}

/// Stores a family under a key of its own.
pub(super) async fn insert_family(
    app: &App,
    tx: &mut AccountsTx,
    name: &FamilyName,
    now: i64,
) -> Result<FamilyId> {
    let id = Uuid::now_v7();
    let (key, wrapped) = app.seal.new_data_key()?;
    let sealed = key.seal(&family_name_context(id), name.as_str())?;
    families::insert(tx, FamilyId(id), &wrapped, &sealed, now).await?;
    Ok(FamilyId(id))
}

pub(super) fn family_name(app: &App, row: &FamilyRow) -> Result<String> {
    app.seal.unwrap(&row.wrapped_key)?.open(&family_name_context(row.id), &row.name)
}

pub(super) fn open_family(app: &App, row: &FamilyRow, role: Role) -> Result<Family> {
    Ok(Family {
        id: FamilyId(row.id),
        name: family_name(app, row)?,
        role,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// A member's families with their names, in the order of joining.
pub(super) async fn families_of(
    app: &App,
    connection: &mut Connection,
    member: MemberId,
) -> Result<Vec<FamilyOfMember>> {
    let mut families = Vec::new();
    for membership in memberships::of_member(connection, member).await? {
        if let Some(row) = families::find(connection, FamilyId(membership.family_id)).await? {
            families.push(FamilyOfMember {
                id: FamilyId(row.id),
                name: family_name(app, &row)?,
                role: membership.role()?,
            });
        }
    }
    Ok(families)
}

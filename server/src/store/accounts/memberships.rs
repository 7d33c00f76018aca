//! The `memberships` table: who belongs to which family, and as what.

use picup_api::{FamilyId, MemberId, account::Role};
use sqlx::FromRow;
use uuid::Uuid;

use super::{AccountsTx, words};
use crate::store::{Connection, StoreError, sql};

#[derive(Clone, Debug, FromRow)]
pub struct MembershipRow {
    pub family_id: Uuid,
    pub member_id: Uuid,
    role: String,
    pub joined_at: i64,
}

impl MembershipRow {
    pub fn role(&self) -> Result<Role, StoreError> {
        words::read(&self.role)
    }
}

pub async fn insert(
    tx: &mut AccountsTx,
    family: FamilyId,
    member: MemberId,
    role: Role,
    now: i64,
) -> Result<(), StoreError> {
    sql::query("INSERT INTO memberships (family_id, member_id, role, joined_at) VALUES (?, ?, ?, ?)")
        .bind(family.0)
        .bind(member.0)
        .bind(words::write(role)?)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(
    connection: &mut Connection,
    family: FamilyId,
    member: MemberId,
) -> Result<Option<MembershipRow>, StoreError> {
    const FIND: &str =
        "SELECT family_id, member_id, role, joined_at FROM memberships WHERE family_id = ? AND member_id = ?";
    sql::query_as(FIND).bind(family.0).bind(member.0).fetch_optional(connection).await
}

/// The families of a member, in the order of joining.
pub async fn of_member(
    connection: &mut Connection,
    member: MemberId,
) -> Result<Vec<MembershipRow>, StoreError> {
    const LIST: &str = "SELECT family_id, member_id, role, joined_at FROM memberships WHERE member_id = ? \
                        ORDER BY joined_at, family_id";
    sql::query_as(LIST).bind(member.0).fetch_all(connection).await
}

/// The members of a family, in the order of joining.
pub async fn of_family(
    connection: &mut Connection,
    family: FamilyId,
) -> Result<Vec<MembershipRow>, StoreError> {
    const LIST: &str = "SELECT family_id, member_id, role, joined_at FROM memberships WHERE family_id = ? \
                        ORDER BY joined_at, member_id";
    sql::query_as(LIST).bind(family.0).fetch_all(connection).await
}

pub async fn set_role(
    tx: &mut AccountsTx,
    family: FamilyId,
    member: MemberId,
    role: Role,
) -> Result<(), StoreError> {
    sql::query("UPDATE memberships SET role = ? WHERE family_id = ? AND member_id = ?")
        .bind(words::write(role)?)
        .bind(family.0)
        .bind(member.0)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove(tx: &mut AccountsTx, family: FamilyId, member: MemberId) -> Result<(), StoreError> {
    sql::query("DELETE FROM memberships WHERE family_id = ? AND member_id = ?")
        .bind(family.0)
        .bind(member.0)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove_all_of_family(tx: &mut AccountsTx, family: FamilyId) -> Result<(), StoreError> {
    sql::query("DELETE FROM memberships WHERE family_id = ?").bind(family.0).execute(tx).await?;
    Ok(())
}

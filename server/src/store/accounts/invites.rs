//! The `invites` table. Codes are found by their SHA-256.

use picup_api::{FamilyId, MemberId, account::Role};
use sqlx::FromRow;
use uuid::Uuid;

use super::{AccountsTx, words};
use crate::store::{Connection, StoreError, sql};

#[derive(Clone, Debug, FromRow)]
pub struct InviteRow {
    pub family_id: Uuid,
    role: String,
    pub expires_at: i64,
    pub accepted_by: Option<Uuid>,
}

impl InviteRow {
    pub fn role(&self) -> Result<Role, StoreError> {
        words::read(&self.role)
    }
}

/// An invite to store.
#[derive(Clone, Copy, Debug)]
pub struct NewInvite {
    pub code_hash: [u8; 32],
    pub family: FamilyId,
    pub role: Role,
    pub created_by: MemberId,
    pub expires_at: i64,
}

pub async fn insert(tx: &mut AccountsTx, invite: &NewInvite, now: i64) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO invites (code_hash, family_id, role, created_by, created_at, expires_at) \
                          VALUES (?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(&invite.code_hash[..])
        .bind(invite.family.0)
        .bind(words::write(invite.role)?)
        .bind(invite.created_by.0)
        .bind(now)
        .bind(invite.expires_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(
    connection: &mut Connection,
    code_hash: &[u8; 32],
) -> Result<Option<InviteRow>, StoreError> {
    const FIND: &str = "SELECT family_id, role, expires_at, accepted_by FROM invites WHERE code_hash = ?";
    sql::query_as(FIND).bind(&code_hash[..]).fetch_optional(connection).await
}

pub async fn mark_accepted(
    tx: &mut AccountsTx,
    code_hash: &[u8; 32],
    member: MemberId,
) -> Result<(), StoreError> {
    sql::query("UPDATE invites SET accepted_by = ? WHERE code_hash = ?")
        .bind(member.0)
        .bind(&code_hash[..])
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove_all_of_family(tx: &mut AccountsTx, family: FamilyId) -> Result<(), StoreError> {
    sql::query("DELETE FROM invites WHERE family_id = ?").bind(family.0).execute(tx).await?;
    Ok(())
}

/// Invites that ended before `before`; until then they are told to have expired.
pub async fn forget_expired(tx: &mut AccountsTx, before: i64) -> Result<(), StoreError> {
    sql::query("DELETE FROM invites WHERE expires_at < ?").bind(before).execute(tx).await?;
    Ok(())
}

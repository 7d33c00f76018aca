//! The `revocations` table: what access tokens still in circulation claim wrongly.

use picup_api::{FamilyId, MemberId};
use sqlx::FromRow;
use uuid::Uuid;

use super::{AccountsTx, words};
use crate::{
    domain::revocation::Revocation,
    store::{Connection, StoreError, sql},
};

const SESSION: &str = "session";
const MEMBERSHIP: &str = "membership";

#[derive(FromRow)]
struct RevocationRow {
    kind: String,
    subject_id: Uuid,
    family_id: Uuid,
    role: Option<String>,
}

impl RevocationRow {
    fn read(self) -> Result<Revocation, StoreError> {
        if self.kind == SESSION {
            return Ok(Revocation::Session(self.subject_id));
        }
        let role = self.role.as_deref().map(words::read).transpose()?;
        Ok(Revocation::Membership {
            member: MemberId(self.subject_id),
            family: FamilyId(self.family_id),
            role,
        })
    }
}

pub async fn current(connection: &mut Connection, now: i64) -> Result<Vec<Revocation>, StoreError> {
    const CURRENT: &str = "SELECT kind, subject_id, family_id, role FROM revocations WHERE expires_at > ?";
    let rows: Vec<RevocationRow> = sql::query_as(CURRENT).bind(now).fetch_all(connection).await?;
    rows.into_iter().map(RevocationRow::read).collect()
}

/// Replaces what was recorded about the same session or membership.
pub async fn record(tx: &mut AccountsTx, revocation: Revocation, expires_at: i64) -> Result<(), StoreError> {
    let (kind, subject, family, role) = match revocation {
        Revocation::Session(id) => (SESSION, id, Uuid::nil(), None),
        Revocation::Membership { member, family, role } => (MEMBERSHIP, member.0, family.0, role),
    };
    remove(tx, kind, subject, family).await?;
    let role = role.map(words::write).transpose()?;
    sql::query(
        "INSERT INTO revocations (kind, subject_id, family_id, role, expires_at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(kind)
    .bind(subject)
    .bind(family)
    .bind(role)
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

async fn remove(tx: &mut AccountsTx, kind: &str, subject: Uuid, family: Uuid) -> Result<(), StoreError> {
    sql::query("DELETE FROM revocations WHERE kind = ? AND subject_id = ? AND family_id = ?")
        .bind(kind)
        .bind(subject)
        .bind(family)
        .execute(tx)
        .await?;
    Ok(())
}

/// No token is left that they would correct.
pub async fn forget_expired(tx: &mut AccountsTx, now: i64) -> Result<(), StoreError> {
    sql::query("DELETE FROM revocations WHERE expires_at <= ?").bind(now).execute(tx).await?;
    Ok(())
}

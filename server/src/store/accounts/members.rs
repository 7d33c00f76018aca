//! The `members` table.

use picup_api::{FamilyId, MemberId, account::Locale};
use sqlx::FromRow;
use uuid::Uuid;

use super::{AccountsTx, words};
use crate::store::{Connection, StoreError, sql};

/// A stored member; `email` and `display_name` are sealed under `wrapped_key`.
#[derive(Clone, Debug, FromRow)]
pub struct MemberRow {
    pub id: Uuid,
    pub wrapped_key: Vec<u8>,
    pub email: Vec<u8>,
    pub display_name: Vec<u8>,
    pub locale: String,
    pub password_hash: String,
    pub created_at: i64,
}

impl MemberRow {
    pub fn locale(&self) -> Result<Locale, StoreError> {
        words::read(&self.locale)
    }
}

/// What a member is called; `display_name` is sealed under `wrapped_key`.
#[derive(Clone, Debug, FromRow)]
pub struct NameRow {
    pub id: Uuid,
    pub wrapped_key: Vec<u8>,
    pub display_name: Vec<u8>,
}

/// A member to store.
pub struct NewMember {
    pub id: MemberId,
    pub email_index: [u8; 32],
    pub wrapped_key: Vec<u8>,
    pub email: Vec<u8>,
    pub display_name: Vec<u8>,
    pub locale: Locale,
    pub password_hash: String,
}

/// Errors: `Duplicate` when the e-mail is taken.
pub async fn insert(tx: &mut AccountsTx, member: &NewMember, now: i64) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO members (id, email_index, wrapped_key, email, display_name, locale, \
                          password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    sql::query(INSERT)
        .bind(member.id.0)
        .bind(&member.email_index[..])
        .bind(&member.wrapped_key)
        .bind(&member.email)
        .bind(&member.display_name)
        .bind(words::write(member.locale)?)
        .bind(&member.password_hash)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, id: MemberId) -> Result<Option<MemberRow>, StoreError> {
    const FIND: &str = "SELECT id, wrapped_key, email, display_name, locale, password_hash, created_at \
                        FROM members WHERE id = ?";
    sql::query_as(FIND).bind(id.0).fetch_optional(connection).await
}

pub async fn find_by_email(
    connection: &mut Connection,
    email_index: &[u8; 32],
) -> Result<Option<MemberRow>, StoreError> {
    const FIND: &str = "SELECT id, wrapped_key, email, display_name, locale, password_hash, created_at \
                        FROM members WHERE email_index = ?";
    sql::query_as(FIND).bind(&email_index[..]).fetch_optional(connection).await
}

/// The members of a family, in the order of joining.
pub async fn names_in(connection: &mut Connection, family: FamilyId) -> Result<Vec<NameRow>, StoreError> {
    const LIST: &str = "SELECT m.id, m.wrapped_key, m.display_name FROM memberships s \
                        JOIN members m ON m.id = s.member_id WHERE s.family_id = ? \
                        ORDER BY s.joined_at, s.member_id";
    sql::query_as(LIST).bind(family.0).fetch_all(connection).await
}

/// Every member after `after`, oldest first.
pub async fn list(
    connection: &mut Connection,
    after: Uuid,
    limit: u32,
) -> Result<Vec<MemberRow>, StoreError> {
    const LIST: &str = "SELECT id, wrapped_key, email, display_name, locale, password_hash, created_at \
                        FROM members WHERE id > ? ORDER BY id LIMIT ?";
    sql::query_as(LIST).bind(after).bind(limit).fetch_all(connection).await
}

pub async fn set_display_name(tx: &mut AccountsTx, id: MemberId, sealed: &[u8]) -> Result<(), StoreError> {
    sql::query("UPDATE members SET display_name = ? WHERE id = ?")
        .bind(sealed)
        .bind(id.0)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn set_locale(tx: &mut AccountsTx, id: MemberId, locale: Locale) -> Result<(), StoreError> {
    let word = words::write(locale)?;
    sql::query("UPDATE members SET locale = ? WHERE id = ?").bind(word).bind(id.0).execute(tx).await?;
    Ok(())
}

pub async fn set_password(tx: &mut AccountsTx, id: MemberId, hash: &str) -> Result<(), StoreError> {
    sql::query("UPDATE members SET password_hash = ? WHERE id = ?").bind(hash).bind(id.0).execute(tx).await?;
    Ok(())
}

/// Takes the member's key with it: what it sealed cannot be read again, also not from a backup.
pub async fn remove(tx: &mut AccountsTx, id: MemberId) -> Result<(), StoreError> {
    sql::query("DELETE FROM members WHERE id = ?").bind(id.0).execute(tx).await?;
    Ok(())
}

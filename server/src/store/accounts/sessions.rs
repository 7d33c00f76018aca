//! The `sessions` table, and sessions as `picup-auth` wants them.

use async_trait::async_trait;
use picup_api::{FrameId, MemberId, account::ClientKind};
use picup_auth::{Found, Rotation, Session, SessionStore, TokenHash, UnixMillis};
use sqlx::FromRow;
use uuid::Uuid;

use super::{AccountsTx, refresh_tokens, words};
use crate::{
    domain::session::{Device, Holder},
    store::{Connection, StoreError, sql},
};

#[derive(Clone, Debug, FromRow)]
struct SessionRow {
    id: Uuid,
    holder_kind: String,
    holder_id: Uuid,
    client: String,
    user_agent: String,
    created_at: i64,
    last_used_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

impl SessionRow {
    fn read(self) -> Result<Session<Device>, StoreError> {
        let holder = match self.holder_kind.as_str() {
            "member" => Holder::Member(MemberId(self.holder_id)),
            "frame" => Holder::Frame(FrameId(self.holder_id)),
            other => return Err(StoreError::unreadable(anyhow::anyhow!("a session of a {other}"))),
        };
        let client: ClientKind = words::read(&self.client)?;
        Ok(Session {
            id: self.id,
            subject: self.holder_id.to_string(),
            details: Device { holder, client, user_agent: self.user_agent },
            created_at: UnixMillis(self.created_at),
            last_used_at: UnixMillis(self.last_used_at),
            expires_at: UnixMillis(self.expires_at),
            revoked_at: self.revoked_at.map(UnixMillis),
        })
    }
}

pub async fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Session<Device>>, StoreError> {
    const FIND: &str = "SELECT id, holder_kind, holder_id, client, user_agent, created_at, last_used_at, expires_at, \
                        revoked_at FROM sessions WHERE id = ?";
    let row: Option<SessionRow> = sql::query_as(FIND).bind(id).fetch_optional(connection).await?;
    row.map(SessionRow::read).transpose()
}

/// The sessions that still count, newest first.
pub async fn open_of_holder(
    connection: &mut Connection,
    holder: Holder,
    now: i64,
) -> Result<Vec<Session<Device>>, StoreError> {
    const LIST: &str = "SELECT id, holder_kind, holder_id, client, user_agent, created_at, last_used_at, expires_at, \
                        revoked_at FROM sessions WHERE holder_id = ? AND revoked_at IS NULL AND expires_at > ? \
                        ORDER BY id DESC";
    let rows: Vec<SessionRow> = sql::query_as(LIST).bind(holder.id()).bind(now).fetch_all(connection).await?;
    rows.into_iter().map(SessionRow::read).collect()
}

async fn insert(tx: &mut AccountsTx, session: &Session<Device>) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO sessions (id, holder_kind, holder_id, client, user_agent, created_at, \
                          last_used_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let device = &session.details;
    sql::query(INSERT)
        .bind(session.id)
        .bind(if device.is_frame() { "frame" } else { "member" })
        .bind(device.holder.id())
        .bind(words::write(device.client)?)
        .bind(&device.user_agent)
        .bind(session.created_at.0)
        .bind(session.last_used_at.0)
        .bind(session.expires_at.0)
        .execute(tx)
        .await?;
    Ok(())
}

async fn touch(tx: &mut AccountsTx, rotation: &Rotation) -> Result<(), StoreError> {
    sql::query("UPDATE sessions SET last_used_at = ?, expires_at = ? WHERE id = ?")
        .bind(rotation.at.0)
        .bind(rotation.expires_at.0)
        .bind(rotation.session)
        .execute(tx)
        .await?;
    Ok(())
}

async fn set_revoked(tx: &mut AccountsTx, id: Uuid, at: UnixMillis) -> Result<bool, StoreError> {
    const REVOKE: &str = "UPDATE sessions SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
    let done = sql::query(REVOKE).bind(at.0).bind(id).execute(tx).await?;
    Ok(done == 1)
}

/// Forgets sessions whose time was over before `before`, with their tokens.
pub async fn forget_expired(tx: &mut AccountsTx, before: i64) -> Result<(), StoreError> {
    refresh_tokens::forget_of_expired_sessions(tx, before).await?;
    sql::query("DELETE FROM sessions WHERE expires_at < ?").bind(before).execute(tx).await?;
    Ok(())
}

#[async_trait]
impl SessionStore for AccountsTx {
    type Details = Device;
    type Error = StoreError;

    async fn insert(&mut self, session: &Session<Device>, token: TokenHash) -> Result<(), StoreError> {
        insert(self, session).await?;
        refresh_tokens::insert(self, token, session.id).await
    }

    async fn find(&mut self, token: TokenHash) -> Result<Option<Found<Device>>, StoreError> {
        let Some((session, used)) = refresh_tokens::find(self, token).await? else { return Ok(None) };
        let session = find(self, session).await?;
        Ok(session.map(|session| Found { session, used }))
    }

    async fn rotate(&mut self, rotation: Rotation) -> Result<bool, StoreError> {
        let open = find(self, rotation.session).await?.is_some_and(|session| session.revoked_at.is_none());
        if !open || !refresh_tokens::mark_used(self, &rotation).await? {
            return Ok(false);
        }
        refresh_tokens::insert(self, rotation.to, rotation.session).await?;
        refresh_tokens::forget_used(self, rotation.session, rotation.at).await?;
        touch(self, &rotation).await?;
        Ok(true)
    }

    async fn revoke(&mut self, session: Uuid, at: UnixMillis) -> Result<bool, StoreError> {
        set_revoked(self, session, at).await
    }
}

//! The `turns` table: a row to lock for writes that have to go one after the other.
//!
//! The embedded file has one writer anyway.

use super::{AccountsStore, AccountsTx};
use crate::store::{StoreError, sql};

impl AccountsStore {
    /// Starts a write that decides by who is in which family: a last owner, an invite, a name already taken.
    pub async fn begin_in_turn(&self) -> Result<AccountsTx, StoreError> {
        let mut tx = self.begin().await?;
        if self.engine.is_shared() {
            const LOCK: &str = "SELECT name FROM turns WHERE name = 'memberships' FOR UPDATE";
            sql::query_scalar::<String>(LOCK).fetch_one(&mut tx).await?;
        }
        Ok(tx)
    }
}

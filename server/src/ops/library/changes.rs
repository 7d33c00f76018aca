//! The change feed of a family.

use picup_api::{ErrorCode, FamilyId, change::Changes};
use serde::Deserialize;

use crate::{
    App, Error, Result,
    domain::access::{Act, Caller},
    store::library::{changes, families},
};

pub(crate) const MAX_CHANGES: u32 = 1000;
const DEFAULT_CHANGES: u32 = 200;

/// `?after=&limit=1..1000`.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// The last number the asker knows; 0 when absent.
    pub after: Option<u64>,
    /// 1 to 1000; 200 when absent.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
}

/// Oldest first. Always from a source that has the asker's own last write.
pub async fn list(app: &App, caller: &Caller, family: FamilyId, query: &ChangesQuery) -> Result<Changes> {
    caller.allow(family, Act::Read)?;
    let limit = query.limit.unwrap_or(DEFAULT_CHANGES);
    if !(1..=MAX_CHANGES).contains(&limit) {
        return Err(Error::new(ErrorCode::ValidationFailed).with_field("limit", "out_of_range"));
    }
    let after = i64::try_from(query.after.unwrap_or(0)).unwrap_or(i64::MAX);
    let mut reader = app.library.fresh().await?;
    let mut changes = changes::after(&mut reader, family, after, limit + 1).await?;
    let has_more = changes.len() > limit as usize;
    changes.truncate(limit as usize);
    // Read after the changes, so it is never behind them.
    let last_seq = families::find(&mut reader, family).await?.map_or(0, |row| row.last_seq.unsigned_abs());
    Ok(Changes { changes, last_seq, has_more })
}

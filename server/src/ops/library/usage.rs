//! What a family uses of its quota.

use picup_api::{FamilyId, account::Usage};

use crate::{
    App, Result,
    domain::access::{Act, Caller},
    store::library::families,
};

/// Bytes of originals, those in the trash too: they are still stored.
pub async fn read(app: &App, caller: &Caller, family: FamilyId) -> Result<Usage> {
    caller.allow(family, Act::Read)?;
    let mut reader = app.library.fresh().await?;
    let Some(row) = families::find(&mut reader, family).await? else {
        return Ok(Usage { usage_bytes: 0, quota_bytes: app.config.limits.quota_bytes, photos: 0 });
    };
    let photos = families::count_photos(&mut reader, family).await?;
    Ok(Usage {
        usage_bytes: row.usage_bytes.unsigned_abs(),
        quota_bytes: row.quota_bytes.unsigned_abs(),
        photos: photos.unsigned_abs(),
    })
}

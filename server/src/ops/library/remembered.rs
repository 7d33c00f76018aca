//! Lists that many open and few change: read once for each change of their family.

use picup_api::{ErrorCode, FamilyId};
use serde::{Serialize, de::DeserializeOwned};

use crate::{App, Error, Result, store::library::families};

/// The answer of `read`, or a kept one from after the family's last change. `what` names all it depends on beside
/// that. It is sealed while it is kept, for it has people's words in it.
///
/// Errors: those of `read` and of the database.
pub(super) async fn remembered<T: Serialize + DeserializeOwned>(
    app: &App,
    family: FamilyId,
    what: &str,
    read: impl Future<Output = Result<T>>,
) -> Result<T> {
    let row = families::find(&mut *app.library.stale_ok().await?, family).await?;
    // A family nothing was ever put in, or one that is gone.
    let Some((row, wrapped)) = row.and_then(|row| Some((row.last_seq, row.wrapped_key?))) else {
        return read.await;
    };
    let (name, key) = (format!("picup:read:{family}:{row}:{what}"), app.seal.unwrap(&wrapped)?);
    let sealed = Box::pin(app.reads.get(&name, async {
        let answer = serde_json::to_string(&read.await?).map_err(Error::internal)?;
        key.seal(&name, &answer)
    }));
    let answer = key.open(&name, &sealed.await?)?;
    serde_json::from_str(&answer).map_err(|error| Error::new(ErrorCode::Internal).with_source(error))
}

//! Which of these files the family has, so that bytes are not sent twice.

use std::collections::HashMap;

use picup_api::{
    ErrorCode, FamilyId, PhotoId, Sha256Digest,
    upload::{CheckAction, CheckAnswer, CheckItem, CheckRequest, CheckResult},
};

use crate::{
    App, Error, Result,
    domain::access::{Act, Caller},
    store::library::{copies, photos},
};

const MAX_DIGESTS: usize = 1000;

/// Errors: `ValidationFailed` without digests or with more than a thousand.
pub async fn check(
    app: &App,
    caller: &Caller,
    family: FamilyId,
    request: CheckRequest,
) -> Result<CheckAnswer> {
    caller.allow(family, Act::Upload)?;
    let fault = match request.digests.len() {
        0 => Some("required"),
        1..=MAX_DIGESTS => None,
        _ => Some("too_many"),
    };
    if let Some(code) = fault {
        return Err(Error::new(ErrorCode::ValidationFailed).with_field("digests", code));
    }
    let digests: Vec<_> = request.digests.iter().map(|item| item.sha256).collect();
    let mut reader = app.library.fresh().await?;
    let known = photos::by_digests(&mut reader, family, &digests).await?;
    let lost = copies::lost_among(&mut reader, family, &digests).await?;
    // Bytes no store has any more are asked for again: the sender is the last copy.
    let known = known.into_iter().filter(|(digest, ..)| !lost.contains(digest));
    let known: HashMap<_, _> = known.map(|(digest, photo, trashed)| (digest, (photo, trashed))).collect();
    Ok(CheckAnswer { results: request.digests.into_iter().map(|item| answer(item, &known)).collect() })
}

fn answer(item: CheckItem, known: &HashMap<Sha256Digest, (PhotoId, bool)>) -> CheckResult {
    let found = known.get(&item.sha256);
    let action = match found {
        None => CheckAction::Upload,
        Some((_, false)) => CheckAction::Have,
        Some((_, true)) => CheckAction::Trashed,
    };
    CheckResult { id: item.id, action, photo_id: found.map(|(photo, _)| *photo) }
}

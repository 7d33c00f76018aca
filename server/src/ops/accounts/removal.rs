//! What a removal takes with it, so that it takes effect at once and leaves nothing behind.
//!
//! Every function works within the caller's transaction; after the commit the caller tells `app.auth.revocations`.

use picup_api::{FamilyId, FrameId, MemberId, account::Role, change::Event};
use picup_auth::{SessionStore, UnixMillis};
use uuid::Uuid;

use crate::{
    App, Result,
    domain::{job::AccountsJob, revocation::Revocation, session::Holder},
    store::{
        StoreError,
        accounts::{
            AccountsTx, families, frame_commands, frame_pictures,
            frames::{self, FrameRow},
            invites, memberships, pairings, revocations, sessions,
        },
    },
};

/// Ends one session.
pub(super) async fn end_session(app: &App, tx: &mut AccountsTx, id: Uuid, now: i64) -> Result<()> {
    tx.revoke(id, UnixMillis(now)).await?;
    correct(app, tx, Revocation::Session(id), now).await
}

/// Ends every session of a holder but `keep`.
pub(super) async fn end_sessions(
    app: &App,
    tx: &mut AccountsTx,
    holder: Holder,
    keep: Option<Uuid>,
    now: i64,
) -> Result<()> {
    for session in sessions::open_of_holder(tx, holder, now).await? {
        if Some(session.id) != keep {
            end_session(app, tx, session.id, now).await?;
        }
    }
    Ok(())
}

/// Takes a member out of a family.
pub(super) async fn leave(
    app: &App,
    tx: &mut AccountsTx,
    family: FamilyId,
    member: MemberId,
    now: i64,
) -> Result<()> {
    memberships::remove(tx, family, member).await?;
    correct_role(app, tx, family, member, None, now).await
}

/// Makes tokens in circulation claim the role that counts now.
pub(super) async fn correct_role(
    app: &App,
    tx: &mut AccountsTx,
    family: FamilyId,
    member: MemberId,
    role: Option<Role>,
    now: i64,
) -> Result<()> {
    correct(app, tx, Revocation::Membership { member, family, role }, now).await
}

/// Removes a frame: its credential ends, what waits for it is gone.
pub(super) async fn remove_frame(app: &App, tx: &mut AccountsTx, frame: &FrameRow, now: i64) -> Result<()> {
    let id = FrameId(frame.id);
    end_sessions(app, tx, Holder::Frame(id), None, now).await?;
    frame_commands::remove_all_of_frame(tx, id).await?;
    pairings::remove_of_frame(tx, id).await?;
    frames::remove(tx, id).await?;
    // After its row, which a picture on its way has locked.
    frame_pictures::remove(tx, id).await?;
    tx.announce(Event::FrameChanged { family_id: FamilyId(frame.family_id), frame_id: id });
    Ok(())
}

/// Removes a family with its frames and invites, destroys its key, and tells the library.
pub(super) async fn remove_family(app: &App, tx: &mut AccountsTx, family: FamilyId, now: i64) -> Result<()> {
    for frame in frames::of_family(tx, family).await? {
        remove_frame(app, tx, &frame, now).await?;
    }
    for membership in memberships::of_family(tx, family).await? {
        correct_role(app, tx, family, MemberId(membership.member_id), None, now).await?;
    }
    memberships::remove_all_of_family(tx, family).await?;
    invites::remove_all_of_family(tx, family).await?;
    families::remove(tx, family).await?;
    Ok(tx.enqueue(&AccountsJob::FamilyDeleted { family }, now).await?)
}

async fn correct(app: &App, tx: &mut AccountsTx, revocation: Revocation, now: i64) -> Result<()> {
    revocations::forget_expired(tx, now).await?;
    Ok(revocations::record(tx, revocation, app.auth.last_token_ends_at(now)).await?)
}

/// Forgets what ended long enough ago that nobody asks for it any more.
pub(super) async fn sweep(tx: &mut AccountsTx, now: i64) -> Result<(), StoreError> {
    const DAY_MS: i64 = 86_400 * 1000;
    sessions::forget_expired(tx, now - DAY_MS).await?;
    invites::forget_expired(tx, now - 30 * DAY_MS).await?;
    pairings::forget_expired(tx, now - DAY_MS).await
}

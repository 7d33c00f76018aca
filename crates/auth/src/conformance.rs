//! What every [`SessionStore`] promises, as a test to run against yours.
//!
//! Panics with the broken promise; meant for tests.

use std::fmt::Debug;

use uuid::Uuid;

use crate::{RefreshToken, Rotation, Salt, Session, SessionStore, TokenHash, UnixMillis, Use};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const END: UnixMillis = UnixMillis(1_900_000_000_000);

/// Checks every promise of [`SessionStore`]. `store` may hold other sessions; `details` is kept with those made
/// here, `subject` must be one the store accepts, and `id` makes session ids it has not seen.
///
/// # Panics
/// When a promise is broken or the store fails.
pub async fn check_session_store<S>(store: &mut S, subject: &str, details: S::Details, id: impl Fn() -> Uuid)
where
    S: SessionStore,
    S::Details: Debug + PartialEq,
    S::Error: Debug,
{
    let new = || Session {
        id: id(),
        subject: subject.to_owned(),
        details: details.clone(),
        created_at: NOW,
        last_used_at: NOW,
        expires_at: END,
        revoked_at: None,
    };
    a_token_finds_its_session(store, new()).await;
    a_rotation_happens_once(store, new()).await;
    a_foreign_token_rotates_nothing(store, new(), new()).await;
    a_revoked_session_stays_revoked(store, new()).await;
}

async fn a_token_finds_its_session<S>(store: &mut S, session: Session<S::Details>)
where
    S: SessionStore,
    S::Details: Debug + PartialEq,
    S::Error: Debug,
{
    let token = some_token();
    ok(store.insert(&session, token).await);
    let found = ok(store.find(token).await).expect("an inserted token is found");
    assert_eq!(found.session, session, "a session comes back as it was inserted");
    assert_eq!(found.used, None, "a new token is the current one");
    assert!(ok(store.find(some_token()).await).is_none(), "a token never inserted is not found");
}

async fn a_rotation_happens_once<S>(store: &mut S, session: Session<S::Details>)
where
    S: SessionStore,
    S::Error: Debug,
{
    let first = some_token();
    ok(store.insert(&session, first).await);
    let rotation = rotation(session.id, first);
    assert!(ok(store.rotate(rotation).await), "the current token rotates");
    assert!(!ok(store.rotate(Rotation { to: some_token(), ..rotation }).await), "a used token does not");

    let old = ok(store.find(first).await).expect("a used token is still found");
    assert_eq!(old.used, Some(Use { at: rotation.at, salt: rotation.salt }), "with its use");
    let current = ok(store.find(rotation.to).await).expect("the successor is found");
    assert_eq!(current.used, None, "the successor is the current token");
    assert_eq!(current.session.id, session.id, "of the same session");
    assert_eq!(current.session.last_used_at, rotation.at, "a rotation is a use of the session");
    assert_eq!(current.session.expires_at, rotation.expires_at, "a rotation moves the end");
    assert!(ok(store.rotate(self::rotation(session.id, rotation.to)).await), "the successor rotates in turn");
}

async fn a_foreign_token_rotates_nothing<S>(
    store: &mut S,
    mine: Session<S::Details>,
    other: Session<S::Details>,
) where
    S: SessionStore,
    S::Error: Debug,
{
    let (token, foreign) = (some_token(), some_token());
    ok(store.insert(&mine, token).await);
    ok(store.insert(&other, foreign).await);
    assert!(!ok(store.rotate(rotation(mine.id, foreign)).await), "a token rotates in its own session only");
    let untouched = ok(store.find(foreign).await).expect("found");
    assert_eq!(untouched.used, None, "a refused rotation leaves no trace");
}

async fn a_revoked_session_stays_revoked<S>(store: &mut S, session: Session<S::Details>)
where
    S: SessionStore,
    S::Error: Debug,
{
    let token = some_token();
    ok(store.insert(&session, token).await);
    assert!(ok(store.revoke(session.id, NOW).await), "an open session is revoked");
    assert!(!ok(store.revoke(session.id, END).await), "a second time changes nothing");
    let found = ok(store.find(token).await).expect("a revoked session's token is still found");
    assert_eq!(found.session.revoked_at, Some(NOW), "the first revocation counts");
    assert!(!ok(store.rotate(rotation(session.id, token)).await), "a revoked session does not rotate");
    assert!(!ok(store.revoke(Uuid::from_u128(1), NOW).await), "an unknown session is not revoked");
}

fn rotation(session: Uuid, from: TokenHash) -> Rotation {
    let salt = Salt::generate().expect("randomness");
    Rotation {
        session,
        from,
        to: some_token(),
        salt,
        at: UnixMillis(NOW.0 + 5),
        expires_at: UnixMillis(END.0 + 5),
    }
}

fn some_token() -> TokenHash {
    RefreshToken::generate().expect("randomness").hash()
}

fn ok<T, E: Debug>(result: Result<T, E>) -> T {
    result.expect("the store works")
}

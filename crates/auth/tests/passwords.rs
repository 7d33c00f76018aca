//! Passwords: right, wrong, outdated, nobody's; and bounded work.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use picup_auth::{PasswordErrorKind, Passwords, Verdict};

fn cheap() -> Passwords {
    Passwords::with_params(64, 1, 1, 2).unwrap()
}

#[tokio::test]
async fn only_the_right_password_matches() {
    let passwords = Passwords::new(1, 4).unwrap();
    let stored = passwords.hash("correct horse".into()).await.unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    assert_eq!(passwords.verify("correct horse".into(), Some(stored.clone())).await.unwrap(), Verdict::Right);
    assert_eq!(passwords.verify("battery staple".into(), Some(stored)).await.unwrap(), Verdict::Wrong);
}

#[tokio::test]
async fn a_hash_with_other_parameters_matches_and_is_called_outdated() {
    let stored = cheap().hash("correct horse".into()).await.unwrap();
    let verdict = Passwords::new(1, 4).unwrap().verify("correct horse".into(), Some(stored)).await.unwrap();
    assert_eq!(verdict, Verdict::RightButOutdated);
}

#[tokio::test]
async fn an_unreadable_hash_is_an_error_not_a_match() {
    let error = cheap().verify("x".into(), Some("not a hash".into())).await.unwrap_err();
    assert_eq!(error.kind(), PasswordErrorKind::Invalid);
}

#[tokio::test]
async fn an_unknown_name_costs_as_much_time_as_a_wrong_password() {
    let passwords = Passwords::new(1, 4).unwrap();
    let stored = passwords.hash("correct horse".into()).await.unwrap();
    let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
    for _ in 0..20 {
        known = known.min(timed(&passwords, Some(stored.clone())).await);
        unknown = unknown.min(timed(&passwords, None).await);
    }
    // Generous: other tests share the cores. Without the decoy the ratio is in the thousands.
    assert!(known < unknown * 3 && unknown < known * 3, "known {known:?}, unknown {unknown:?}");
}

async fn timed(passwords: &Passwords, stored: Option<String>) -> Duration {
    let start = Instant::now();
    assert_eq!(passwords.verify("wrong".into(), stored).await.unwrap(), Verdict::Wrong);
    start.elapsed()
}

#[tokio::test]
async fn more_callers_than_places_are_told_to_come_back() {
    // So dear that none is done before all have asked.
    let passwords = Passwords::with_params(8 * 1024, 40, 1, 2).unwrap();
    let callers: Vec<_> = (0..10)
        .map(|_| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.hash("x".into()).await.map_err(|error| error.kind()) })
        })
        .collect();
    let mut busy = 0;
    for caller in callers {
        match caller.await.unwrap() {
            Ok(_) => {}
            Err(kind) => {
                assert_eq!(kind, PasswordErrorKind::Busy);
                busy += 1;
            }
        }
    }
    assert_eq!(busy, 7, "one at work, two in line");
    assert!(passwords.hash("x".into()).await.is_ok(), "places come free again");
}

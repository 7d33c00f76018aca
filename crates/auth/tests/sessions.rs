//! Refresh tokens: rotated at each use, forgiving for ten seconds, unforgiving after.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use picup_auth::{
    MemorySessions, NewSession, Outcome, Policy, RefreshToken, SessionStore, UnixMillis, conformance, open,
    refresh,
};
use uuid::Uuid;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const IDLE: Duration = Duration::from_secs(30 * 86_400);

fn policy() -> Policy<Device> {
    Policy::new(|_| IDLE).patient_with(|device| *device == Device::Frame)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Device {
    Phone,
    Frame,
}

type Store = MemorySessions<Device>;

fn seconds(count: u64) -> UnixMillis {
    NOW.after(Duration::from_secs(count))
}

async fn signed_in(store: &Store) -> (Uuid, String) {
    signed_in_on(store, Device::Phone).await
}

async fn signed_in_on(store: &Store, details: Device) -> (Uuid, String) {
    let new = NewSession { id: Uuid::from_u128(42), subject: "alice".into(), details };
    let opened = open(&mut store.clone(), new, &policy(), NOW).await.unwrap().unwrap();
    (opened.session.id, opened.refresh_token.expose())
}

async fn renew(store: &Store, token: &str, now: UnixMillis) -> Outcome<Device> {
    refresh(&mut store.clone(), token, &policy(), now).await.unwrap()
}

async fn renewed(store: &Store, token: &str, now: UnixMillis) -> String {
    match renew(store, token, now).await {
        Outcome::Renewed(renewed) => renewed.refresh_token.expose(),
        other => panic!("not renewed: {other:?}"),
    }
}

#[tokio::test]
async fn sessions_in_memory_keep_every_promise() {
    let mut store = MemorySessions::new();
    let ids = std::cell::Cell::new(100_u128);
    let next = || {
        ids.set(ids.get() + 1);
        Uuid::from_u128(ids.get())
    };
    conformance::check_session_store(&mut store, "alice", Device::Phone, next).await;
}

#[tokio::test]
async fn each_use_gives_another_token() {
    let store = Store::new();
    let (session, first) = signed_in(&store).await;
    let second = renewed(&store, &first, seconds(900)).await;
    let third = renewed(&store, &second, seconds(1800)).await;
    assert!(first != second && second != third);
    assert!(store.is_open(session, seconds(1801)));
}

#[tokio::test]
async fn a_replay_outside_the_grace_revokes_the_session() {
    let store = Store::new();
    let (session, first) = signed_in(&store).await;
    let second = renewed(&store, &first, seconds(900)).await;
    assert!(matches!(renew(&store, &first, seconds(911)).await, Outcome::Replayed(_)));
    assert!(!store.is_open(session, seconds(911)));
    assert!(matches!(renew(&store, &second, seconds(912)).await, Outcome::Ended(_)));
}

#[tokio::test]
async fn a_token_from_many_rotations_ago_is_a_replay_too() {
    let store = Store::new();
    let (_, first) = signed_in(&store).await;
    let mut token = first.clone();
    for hour in 1..=100 {
        token = renewed(&store, &token, seconds(hour * 3600)).await;
    }
    assert!(matches!(renew(&store, &first, seconds(360_100)).await, Outcome::Replayed(_)));
}

#[tokio::test]
async fn a_second_tab_within_the_grace_gets_the_same_usable_token() {
    let store = Store::new();
    let (_, first) = signed_in(&store).await;
    let one_tab = renewed(&store, &first, seconds(900)).await;
    let other_tab = renewed(&store, &first, seconds(910)).await;
    assert_eq!(one_tab, other_tab);
    renewed(&store, &other_tab, seconds(1800)).await;
}

#[tokio::test]
async fn a_device_nobody_can_sign_in_again_survives_a_lost_answer() {
    let store = Store::new();
    let (session, first) = signed_in_on(&store, Device::Frame).await;
    let lost = renewed(&store, &first, seconds(900)).await;
    let after_the_power_cut = renewed(&store, &first, seconds(8 * 3600)).await;
    assert_eq!(lost, after_the_power_cut);

    let third = renewed(&store, &after_the_power_cut, seconds(9 * 3600)).await;
    assert!(matches!(renew(&store, &first, seconds(10 * 3600)).await, Outcome::Replayed(_)));
    assert!(!store.is_open(session, seconds(10 * 3600)));
    assert!(matches!(renew(&store, &third, seconds(10 * 3600)).await, Outcome::Ended(_)));
}

#[tokio::test]
async fn a_slow_tab_is_led_along_the_chain_to_the_current_token() {
    let store = Store::new();
    let (_, first) = signed_in(&store).await;
    let second = renewed(&store, &first, seconds(900)).await;
    let third = renewed(&store, &second, seconds(903)).await;
    assert_eq!(renewed(&store, &first, seconds(905)).await, third);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_refreshes_all_end_with_the_one_current_token() {
    for _ in 0..50 {
        let store = Store::new();
        let (session, first) = signed_in(&store).await;
        let tabs: Vec<_> = (0..8)
            .map(|_| {
                let (store, first) = (store.clone(), first.clone());
                tokio::spawn(async move { renewed(&store, &first, seconds(900)).await })
            })
            .collect();
        let mut tokens = Vec::new();
        for tab in tabs {
            tokens.push(tab.await.unwrap());
        }
        assert!(tokens.iter().all(|token| *token == tokens[0]));
        renewed(&store, &tokens[0], seconds(1800)).await;
        assert!(store.is_open(session, seconds(1800)));
    }
}

#[tokio::test]
async fn an_idle_session_ends_and_a_used_one_goes_on() {
    let store = Store::new();
    let (session, first) = signed_in(&store).await;
    let day = 86_400;
    let second = renewed(&store, &first, seconds(29 * day)).await;
    assert!(store.is_open(session, seconds(58 * day)));
    assert!(matches!(renew(&store, &second, seconds(59 * day)).await, Outcome::Ended(_)));
    store.forget_expired(seconds(59 * day));
    assert!(matches!(renew(&store, &second, seconds(59 * day)).await, Outcome::Unknown));
}

#[tokio::test]
async fn a_made_up_token_revokes_nothing() {
    let store = Store::new();
    let (session, _) = signed_in(&store).await;
    let made_up = RefreshToken::generate().unwrap().expose();
    for token in [made_up.as_str(), "", "short", "not base64url!", &"A".repeat(100_000)] {
        assert!(matches!(renew(&store, token, NOW).await, Outcome::Unknown));
    }
    assert!(store.is_open(session, NOW));
}

#[tokio::test]
async fn a_revoked_session_is_not_renewed() {
    let store = Store::new();
    let (session, first) = signed_in(&store).await;
    store.clone().revoke(session, NOW).await.unwrap();
    assert!(matches!(renew(&store, &first, NOW).await, Outcome::Ended(_)));
}

#[test]
fn a_token_is_never_printed() {
    let token = RefreshToken::generate().unwrap();
    assert!(!format!("{token:?}").contains(&token.expose()));
    assert_eq!(RefreshToken::parse(&token.expose()), Some(token));
}

//! Access tokens under attack: what is not ours, or not ours any more, is refused.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use picup_auth::{AccessTokens, KeyError, KeyRing, StoredKey, TokenErrorKind, UnixMillis};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const LIFE: Duration = Duration::from_secs(900);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Extra {
    role: String,
}

fn tokens() -> AccessTokens {
    AccessTokens::new("https://home.example", LIFE, KeyRing::generate(NOW).unwrap())
}

fn issue(tokens: &AccessTokens) -> String {
    tokens.issue("alice", Uuid::from_u128(7), Extra { role: "owner".into() }, NOW).unwrap().token
}

fn check(tokens: &AccessTokens, token: &str, now: UnixMillis, expected: TokenErrorKind) {
    assert_eq!(tokens.verify::<Extra>(token, now).unwrap_err().kind(), expected, "{token}");
}

fn part(token: &str, index: usize) -> Value {
    let bytes = BASE64.decode(token.split('.').nth(index).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn encode(value: &Value) -> String {
    BASE64.encode(value.to_string())
}

#[test]
fn a_token_says_who_and_what_until_it_expires() {
    let tokens = tokens();
    let token = issue(&tokens);
    let claims = tokens.verify::<Extra>(&token, NOW.after(Duration::from_secs(899))).unwrap();
    assert_eq!((claims.sub.as_str(), claims.sid), ("alice", Uuid::from_u128(7)));
    assert_eq!(claims.extra, Extra { role: "owner".into() });
    check(&tokens, &token, NOW.after(LIFE), TokenErrorKind::Expired);
}

#[test]
fn a_forged_alg_none_is_refused() {
    let tokens = tokens();
    let token = issue(&tokens);
    let claims = token.split('.').nth(1).unwrap();
    for alg in ["none", "None", "NONE", ""] {
        let mut header = part(&token, 0);
        header["alg"] = json!(alg);
        check(&tokens, &format!("{}.{claims}.", encode(&header)), NOW, TokenErrorKind::Malformed);
    }
}

#[test]
fn a_forged_alg_hs256_signed_with_the_public_key_is_refused() {
    let tokens = tokens();
    let token = issue(&tokens);
    let mut header = part(&token, 0);
    header["alg"] = json!("HS256");
    let message = format!("{}.{}", encode(&header), token.split('.').nth(1).unwrap());
    let public = tokens.ring().stored()[0].public.clone();
    let as_text = BASE64.encode(&public).into_bytes();
    for secret in [public, as_text] {
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message.as_bytes());
        check(&tokens, &format!("{message}.{}", BASE64.encode(signature)), NOW, TokenErrorKind::Forged);
    }
}

#[test]
fn a_wrong_kid_is_refused() {
    let tokens = tokens();
    let token = issue(&tokens);
    let rest = token.split_once('.').unwrap().1;
    for kid in [json!("another"), json!("../../dev/null"), Value::Null] {
        let mut header = part(&token, 0);
        header["kid"] = kid;
        check(&tokens, &format!("{}.{rest}", encode(&header)), NOW, TokenErrorKind::UnknownKey);
    }
    check(&tokens, &issue(&self::tokens()), NOW, TokenErrorKind::UnknownKey);
}

#[test]
fn a_key_brought_in_the_header_is_not_used() {
    let (ours, theirs) = (tokens(), tokens());
    let mut header = part(&issue(&ours), 0);
    header["jwk"] = theirs.ring().jwks(NOW)["keys"][0].clone();
    let claims = issue(&theirs).split('.').nth(1).unwrap().to_owned();
    let signature = issue(&theirs).split('.').nth(2).unwrap().to_owned();
    check(&ours, &format!("{}.{claims}.{signature}", encode(&header)), NOW, TokenErrorKind::Forged);
}

#[test]
fn altered_claims_are_refused() {
    let tokens = tokens();
    let token = issue(&tokens);
    let mut claims = part(&token, 1);
    claims["role"] = json!("admin");
    let parts: Vec<_> = token.split('.').collect();
    check(&tokens, &format!("{}.{}.{}", parts[0], encode(&claims), parts[2]), NOW, TokenErrorKind::Forged);
}

#[test]
fn another_services_token_under_the_same_key_is_refused() {
    let ours = tokens();
    let theirs = AccessTokens::new("https://other.example", LIFE, (*ours.ring()).clone());
    check(&ours, &issue(&theirs), NOW, TokenErrorKind::Forged);
}

#[test]
fn garbage_is_malformed_and_never_panics() {
    let tokens = tokens();
    let token = issue(&tokens);
    let long = "a".repeat(1_000_000);
    for garbage in ["", ".", "..", "...", "a.b.c", "\u{0}", "é.é.é", &token[..40], &long] {
        check(&tokens, garbage, NOW, TokenErrorKind::Malformed);
    }
}

#[test]
fn after_a_rotation_old_tokens_live_out_their_time() {
    let tokens = tokens();
    let before = issue(&tokens);
    tokens.use_ring(tokens.ring().rotated(NOW, LIFE).unwrap());
    let after = issue(&tokens);
    assert_ne!(part(&before, 0)["kid"], part(&after, 0)["kid"]);
    assert!(tokens.verify::<Extra>(&before, NOW).is_ok());
    assert!(tokens.verify::<Extra>(&after, NOW).is_ok());
    assert_eq!(tokens.ring().jwks(NOW)["keys"].as_array().unwrap().len(), 2);

    let later = NOW.after(LIFE + Duration::from_secs(1));
    check(&tokens, &before, later, TokenErrorKind::UnknownKey);
    assert_eq!(tokens.ring().jwks(later)["keys"].as_array().unwrap().len(), 1);
    assert_eq!(tokens.ring().rotated(later, LIFE).unwrap().stored().len(), 2);
}

#[test]
fn a_retired_key_has_no_private_half() {
    let ring = KeyRing::generate(NOW).unwrap().rotated(NOW, LIFE).unwrap();
    let private: Vec<_> = ring.stored().iter().map(|key| key.private.is_some()).collect();
    assert_eq!(private, [true, false]);
    assert!(!format!("{ring:?}").contains("private"));
}

#[test]
fn a_ring_without_exactly_one_sound_signing_key_is_refused() {
    let (one, two) = (StoredKey::generate(NOW).unwrap(), StoredKey::generate(NOW).unwrap());
    let mixed = StoredKey { public: two.public.clone(), ..one.clone() };
    assert_eq!(KeyRing::from_stored(vec![]).unwrap_err(), KeyError::NotOneSigningKey);
    assert_eq!(KeyRing::from_stored(vec![one, two]).unwrap_err(), KeyError::NotOneSigningKey);
    assert_eq!(KeyRing::from_stored(vec![mixed]).unwrap_err(), KeyError::Unreadable);
}

//! Personal text never lies open in the database.

use picup_server::store::sql;
use serde_json::json;

use crate::home::Home;

/// Whether the bytes are anywhere in the database or its log.
pub(crate) fn lies_open(home: &Home, needle: &str) -> bool {
    if let Some(databases) = &home.databases {
        return databases.hold(needle);
    }
    ["accounts.db", "accounts.db-wal"].iter().any(|name| {
        let bytes = std::fs::read(home.directory.path().join(name)).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
    })
}

#[tokio::test]
async fn names_addresses_and_messages_are_sealed() {
    let home = Home::start().await;
    let owner = home.person("granddaughter").await;
    let frame = home.paired_frame(&owner).await;
    let message = json!({ "action": { "kind": "message", "text": "할머니 생신 축하드려요" } });
    let path = format!("/v1/families/{}/frames/{}/commands", frame.family, frame.id);
    home.post(&path, &owner.access, message).await.expect(201);
    let noted = json!({ "birthdays": [{ "name": "외할아버지", "month": 3, "day": 1, "year": null }] });
    home.put(&format!("/v1/families/{}/birthdays", owner.family), &owner.access, noted).await.expect(200);
    assert!(lies_open(&home, "member"), "the search itself works");
    for text in ["granddaughter", "example.com", "거실", "할머니", "외할아버지"] {
        assert!(!lies_open(&home, text), "{text}");
    }
}

#[tokio::test]
async fn secrets_are_stored_as_hashes() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let pairing = home.start_pairing().await;
    let path = format!("/v1/families/{}/invites", owner.family);
    let invite = home.post(&path, &owner.access, json!({ "role": "viewer" })).await.expect(201);
    for secret in [
        owner.refresh.as_str(),
        crate::home::PASSWORD,
        pairing["device_code"].as_str().unwrap(),
        invite["code"].as_str().unwrap(),
    ] {
        assert!(!lies_open(&home, secret), "{secret}");
    }
}

#[tokio::test]
async fn a_deleted_familys_key_is_gone_from_the_live_database() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    home.delete(&format!("/v1/families/{}", owner.family), &owner.access).await.expect(204);
    let mut reader = home.app.accounts.fresh().await.unwrap();
    let left: (i64,) = sql::query_as("SELECT COUNT(*) FROM families").fetch_one(&mut reader).await.unwrap();
    assert_eq!(left.0, 0);
}

//! Pairing a frame, as RFC 8628 has it.

use serde_json::json;

use crate::home::{Home, text};

#[tokio::test]
async fn a_device_waits_is_approved_and_gets_its_token_once() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let pairing = home.start_pairing().await;
    let code = text(&pairing["user_code"]);
    assert_eq!(
        (code.len(), pairing["interval"].as_u64(), pairing["expires_in"].as_u64()),
        (9, Some(5), Some(900))
    );
    assert!(text(&pairing["verification_uri_complete"]).ends_with(&format!("?code={code}")));

    let pending = home.poll(&pairing["device_code"]).await.refused("authorization_pending");
    assert_eq!(pending["error"], "authorization_pending");

    let typed = code.to_lowercase().replace('-', " ");
    let path = format!("/v1/families/{}/frames", owner.family);
    let frame =
        home.post(&path, &owner.access, json!({ "user_code": typed, "name": "거실" })).await.expect(201);
    assert_eq!(
        (text(&frame["name"]), text(&frame["hardware_name"])),
        ("거실".into(), "Raspberry Pi 5".into())
    );
    assert_eq!(frame["settings"]["locale"], "ko");

    let token = home.poll(&pairing["device_code"]).await.expect(200);
    assert_eq!((&token["frame_id"], text(&token["family_id"])), (&frame["id"], owner.family));
    assert_eq!(token["token_type"], "Bearer");
    home.get("/v1/frames/self", &text(&token["access_token"])).await.expect(200);
    assert_eq!(home.poll(&pairing["device_code"]).await.refused("invalid_grant")["error"], "invalid_grant");
}

#[tokio::test]
async fn a_hasty_device_is_told_to_slow_down() {
    let home = Home::start().await;
    let pairing = home.start_pairing().await;
    home.poll(&pairing["device_code"]).await.refused("authorization_pending");
    let hasty = home.poll(&pairing["device_code"]).await.refused("slow_down");
    assert_eq!(hasty["error"], "slow_down");
    home.sql("UPDATE pairings SET polled_at = polled_at - 6000").await;
    home.poll(&pairing["device_code"]).await.refused("slow_down");
    home.sql("UPDATE pairings SET polled_at = polled_at - 15000").await;
    home.poll(&pairing["device_code"]).await.refused("authorization_pending");
}

#[tokio::test]
async fn an_old_code_expired_and_a_made_up_one_is_invalid() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let pairing = home.start_pairing().await;
    home.sql("UPDATE pairings SET expires_at = created_at").await;
    assert_eq!(home.poll(&pairing["device_code"]).await.refused("expired_token")["error"], "expired_token");
    let path = format!("/v1/families/{}/frames", owner.family);
    let approval = json!({ "user_code": pairing["user_code"], "name": "x" });
    home.post(&path, &owner.access, approval).await.refused("user_code_unknown");
    home.poll(&json!("made up")).await.refused("invalid_grant");
    let other = json!({ "grant_type": "password", "device_code": pairing["device_code"] });
    home.post("/v1/frames/token", "", other).await.refused("unsupported_grant_type");
}

#[tokio::test]
async fn an_approval_names_every_faulty_field_at_once() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let path = format!("/v1/families/{}/frames", owner.family);
    let answer = home.post(&path, &owner.access, json!({ "user_code": " ", "name": "" })).await;
    answer.invalid(&[("user_code", "required"), ("name", "required")]);
    let answer = home.post(&path, &owner.access, json!({ "user_code": "AAAA", "name": "x" })).await;
    answer.refused("user_code_unknown");
    let hardware = home.post("/v1/frames/pairings", "", json!({ "hardware_name": "x".repeat(81) })).await;
    hardware.invalid(&[("hardware_name", "too_long")]);
}

#[tokio::test]
async fn a_code_is_approved_once() {
    let home = Home::start().await;
    let (owner, other) = (home.person("owner").await, home.person("other").await);
    let pairing = home.start_pairing().await;
    let approval = json!({ "user_code": pairing["user_code"], "name": "x" });
    home.post(&format!("/v1/families/{}/frames", owner.family), &owner.access, approval.clone())
        .await
        .expect(201);
    let again = home.post(&format!("/v1/families/{}/frames", other.family), &other.access, approval).await;
    again.refused("user_code_unknown");
    assert_eq!(text(&home.poll(&pairing["device_code"]).await.expect(200)["family_id"]), owner.family);
}

#[tokio::test]
async fn a_frame_removed_before_it_fetched_its_token_gets_none() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let pairing = home.start_pairing().await;
    let path = format!("/v1/families/{}/frames", owner.family);
    let approval = json!({ "user_code": pairing["user_code"], "name": "x" });
    let frame = home.post(&path, &owner.access, approval).await.expect(201);
    home.delete(&format!("{path}/{}", text(&frame["id"])), &owner.access).await.expect(204);
    home.poll(&pairing["device_code"]).await.refused("invalid_grant");
}

#[tokio::test]
async fn a_made_up_or_expired_code_is_answered_while_somebody_else_writes() {
    let home = Home::start().await;
    let pairing = home.start_pairing().await;
    home.sql("UPDATE pairings SET expires_at = created_at").await;
    let _writer = home.app.accounts.begin().await.unwrap();
    home.poll(&json!("made up")).await.refused("invalid_grant");
    home.poll(&pairing["device_code"]).await.refused("expired_token");
}

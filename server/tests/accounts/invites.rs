//! Invites: good once, for some days.

use serde_json::json;

use crate::home::{Home, Person, text};

async fn invite(home: &Home, owner: &Person, role: &str) -> String {
    let path = format!("/v1/families/{}/invites", owner.family);
    let invite = home.post(&path, &owner.access, json!({ "role": role })).await.expect(201);
    assert!(text(&invite["url"]).ends_with(&format!("/invite/{}", text(&invite["code"]))));
    format!("/v1/invites/{}/accept", text(&invite["code"]))
}

#[tokio::test]
async fn an_invite_makes_one_member() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let accept = invite(&home, &owner, "editor").await;
    let (guest, late) = (home.person("guest").await, home.person("late").await);
    let family = home.post(&accept, &guest.access, json!({})).await.expect(200);
    assert_eq!((text(&family["id"]), text(&family["role"])), (owner.family.clone(), "editor".into()));
    home.post(&accept, &guest.access, json!({})).await.refused("already_member");
    home.post(&accept, &late.access, json!({})).await.refused("invite_invalid");

    let path = format!("/v1/families/{}/members", owner.family);
    let members = home.get(&path, &owner.access).await.expect(200);
    let members: Vec<_> =
        members["items"].as_array().unwrap().iter().map(|m| (text(&m["email"]), text(&m["role"]))).collect();
    assert_eq!(members, [(owner.email, "owner".into()), (guest.email, "editor".into())]);
}

#[tokio::test]
async fn an_expired_invite_says_so() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let accept = invite(&home, &owner, "viewer").await;
    home.sql("UPDATE invites SET expires_at = created_at").await;
    let guest = home.person("guest").await;
    home.post(&accept, &guest.access, json!({})).await.refused("invite_expired");
    assert_eq!(home.get("/v1/me", &guest.access).await.expect(200)["families"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_made_up_code_is_invalid() {
    let home = Home::start().await;
    let guest = home.person("guest").await;
    for code in ["x", "%00", "AAAAAAAAAAAAAAAAAAAAAA", "..%2F.."] {
        home.post(&format!("/v1/invites/{code}/accept"), &guest.access, json!({}))
            .await
            .refused("invite_invalid");
    }
}

#[tokio::test]
async fn an_owner_who_opens_their_own_invite_does_not_use_it_up() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let accept = invite(&home, &owner, "viewer").await;
    home.post(&accept, &owner.access, json!({})).await.refused("already_member");
    let guest = home.person("guest").await;
    home.post(&accept, &guest.access, json!({})).await.expect(200);
}

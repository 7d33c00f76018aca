//! Families and roles.

use serde_json::json;

use crate::home::{Home, text};

#[tokio::test]
async fn a_second_family_shows_in_the_next_token() {
    let home = Home::start().await;
    let mina = home.person("mina").await;
    let family = home.post("/v1/families", &mina.access, json!({ "name": "외가" })).await.expect(201);
    assert_eq!(family["role"], "owner");
    let path = format!("/v1/families/{}", text(&family["id"]));
    home.get(&path, &mina.access).await.refused("not_found");
    let mina = home.renewed(&mina).await;
    assert_eq!(home.get(&path, &mina.access).await.expect(200)["name"], "외가");
    home.post("/v1/families", &mina.access, json!({ "name": "  " })).await.invalid(&[("name", "required")]);
}

#[tokio::test]
async fn only_an_owner_manages_the_family() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let family = format!("/v1/families/{}", owner.family);
    for role in ["editor", "viewer"] {
        let relative = home.relative(&owner, role, role).await;
        assert_eq!(home.get(&family, &relative.access).await.expect(200)["role"], role);
        home.get(&format!("{family}/members"), &relative.access).await.expect(200);
        home.get(&format!("{family}/frames"), &relative.access).await.expect(200);
        home.patch(&family, &relative.access, json!({ "name": "Mine" })).await.refused("forbidden");
        home.delete(&family, &relative.access).await.refused("forbidden");
        let invite =
            home.post(&format!("{family}/invites"), &relative.access, json!({ "role": "owner" })).await;
        invite.refused("forbidden");
        let promotion = json!({ "role": "owner" });
        home.patch(&format!("{family}/members/{}", relative.id), &relative.access, promotion)
            .await
            .refused("forbidden");
        home.delete(&format!("{family}/members/{}", owner.id), &relative.access).await.refused("forbidden");
        let approval = json!({ "user_code": "BCDF-GHJK", "name": "x" });
        home.post(&format!("{family}/frames"), &relative.access, approval).await.refused("forbidden");
    }
    let renamed = home.patch(&family, &owner.access, json!({ "name": "우리 집" })).await.expect(200);
    assert_eq!(renamed["name"], "우리 집");
    home.patch(&family, &owner.access, json!({ "name": "" })).await.invalid(&[("name", "required")]);
}

#[tokio::test]
async fn a_family_keeps_an_owner() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let editor = home.relative(&owner, "editor", "editor").await;
    let members = format!("/v1/families/{}/members", owner.family);
    let own = format!("{members}/{}", owner.id);
    home.patch(&own, &owner.access, json!({ "role": "viewer" })).await.refused("last_owner");
    home.delete(&own, &owner.access).await.refused("last_owner");

    home.patch(&format!("{members}/{}", editor.id), &owner.access, json!({ "role": "owner" }))
        .await
        .expect(200);
    home.delete(&own, &owner.access).await.expect(204);
    home.get(&members, &owner.access).await.refused("not_found");
}

#[tokio::test]
async fn nobody_is_made_a_frame_by_role() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let family = format!("/v1/families/{}", owner.family);
    let frame = json!({ "role": "frame" });
    let own = format!("{family}/members/{}", owner.id);
    home.patch(&own, &owner.access, frame.clone()).await.invalid(&[("role", "invalid")]);
    home.post(&format!("{family}/invites"), &owner.access, frame).await.invalid(&[("role", "invalid")]);
}

#[tokio::test]
async fn a_removed_member_is_out_at_once() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let editor = home.relative(&owner, "editor", "editor").await;
    let family = format!("/v1/families/{}", owner.family);
    home.get(&family, &editor.access).await.expect(200);
    home.delete(&format!("{family}/members/{}", editor.id), &owner.access).await.expect(204);
    home.get(&family, &editor.access).await.refused("not_found");
    let me = home.get("/v1/me", &editor.access).await.expect(200);
    assert_eq!(me["families"].as_array().unwrap().len(), 1, "their own is still there");
    home.delete(&format!("{family}/members/{}", editor.id), &owner.access).await.refused("not_found");
}

#[tokio::test]
async fn a_member_removed_and_invited_again_is_back() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let editor = home.relative(&owner, "editor", "editor").await;
    let family = format!("/v1/families/{}", owner.family);
    home.delete(&format!("{family}/members/{}", editor.id), &owner.access).await.expect(204);
    let invite =
        home.post(&format!("{family}/invites"), &owner.access, json!({ "role": "viewer" })).await.expect(201);
    let accept = format!("/v1/invites/{}/accept", text(&invite["code"]));
    home.post(&accept, &editor.access, json!({})).await.expect(200);
    let editor = home.renewed(&editor).await;
    assert_eq!(home.get(&family, &editor.access).await.expect(200)["role"], "viewer");
}

#[tokio::test]
async fn a_lowered_role_counts_at_once() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let other = home.relative(&owner, "other", "owner").await;
    let family = format!("/v1/families/{}", owner.family);
    home.patch(&family, &other.access, json!({ "name": "Ours" })).await.expect(200);
    let path = format!("{family}/members/{}", other.id);
    home.patch(&path, &owner.access, json!({ "role": "viewer" })).await.expect(200);
    home.patch(&family, &other.access, json!({ "name": "Mine" })).await.refused("forbidden");
    assert_eq!(home.get(&family, &other.access).await.expect(200)["role"], "viewer");
}

#[tokio::test]
async fn a_deleted_family_is_gone_for_everyone_at_once_and_the_library_hears_of_it() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let viewer = home.relative(&owner, "viewer", "viewer").await;
    let frame = home.paired_frame(&owner).await;
    let family = format!("/v1/families/{}", owner.family);
    home.delete(&family, &owner.access).await.expect(204);
    for person in [&owner, &viewer] {
        home.get(&family, &person.access).await.refused("not_found");
        let again = home.renewed(person).await;
        home.get(&family, &again.access).await.refused("not_found");
    }
    home.get("/v1/frames/self", &frame.access).await.refused("frame_revoked");
    home.renew(&frame.refresh).await.refused("frame_revoked");
    assert_eq!(home.outbox().await, ["family.created", "family.created", "family.deleted"]);
}

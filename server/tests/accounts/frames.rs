//! Frames: settings, remote commands, heartbeat, revocation.

use picup_api::change::Event;
use picup_server::cache::fanout::Hint;
use serde_json::{Value, json};

use crate::home::{Home, PairedFrame, Person, text};

pub(crate) fn heartbeat() -> Value {
    json!({
        "version": "0.1.0", "now_showing": null, "paused": false, "inbox_waiting": 3, "inbox_set_aside": 0,
        "photos_cached": 120, "cache_bytes": 1_000_000, "disk_free_bytes": 5_000_000, "temperature_celsius": 51.5,
        "panel_width": 1920, "panel_height": 1080, "last_error": "사진 하나를 읽지 못했습니다",
        "asleep": true, "panel_switch": "wlopm", "memory_bytes": 200_000_000, "troubles": ["offline", "clock_unset"],
    })
}

fn path(frame: &PairedFrame) -> String {
    format!("/v1/families/{}/frames/{}", frame.family, frame.id)
}

async fn send(home: &Home, person: &Person, frame: &PairedFrame, action: Value) -> Value {
    let body = json!({ "action": action });
    home.post(&format!("{}/commands", path(frame)), &person.access, body).await.expect(201)
}

#[tokio::test]
async fn a_frame_knows_itself_and_its_family() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let body = home.get("/v1/frames/self", &frame.access).await.expect(200);
    assert_eq!((text(&body["frame"]["id"]), text(&body["family_id"])), (frame.id.clone(), owner.family));
    assert_eq!(body["family_name"], "owner's");
    home.get("/v1/frames/self", &owner.access).await.refused("forbidden");
}

#[tokio::test]
async fn children_see_how_the_frame_is() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let before = home.get(&path(&frame), &owner.access).await.expect(200);
    assert_eq!((&before["last_seen_at"], &before["heartbeat"]), (&Value::Null, &Value::Null));
    home.post("/v1/frames/self/heartbeat", &frame.access, heartbeat()).await.expect(200);
    let after = home.get(&path(&frame), &owner.access).await.expect(200);
    assert!(after["last_seen_at"].is_string());
    assert_eq!(after["heartbeat"], heartbeat());
    let listed = home.get(&format!("/v1/families/{}/frames", frame.family), &owner.access).await.expect(200);
    assert_eq!(listed["items"][0], after);
    home.post("/v1/frames/self/heartbeat", &owner.access, heartbeat()).await.refused("forbidden");
}

#[tokio::test]
async fn a_talkative_frame_is_cut_short() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let mut talk = heartbeat();
    talk["last_error"] = json!("가".repeat(100_000));
    talk["panel_switch"] = json!("x".repeat(100_000));
    talk["troubles"] = json!(vec!["offline"; 10_000]);
    home.post("/v1/frames/self/heartbeat", &frame.access, talk).await.expect(200);
    let kept = &home.get(&path(&frame), &owner.access).await.expect(200)["heartbeat"];
    assert_eq!(text(&kept["last_error"]).chars().count(), 500);
    assert_eq!(text(&kept["panel_switch"]).len(), 100);
    assert_eq!(kept["troubles"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn a_command_waits_until_it_is_acknowledged() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let mut events = home.app.fanout.subscribe();
    let next = send(&home, &owner, &frame, json!({ "kind": "next" })).await;
    let message = send(&home, &owner, &frame, json!({ "kind": "message", "text": " 사랑해요 " })).await;
    assert_eq!(message["action"]["text"], "사랑해요");

    let Hint::Event(Event::Command { frame_id, command }) = events.recv().await.unwrap() else {
        panic!("another event")
    };
    assert_eq!(
        (frame_id.to_string(), serde_json::to_value(command).unwrap()),
        (frame.id.clone(), next.clone())
    );

    let waiting = home.post("/v1/frames/self/heartbeat", &frame.access, heartbeat()).await.expect(200);
    assert_eq!(waiting["frame"]["pending_commands"], json!([next, message]));
    let ack = format!("/v1/frames/self/commands/{}/ack", text(&next["id"]));
    for _ in 0..2 {
        home.post(&ack, &frame.access, json!({ "done": true })).await.expect(204);
    }
    let waiting = home.get("/v1/frames/self", &frame.access).await.expect(200);
    assert_eq!(waiting["frame"]["pending_commands"], json!([message]));
}

#[tokio::test]
async fn an_expired_command_is_not_carried_out() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    send(&home, &owner, &frame, json!({ "kind": "next" })).await;
    home.sql("UPDATE frame_commands SET expires_at = created_at").await;
    let body = home.get("/v1/frames/self", &frame.access).await.expect(200);
    assert_eq!(body["frame"]["pending_commands"], json!([]));
}

#[tokio::test]
async fn a_frame_off_for_long_is_not_flooded_with_commands() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let mut last = Value::Null;
    for _ in 0..55 {
        last = send(&home, &owner, &frame, json!({ "kind": "next" })).await;
    }
    let body = home.get("/v1/frames/self", &frame.access).await.expect(200);
    let waiting = body["frame"]["pending_commands"].as_array().unwrap();
    assert_eq!((waiting.len(), waiting.last()), (50, Some(&last)));
}

#[tokio::test]
async fn a_frame_acknowledges_its_own_commands_only() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let (one, other) = (home.paired_frame(&owner).await, home.paired_frame(&owner).await);
    let command = send(&home, &owner, &one, json!({ "kind": "pause" })).await;
    let ack = format!("/v1/frames/self/commands/{}/ack", text(&command["id"]));
    home.post(&ack, &other.access, json!({ "done": true })).await.expect(204);
    let body = home.get("/v1/frames/self", &one.access).await.expect(200);
    assert_eq!(body["frame"]["pending_commands"], json!([command]));
}

#[tokio::test]
async fn a_viewer_watches_and_an_editor_steers() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let viewer = home.relative(&owner, "viewer", "viewer").await;
    let editor = home.relative(&owner, "editor", "editor").await;
    home.get(&path(&frame), &viewer.access).await.expect(200);
    let command = json!({ "action": { "kind": "next" } });
    home.post(&format!("{}/commands", path(&frame)), &viewer.access, command).await.refused("forbidden");
    send(&home, &editor, &frame, json!({ "kind": "next" })).await;
    home.patch(&path(&frame), &editor.access, json!({ "name": "x" })).await.refused("forbidden");
    home.delete(&path(&frame), &editor.access).await.refused("forbidden");
}

#[tokio::test]
async fn settings_are_checked_and_kept() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let settings = |seconds: u32| {
        json!({
            "seconds_per_photo": seconds, "fill": "mat", "locale": "en", "albums": [], "pairs": false, "motion": true,
            "clock": false, "larger_text": true, "read_aloud": true, "brightness": 10,
            "dimmed": [{ "from": "21:00", "until": "07:00", "brightness": 100 }],
            "nights": [{ "day": "monday", "from": "23:30", "until": "06:00" }],
        })
    };
    let patch = json!({ "name": "", "settings": settings(2) });
    home.patch(&path(&frame), &owner.access, patch)
        .await
        .invalid(&[("name", "required"), ("settings.seconds_per_photo", "out_of_range")]);
    let changed =
        home.patch(&path(&frame), &owner.access, json!({ "settings": settings(30) })).await.expect(200);
    assert_eq!((text(&changed["name"]), &changed["settings"]), ("거실".into(), &settings(30)));
    let renamed = home.patch(&path(&frame), &owner.access, json!({ "name": "부엌" })).await.expect(200);
    assert_eq!((text(&renamed["name"]), &renamed["settings"]), ("부엌".into(), &settings(30)));
}

#[tokio::test]
async fn settings_of_an_older_program_are_completed() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let older = json!({ "seconds_per_photo": 20, "fill": "blur", "locale": "ko", "albums": [] });
    let changed = home.patch(&path(&frame), &owner.access, json!({ "settings": older })).await.expect(200);
    let settings = &changed["settings"];
    assert_eq!((&settings["seconds_per_photo"], &settings["brightness"]), (&json!(20), &json!(100)));
    assert_eq!((&settings["pairs"], &settings["nights"]), (&json!(true), &json!([])));
}

#[tokio::test]
async fn light_and_nights_are_checked() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let settings = |brightness: u8, dimmed: Value, nights: Value| {
        json!({ "settings": {
            "seconds_per_photo": 10, "fill": "mat", "locale": "en", "albums": [],
            "brightness": brightness, "dimmed": dimmed, "nights": nights,
        } })
    };
    let dim = |brightness: u8| json!({ "from": "21:00", "until": "07:00", "brightness": brightness });
    let night = |day: &str| json!({ "day": day, "from": "23:00", "until": "06:00" });
    let faulty = settings(9, json!([dim(50), dim(101)]), json!([night("friday"), night("friday")]));
    home.patch(&path(&frame), &owner.access, faulty).await.invalid(&[
        ("settings.brightness", "out_of_range"),
        ("settings.dimmed[1].brightness", "out_of_range"),
        ("settings.nights[1].day", "duplicate"),
    ]);
    let many = settings(10, json!(vec![dim(10); 13]), json!([]));
    home.patch(&path(&frame), &owner.access, many).await.invalid(&[("settings.dimmed", "too_many")]);
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let fullest = settings(100, json!(vec![dim(10); 12]), json!(week.map(night)));
    home.patch(&path(&frame), &owner.access, fullest).await.expect(200);
}

#[tokio::test]
async fn a_command_to_the_screen_is_worth_doing_for_ten_minutes() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let time = |value: &Value| text(value).parse::<jiff::Timestamp>().unwrap().as_millisecond();
    for kind in ["sleep", "wake", "picture"] {
        let command = send(&home, &owner, &frame, json!({ "kind": kind })).await;
        assert_eq!(command["action"]["kind"], kind);
        assert_eq!(time(&command["expires_at"]) - time(&command["created_at"]), 600_000);
    }
}

#[tokio::test]
async fn faulty_commands_are_refused() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let commands = format!("{}/commands", path(&frame));
    for (action, field, fault) in [
        (json!({ "kind": "dance" }), "action.kind", "unknown"),
        (json!({ "kind": "message", "text": " " }), "action.text", "required"),
        (json!({ "kind": "message", "text": "x".repeat(2001) }), "action.text", "too_long"),
    ] {
        home.post(&commands, &owner.access, json!({ "action": action })).await.invalid(&[(field, fault)]);
    }
}

#[tokio::test]
async fn a_revoked_frame_is_told_so_at_once_and_also_when_it_was_off() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    home.delete(&path(&frame), &owner.access).await.expect(204);
    home.get("/v1/frames/self", &frame.access).await.refused("frame_revoked");
    home.renew(&frame.refresh).await.refused("frame_revoked");
    home.get(&path(&frame), &owner.access).await.refused("not_found");
    // Months later the tokens have long expired and the revocation set is empty.
    home.sql("DELETE FROM revocations").await;
    home.renew(&frame.refresh).await.refused("frame_revoked");
}

#[tokio::test]
async fn a_frame_whose_refresh_was_answered_into_a_power_cut_stays_paired() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    home.renew(&frame.refresh).await.expect(200);
    home.sql("UPDATE refresh_tokens SET used_at = used_at - 36000000 WHERE used_at IS NOT NULL").await;
    let token = home.renew(&frame.refresh).await.expect(200);
    assert_eq!((text(&token["frame_id"]), text(&token["token_type"])), (frame.id, "Bearer".into()));
    let next = home.renew(&text(&token["refresh_token"])).await.expect(200);
    home.sql("UPDATE refresh_tokens SET used_at = used_at - 36000000 WHERE used_at IS NOT NULL").await;
    home.renew(&frame.refresh).await.refused("refresh_token_replayed");
    home.get("/v1/frames/self", &text(&next["access_token"])).await.refused("frame_revoked");
}

#[tokio::test]
async fn a_frame_may_do_nothing_a_member_does() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let frame = home.paired_frame(&owner).await;
    let family = format!("/v1/families/{}", frame.family);
    home.get("/v1/me", &frame.access).await.refused("forbidden");
    home.get("/v1/me/sessions", &frame.access).await.refused("forbidden");
    home.get(&format!("{family}/members"), &frame.access).await.refused("forbidden");
    home.post("/v1/families", &frame.access, json!({ "name": "x" })).await.refused("forbidden");
    home.delete(&family, &frame.access).await.refused("forbidden");
    home.post(&format!("{family}/invites"), &frame.access, json!({ "role": "owner" }))
        .await
        .refused("forbidden");
    home.delete(&path(&frame), &frame.access).await.refused("forbidden");
    let command = json!({ "action": { "kind": "restart" } });
    home.post(&format!("{}/commands", path(&frame)), &frame.access, command).await.refused("forbidden");
}

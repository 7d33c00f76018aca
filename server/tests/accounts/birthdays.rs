//! Who is in the family, and whose birthday it is: what a frame needs to say so.

use picup_api::change::Event;
use picup_server::cache::fanout::Hint;
use serde_json::{Value, json};

use crate::home::Home;

fn path(family: &str) -> String {
    format!("/v1/families/{family}/birthdays")
}

fn birthday(name: &str, month: i64, day: i64, year: Option<i64>) -> Value {
    json!({ "name": name, "month": month, "day": day, "year": year })
}

#[tokio::test]
async fn a_frame_knows_the_people_of_its_family_by_name_and_nothing_else_of_them() {
    let home = Home::start().await;
    let owner = home.person("mina").await;
    let viewer = home.relative(&owner, "jisu", "viewer").await;
    home.person("stranger").await;
    home.paired_frame(&owner).await;
    let frame = home.paired_frame(&owner).await;
    let people = |body: Value| body["people"].clone();
    let both =
        json!([{ "id": owner.id, "display_name": "mina" }, { "id": viewer.id, "display_name": "jisu" }]);
    let known = home.get("/v1/frames/self", &frame.access).await.expect(200);
    assert!(!known.to_string().contains("example.com"), "no address: {known}");
    assert_eq!(people(known), both);

    home.patch("/v1/me", &owner.access, json!({ "display_name": "미나" })).await.expect(200);
    home.delete(&format!("/v1/families/{}/members/{}", owner.family, viewer.id), &owner.access)
        .await
        .expect(204);
    let beat = home.post("/v1/frames/self/heartbeat", &frame.access, crate::frames::heartbeat()).await;
    assert_eq!(people(beat.expect(200)), json!([{ "id": owner.id, "display_name": "미나" }]));
}

#[tokio::test]
async fn birthdays_a_child_notes_reach_every_frame_of_the_family() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let editor = home.relative(&owner, "editor", "editor").await;
    let viewer = home.relative(&owner, "viewer", "viewer").await;
    let frames = [home.paired_frame(&owner).await, home.paired_frame(&owner).await];
    let path = path(&owner.family);
    let none = json!({ "birthdays": [] });
    assert_eq!(home.get(&path, &viewer.access).await.expect(200), none);

    let mut events = home.app.fanout.subscribe();
    let noted =
        json!({ "birthdays": [birthday(" 할머니 ", 2, 29, None), birthday("Kim", 12, 31, Some(1950))] });
    let kept = json!([birthday("할머니", 2, 29, None), birthday("Kim", 12, 31, Some(1950))]);
    let answer = home.put(&path, &editor.access, noted).await.expect(200);
    assert_eq!(answer["birthdays"], kept);
    for frame in &frames {
        let Hint::Event(Event::FrameChanged { frame_id, .. }) = events.recv().await.unwrap() else {
            panic!("another event")
        };
        assert_eq!(frame_id.to_string(), frame.id);
        assert_eq!(home.get("/v1/frames/self", &frame.access).await.expect(200)["birthdays"], kept);
    }
    assert_eq!(home.get(&path, &viewer.access).await.expect(200)["birthdays"], kept);

    home.put(&path, &owner.access, none.clone()).await.expect(200);
    assert_eq!(home.get(&path, &viewer.access).await.expect(200), none);
}

#[tokio::test]
async fn every_faulty_birthday_is_named_and_none_is_kept() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let path = path(&owner.family);
    let noted = [
        birthday("Good", 1, 1, None),
        birthday(" ", 4, 31, None),
        birthday(&"가".repeat(61), 13, 1, Some(1849)),
        birthday("a\u{7}b", 0, 0, Some(9999)),
        birthday("Leap", 2, 29, Some(1951)),
    ];
    home.put(&path, &owner.access, json!({ "birthdays": noted })).await.invalid(&[
        ("birthdays[1].name", "required"),
        ("birthdays[1].day", "out_of_range"),
        ("birthdays[2].name", "too_long"),
        ("birthdays[2].month", "out_of_range"),
        ("birthdays[2].year", "out_of_range"),
        ("birthdays[3].name", "invalid"),
        ("birthdays[3].month", "out_of_range"),
        ("birthdays[3].day", "out_of_range"),
        ("birthdays[3].year", "out_of_range"),
        ("birthdays[4].day", "out_of_range"),
    ]);
    let many = |count| json!({ "birthdays": vec![birthday("Kim", 1, 1, None); count] });
    home.put(&path, &owner.access, many(101)).await.invalid(&[("birthdays", "too_many")]);
    assert_eq!(home.get(&path, &owner.access).await.expect(200), json!({ "birthdays": [] }));
    home.put(&path, &owner.access, many(100)).await.expect(200);
}

#[tokio::test]
async fn the_longest_list_of_the_longest_names_is_kept_whole() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let widest = birthday(&"👵".repeat(60), 12, 31, Some(1950));
    let noted = json!({ "birthdays": vec![widest; 100] });
    home.put(&path(&owner.family), &owner.access, noted.clone()).await.expect(200);
    assert_eq!(home.get(&path(&owner.family), &owner.access).await.expect(200), noted);
}

#[tokio::test]
async fn birthdays_are_noted_by_editors_and_are_nobody_elses_business() {
    let home = Home::start().await;
    let owner = home.person("owner").await;
    let viewer = home.relative(&owner, "viewer", "viewer").await;
    let frame = home.paired_frame(&owner).await;
    let stranger = home.person("stranger").await;
    let (path, noted) = (path(&owner.family), json!({ "birthdays": [birthday("Kim", 1, 1, None)] }));
    for (token, refusal) in
        [(&viewer.access, "forbidden"), (&frame.access, "forbidden"), (&stranger.access, "not_found")]
    {
        home.put(&path, token, noted.clone()).await.refused(refusal);
    }
    home.get(&path, &stranger.access).await.refused("not_found");
}

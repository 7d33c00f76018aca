//! Photos: lists, filters, captions, dates, names, hearts, comments.

use picup_api::{
    ErrorCode,
    change::ChangeKind,
    photo::{PhotoKind, PhotoPatch, PhotoSource, PhotoState, Rendition},
    time::{Precision, TakenAt},
};
use picup_client::{PageQuery, PhotoFilter};
use picup_testkit::{TestServer, eventually, photos, rendered, upload_as};

use crate::stage::{code, faults, found, get, picture, ready, stored, taken};

#[tokio::test]
async fn a_photo_is_shown_with_everything_known_of_it() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let bytes = photos::Jpeg::new(640, 480, 7)
        .taken("2024:05:01 10:00:00")
        .offset("+09:00")
        .camera("Acme", "One")
        .place(37.5, 127.0)
        .build();
    let photo = ready(&people.owner, people.family, &bytes, "../IMG 1.jpg").await;
    assert_eq!((photo.width, photo.height), (640, 480));
    assert_eq!(photo.filename, "IMG 1.jpg");
    assert_eq!(photo.bytes, bytes.len() as u64);
    assert_eq!(photo.taken_at.local, "2024-05-01T10:00:00");
    assert_eq!(photo.taken_at.offset.as_deref(), Some("+09:00"));
    assert!(photo.camera.unwrap().contains("One"));
    assert!((photo.place.unwrap().latitude - 37.5).abs() < 0.01);
    assert_eq!(photo.renditions.len(), Rendition::ALL.len());
    let thumb = &photo.renditions[&Rendition::Thumb];
    assert_eq!((thumb.width, thumb.height), (320, 240));
    assert_eq!(
        people.viewer.media_bytes(&photo.renditions[&Rendition::Original].url, 1 << 20).await.unwrap(),
        bytes
    );
}

#[tokio::test]
async fn pages_go_through_every_photo_once_newest_first() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut all = stored(&people.owner, people.family, 0..7).await;
    for photo in &all {
        rendered(&people.owner, *photo).await;
    }
    let (mut query, mut seen) = (PageQuery::first(3), Vec::new());
    loop {
        let page = people.owner.photos(people.family, &PhotoFilter::default(), &query).await.unwrap();
        seen.extend(page.items.iter().map(|photo| photo.id));
        let Some(cursor) = page.next_cursor else { break };
        query.cursor = Some(cursor);
    }
    all.reverse();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let server = TestServer::start().await;
    let people = server.family().await;
    stored(&people.owner, people.family, 0..3).await;
    let list = |filter, cursor: &str| {
        let query = PageQuery { cursor: Some(cursor.into()), limit: Some(1) };
        let (owner, family) = (&people.owner, people.family);
        async move { owner.photos(family, &filter, &query).await }
    };
    let first =
        people.owner.photos(people.family, &PhotoFilter::default(), &PageQuery::first(1)).await.unwrap();
    let cursor = first.next_cursor.unwrap();
    assert!(list(PhotoFilter::default(), &cursor).await.is_ok());
    let videos = PhotoFilter { kind: Some(PhotoKind::Video), ..PhotoFilter::default() };
    assert_eq!(code(list(videos, &cursor).await), ErrorCode::CursorInvalid);
    let mut forged = cursor.clone();
    forged.replace_range(3..4, if &cursor[3..4] == "A" { "B" } else { "A" });
    assert_eq!(code(list(PhotoFilter::default(), &forged).await), ErrorCode::CursorInvalid);
    assert_eq!(code(list(PhotoFilter::default(), "").await), ErrorCode::CursorInvalid);
}

#[tokio::test]
async fn each_filter_narrows_the_list() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let may = ready(&people.owner, people.family, &taken(1, "2024:05:01 23:30:00"), "beach.jpg").await.id;
    let june = ready(&people.editor, people.family, &taken(2, "2024:06:15 08:00:00"), "IMG_2.jpg").await.id;
    let (caption, named) = (Some("할머니 생신 잔치".into()), Some(vec!["이수진".into(), "Minji".into()]));
    let words = PhotoPatch { caption, people: named, taken_at: None };
    people.editor.update_photo(june, &words).await.unwrap();
    people.viewer.put_heart(may).await.unwrap();
    let album = crate::stage::album(&people.owner, people.family, "a", &[june]).await;
    let none = PhotoFilter::default;

    for (filter, expected) in [
        (PhotoFilter { taken_to: Some("2024-05-01".into()), ..none() }, vec![may]),
        (PhotoFilter { taken_from: Some("2024-05-02".into()), ..none() }, vec![june]),
        (PhotoFilter { taken_from: Some("2024-05-01T23:30:00".into()), ..none() }, vec![june, may]),
        (PhotoFilter { album: Some(album), ..none() }, vec![june]),
        (PhotoFilter { uploader: Some(people.owner_id.to_string()), ..none() }, vec![may]),
        (PhotoFilter { source: Some(PhotoSource::Web), ..none() }, vec![june, may]),
        (PhotoFilter { source: Some(PhotoSource::Scanner), ..none() }, vec![]),
        (PhotoFilter { kind: Some(PhotoKind::Still), ..none() }, vec![june, may]),
        (PhotoFilter { kind: Some(PhotoKind::Video), ..none() }, vec![]),
        (PhotoFilter { hearted: Some(true), ..none() }, vec![may]),
        (PhotoFilter { hearted: Some(false), ..none() }, vec![june]),
        (PhotoFilter { text: Some("BEACH".into()), ..none() }, vec![may]),
        (PhotoFilter { text: Some("잔치 할머니".into()), ..none() }, vec![june]),
        (PhotoFilter { text: Some("beach 할머니".into()), ..none() }, vec![]),
        (PhotoFilter { text: Some("수진".into()), ..none() }, vec![june]),
        (PhotoFilter { text: Some("잔치 minji".into()), ..none() }, vec![june]),
    ] {
        let shown = format!("{filter:?}");
        assert_eq!(found(&people.viewer, people.family, filter).await, expected, "{shown}");
    }
}

#[tokio::test]
async fn every_faulty_filter_is_named() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let path = format!(
        "/v1/families/{}/photos?taken_from=soon&album=x&source=film&kind=hologram&hearted=maybe&hidden=perhaps&removal_proposed=1&state=lost",
        people.family
    );
    let (status, problem) = get(&people.owner, &path).await;
    assert_eq!(status, 422, "{problem}");
    let fields: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|fault| fault["field"].as_str().unwrap()).collect();
    assert_eq!(
        fields,
        ["taken_from", "album", "source", "kind", "hearted", "hidden", "removal_proposed", "state"]
    );
    let (status, _) = get(&people.owner, &format!("/v1/families/{}/photos?limit=201", people.family)).await;
    assert_eq!(status, 422);
}

#[tokio::test]
async fn a_date_set_by_hand_moves_the_photo_and_parts_unknown_are_the_earliest() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await.id;
    let taken_at = TakenAt { local: "1987-08-23T10:00:00".into(), precision: Precision::Year, offset: None };
    let patch = PhotoPatch { taken_at: Some(taken_at), ..PhotoPatch::default() };
    let dated = people.editor.update_photo(photo, &patch).await.unwrap();
    assert_eq!(dated.taken_at.local, "1987-01-01T00:00:00");
    let months = people.owner.timeline(people.family).await.unwrap().months;
    assert_eq!(months[0].month, "1987-01");

    let wrong = TakenAt { local: "1987-99-01".into(), precision: Precision::Day, offset: None };
    let patch = PhotoPatch { caption: Some("x".repeat(2001)), taken_at: Some(wrong), people: None };
    assert_eq!(
        faults(people.editor.update_photo(photo, &patch).await),
        [("caption".into(), "too_long".into()), ("taken_at.local".into(), "invalid".into())]
    );
    assert_eq!(code(people.viewer.update_photo(photo, &PhotoPatch::default()).await), ErrorCode::Forbidden);
}

#[tokio::test]
async fn who_is_in_a_picture_is_told_to_the_family_and_its_frames() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await;
    assert!(photo.people.is_empty());
    let before = people.viewer.changes(people.family, 0, 200).await.unwrap().last_seq;

    let named = people.editor.update_photo(photo.id, &naming(&[" 할머니 ", "Minji"])).await.unwrap();
    assert_eq!(named.people, ["할머니", "Minji"]);
    assert_eq!(people.viewer.photo(photo.id).await.unwrap().people, named.people);
    assert_eq!(frame.client.photo(photo.id).await.unwrap().people, named.people);
    let news = frame.client.changes(people.family, before, 200).await.unwrap().changes;
    let kinds: Vec<_> = news.into_iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::PhotoUpdated { photo_id: photo.id }]);

    let caption = PhotoPatch { caption: Some("생신".into()), ..PhotoPatch::default() };
    let captioned = people.editor.update_photo(photo.id, &caption).await.unwrap();
    assert_eq!(captioned.people, named.people, "an absent list stays");
    let nobody = people.editor.update_photo(photo.id, &naming(&[])).await.unwrap();
    assert_eq!((nobody.people.len(), nobody.caption.as_str()), (0, "생신"));
    assert!(people.viewer.photo(photo.id).await.unwrap().people.is_empty());
}

#[tokio::test]
async fn a_name_that_is_none_changes_nothing_and_only_editors_name() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await.id;
    people.owner.update_photo(photo, &naming(&["Minji"])).await.unwrap();

    let faulty = naming(&["Kim", " ", &"가".repeat(41), "Kim"]);
    let patch = PhotoPatch { caption: Some("x".repeat(2001)), ..faulty };
    let told = [
        ("caption", "too_long"),
        ("people[1]", "required"),
        ("people[2]", "too_long"),
        ("people[3]", "duplicate"),
    ];
    let told = told.map(|(field, fault)| (field.to_owned(), fault.to_owned()));
    assert_eq!(faults(people.editor.update_photo(photo, &patch).await), told);
    let crowd: Vec<String> = (0..21).map(|number| number.to_string()).collect();
    let crowd = PhotoPatch { people: Some(crowd), ..PhotoPatch::default() };
    assert_eq!(
        faults(people.editor.update_photo(photo, &crowd).await),
        [("people".into(), "too_many".into())]
    );
    for other in [&people.viewer, &frame.client] {
        assert_eq!(code(other.update_photo(photo, &naming(&["Lee"])).await), ErrorCode::Forbidden);
    }
    assert_eq!(people.viewer.photo(photo).await.unwrap().people, ["Minji"]);
}

fn naming(people: &[&str]) -> PhotoPatch {
    let people = people.iter().map(|name| (*name).to_owned()).collect();
    PhotoPatch { people: Some(people), ..PhotoPatch::default() }
}

#[tokio::test]
async fn a_heart_counts_once_for_each_giver() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await.id;
    for _ in 0..2 {
        people.viewer.put_heart(photo).await.unwrap();
        frame.client.put_heart(photo).await.unwrap();
    }
    let seen = people.viewer.photo(photo).await.unwrap();
    assert_eq!((seen.hearts, seen.hearted_by_me), (2, true));
    let seen = people.owner.photo(photo).await.unwrap();
    assert_eq!((seen.hearts, seen.hearted_by_me), (2, false));

    people.viewer.remove_heart(photo).await.unwrap();
    people.viewer.remove_heart(photo).await.unwrap();
    assert_eq!(people.viewer.photo(photo).await.unwrap().hearts, 1);
}

#[tokio::test]
async fn comments_are_read_in_the_order_they_were_written() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = stored(&people.owner, people.family, 0..1).await[0];
    for text in ["첫째", "second", "third"] {
        people.viewer.add_comment(photo, text).await.unwrap();
    }
    let first = people.owner.comments(photo, &PageQuery::first(2)).await.unwrap();
    let texts: Vec<_> = first.items.iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!(texts, ["첫째", "second"]);
    let next = PageQuery { cursor: first.next_cursor, limit: None };
    assert_eq!(people.owner.comments(photo, &next).await.unwrap().items[0].text, "third");
    assert_eq!(people.owner.photo(photo).await.unwrap().comments, 3);
    assert_eq!(faults(people.viewer.add_comment(photo, " ").await), [("text".into(), "required".into())]);
}

#[tokio::test]
async fn a_broken_file_is_shown_to_children_and_never_to_parents() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let good = ready(&people.owner, people.family, &picture(1), "good.jpg").await.id;
    let mut bytes = picture(2);
    bytes.truncate(40);
    let broken = upload_as(&people.owner, people.family, &bytes, "broken.jpg").await;
    eventually("it is found broken", || async {
        (people.viewer.photo(broken).await.unwrap().state == PhotoState::Broken).then_some(())
    })
    .await;
    let filter = PhotoFilter { state: Some(PhotoState::Broken), ..PhotoFilter::default() };
    assert_eq!(found(&people.viewer, people.family, filter).await, [broken]);

    assert_eq!(found(&frame.client, people.family, PhotoFilter::default()).await, [good]);
    assert_eq!(code(frame.client.photo(broken).await), ErrorCode::NotFound);
    let album = crate::stage::album(&people.owner, people.family, "a", &[broken, good]).await;
    assert_eq!(crate::stage::order_of(&frame.client, album).await, [good]);
    assert_eq!(frame.client.album(album).await.unwrap().photo_count, 1);
}

#[tokio::test]
async fn personal_text_is_sealed_in_the_database() {
    let mut server = TestServer::start().await;
    let people = server.family().await;
    let photo = ready(&people.owner, people.family, &picture(1), "SecretName.jpg").await.id;
    let (caption, named) = (Some("SecretCaption".into()), Some(vec!["SecretFriend".into()]));
    let patch = PhotoPatch { caption, people: named, taken_at: None };
    people.owner.update_photo(photo, &patch).await.unwrap();
    people.owner.add_comment(photo, "SecretComment").await.unwrap();
    crate::stage::album(&people.owner, people.family, "SecretTitle", &[photo]).await;
    server.stop().await;
    if let Some(databases) = server.databases() {
        assert!(!databases.hold("Secret"), "the server has personal text in the clear");
        return;
    }
    for file in ["library.db", "library.db-wal"] {
        let bytes = std::fs::read(server.data_dir().join(file)).unwrap_or_default();
        let is_there = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!is_there("Secret"), "{file} has personal text in the clear");
    }
}

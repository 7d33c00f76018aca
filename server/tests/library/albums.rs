//! Albums and the order of their photos.

use picup_api::{
    ErrorCode, PhotoId,
    album::{AlbumPatch, NewAlbum},
};
use picup_client::{PageQuery, PhotoFilter};
use picup_testkit::TestServer;
use uuid::Uuid;

use crate::stage::{album, code, faults, found, order_of, picture, ready, stored};

#[tokio::test]
async fn an_album_is_made_renamed_and_removed_and_its_photos_stay() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photos = stored(&people.owner, people.family, 0..2).await;
    let id = album(&people.editor, people.family, "여름 휴가", &photos).await;

    let patch = AlbumPatch { description: Some("바다".into()), ..AlbumPatch::default() };
    let changed = people.editor.update_album(id, &patch).await.unwrap();
    assert_eq!((changed.title.as_str(), changed.description.as_str()), ("여름 휴가", "바다"));
    assert_eq!(changed.photo_count, 2);

    people.editor.delete_album(id).await.unwrap();
    assert_eq!(code(people.owner.album(id).await), ErrorCode::NotFound);
    assert_eq!(found(&people.owner, people.family, PhotoFilter::default()).await.len(), 2);
}

#[tokio::test]
async fn every_faulty_field_of_an_album_is_named() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let new = NewAlbum { title: "  ".into(), description: "x".repeat(2001) };
    let faults_of_new = faults(people.owner.create_album(people.family, &new).await);
    assert_eq!(
        faults_of_new,
        [("title".into(), "required".into()), ("description".into(), "too_long".into())]
    );

    let id = album(&people.owner, people.family, "a", &[]).await;
    let stranger = PhotoId(Uuid::now_v7());
    let patch =
        AlbumPatch { title: Some("a\nb".into()), cover_photo_id: Some(stranger), ..AlbumPatch::default() };
    assert_eq!(
        faults(people.owner.update_album(id, &patch).await),
        [("title".into(), "invalid".into()), ("cover_photo_id".into(), "unknown".into())]
    );
    assert_eq!(people.owner.album(id).await.unwrap().title, "a", "nothing half done");
}

#[tokio::test]
async fn the_cover_is_the_chosen_photo_else_the_first() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let first = ready(&people.owner, people.family, &picture(1), "1.jpg").await;
    let second = ready(&people.owner, people.family, &picture(2), "2.jpg").await;
    let id = album(&people.owner, people.family, "a", &[first.id, second.id]).await;
    assert_eq!(people.owner.album(id).await.unwrap().cover_photo_id, Some(first.id));

    let patch = AlbumPatch { cover_photo_id: Some(second.id), ..AlbumPatch::default() };
    let chosen = people.owner.update_album(id, &patch).await.unwrap();
    assert_eq!(chosen.cover_photo_id, Some(second.id));
    assert!(people.owner.media_bytes(&chosen.cover.unwrap().url, 1 << 20).await.is_ok());

    people.owner.trash_photo(second.id).await.unwrap();
    assert_eq!(people.owner.album(id).await.unwrap().cover_photo_id, Some(first.id));
}

#[tokio::test]
async fn photos_keep_the_order_they_are_given() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut photos = stored(&people.owner, people.family, 0..5).await;
    let id = album(&people.owner, people.family, "a", &photos).await;
    people.owner.add_to_album(id, &photos[..2]).await.unwrap();
    assert_eq!(order_of(&people.owner, id).await, photos, "what is in it already stays where it is");

    photos.rotate_left(2);
    people.owner.order_album(id, &photos).await.unwrap();
    assert_eq!(order_of(&people.owner, id).await, photos);

    people.owner.remove_from_album(id, &photos[1..2]).await.unwrap();
    photos.remove(1);
    assert_eq!(order_of(&people.owner, id).await, photos);
    assert_eq!(people.owner.album(id).await.unwrap().photo_count, 4);
}

#[tokio::test]
async fn an_order_of_other_photos_than_the_album_has_changes_nothing() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photos = stored(&people.owner, people.family, 0..3).await;
    let id = album(&people.owner, people.family, "a", &photos).await;
    let twice = [photos[0], photos[1], photos[1]];
    for wrong in [&photos[..2], &twice] {
        assert_eq!(code(people.owner.order_album(id, wrong).await), ErrorCode::AlbumOrderMismatch);
    }
    assert_eq!(order_of(&people.owner, id).await, photos);
}

/// FAILURES 27: two editors reorder one album.
#[tokio::test]
async fn two_editors_who_reorder_one_album_at_once_lose_no_photo() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photos = stored(&people.owner, people.family, 0..6).await;
    let id = album(&people.owner, people.family, "a", &photos).await;
    let reversed: Vec<_> = photos.iter().rev().copied().collect();
    let mut rotated = photos.clone();
    rotated.rotate_left(3);
    for _ in 0..10 {
        let (one, other) =
            tokio::join!(people.owner.order_album(id, &reversed), people.editor.order_album(id, &rotated));
        one.unwrap();
        other.unwrap();
        let order = order_of(&people.owner, id).await;
        assert!(order == reversed || order == rotated, "one of the two orders, never a mix: {order:?}");
    }
    let (_, added) = tokio::join!(
        people.owner.order_album(id, &photos),
        people.editor.remove_from_album(id, &photos[..1]),
    );
    added.unwrap();
    assert_eq!(order_of(&people.owner, id).await.len(), 5);
}

#[tokio::test]
async fn only_photos_of_the_family_go_into_its_albums() {
    let server = TestServer::start().await;
    let (people, others) = (server.family().await, server.family().await);
    let mine = stored(&people.owner, people.family, 0..2).await;
    let theirs = stored(&others.owner, others.family, 0..1).await;
    let id = album(&people.owner, people.family, "a", &[]).await;
    assert_eq!(
        faults(people.owner.add_to_album(id, &[mine[0], theirs[0]]).await),
        [("photo_ids[1]".into(), "unknown".into())]
    );
    assert_eq!(faults(people.owner.add_to_album(id, &[]).await), [("photo_ids".into(), "required".into())]);
    people.owner.trash_photo(mine[1]).await.unwrap();
    assert_eq!(code(people.owner.add_to_album(id, &mine).await), ErrorCode::PhotoTrashed);
    assert!(order_of(&people.owner, id).await.is_empty());
}

#[tokio::test]
async fn a_viewer_looks_and_does_not_touch() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photos = stored(&people.owner, people.family, 0..1).await;
    let id = album(&people.owner, people.family, "a", &photos).await;
    assert_eq!(order_of(&people.viewer, id).await, photos);
    let new = NewAlbum { title: "b".into(), description: String::new() };
    assert_eq!(code(people.viewer.create_album(people.family, &new).await), ErrorCode::Forbidden);
    assert_eq!(code(people.viewer.order_album(id, &photos).await), ErrorCode::Forbidden);
    assert_eq!(code(people.viewer.delete_album(id).await), ErrorCode::Forbidden);
}

#[tokio::test]
async fn albums_are_listed_newest_first_page_by_page() {
    let server = TestServer::start().await;
    let people = server.family().await;
    for title in ["one", "two", "three"] {
        album(&people.owner, people.family, title, &[]).await;
    }
    let first = people.viewer.albums(people.family, &PageQuery::first(2)).await.unwrap();
    let titles: Vec<_> = first.items.iter().map(|album| album.title.as_str()).collect();
    assert_eq!(titles, ["three", "two"]);
    let next = PageQuery { cursor: first.next_cursor, limit: Some(2) };
    let second = people.viewer.albums(people.family, &next).await.unwrap();
    assert_eq!(second.items[0].title, "one");
    assert_eq!(second.next_cursor, None);
}

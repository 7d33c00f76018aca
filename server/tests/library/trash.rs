//! The trash: out of sight for a while, then gone.

use picup_api::{
    ErrorCode,
    photo::{PhotoPatch, PhotoState},
};
use picup_client::PhotoFilter;
use picup_testkit::{TestServer, eventually, upload_as};

use crate::stage::{album, code, found, order_of, picture, ready, stored};

#[tokio::test]
async fn a_trashed_photo_comes_back_to_its_albums_and_hearts() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photos = stored(&people.owner, people.family, 0..3).await;
    let id = album(&people.owner, people.family, "a", &photos).await;
    people.viewer.put_heart(photos[1]).await.unwrap();

    for _ in 0..2 {
        people.editor.trash_photo(photos[1]).await.unwrap();
    }
    let trashed = people.owner.photo(photos[1]).await.unwrap();
    assert_eq!(trashed.state, PhotoState::Trashed);
    assert!(trashed.purge_at.is_some());
    assert_eq!(order_of(&people.owner, id).await, [photos[0], photos[2]]);
    assert!(!found(&people.owner, people.family, PhotoFilter::default()).await.contains(&photos[1]));
    let in_trash = PhotoFilter { state: Some(PhotoState::Trashed), ..PhotoFilter::default() };
    assert_eq!(found(&people.owner, people.family, in_trash).await, [photos[1]]);
    assert_eq!(code(people.viewer.put_heart(photos[1]).await), ErrorCode::PhotoTrashed);
    assert_eq!(
        code(people.editor.update_photo(photos[1], &PhotoPatch::default()).await),
        ErrorCode::PhotoTrashed
    );
    assert_eq!(code(people.viewer.restore_photo(photos[1]).await), ErrorCode::Forbidden);

    people.editor.restore_photo(photos[1]).await.unwrap();
    assert_eq!(order_of(&people.owner, id).await, photos);
    assert_eq!(people.owner.photo(photos[1]).await.unwrap().hearts, 1);
}

#[tokio::test]
async fn an_order_given_while_a_photo_is_in_the_trash_keeps_a_place_for_it() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photos = stored(&people.owner, people.family, 0..4).await;
    let id = album(&people.owner, people.family, "a", &photos).await;
    people.owner.trash_photo(photos[3]).await.unwrap();
    people.owner.order_album(id, &[photos[2], photos[1], photos[0]]).await.unwrap();
    people.owner.restore_photo(photos[3]).await.unwrap();
    let mut order = order_of(&people.owner, id).await;
    assert_eq!(order.len(), 4);
    order.retain(|photo| *photo != photos[3]);
    assert_eq!(order, [photos[2], photos[1], photos[0]]);
}

/// FAILURES 27: delete and upload of the same bytes at once.
#[tokio::test]
async fn trash_and_upload_of_the_same_bytes_at_once_leave_one_whole_photo() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let bytes = picture(1);
    let photo = upload_as(&people.owner, people.family, &bytes, "1.jpg").await;
    for _ in 0..10 {
        let (trashed, again) = tokio::join!(
            people.editor.trash_photo(photo),
            upload_as(&people.owner, people.family, &bytes, "1.jpg"),
        );
        trashed.unwrap();
        assert_eq!(again, photo, "the same bytes are the same photo");
        let seen = people.owner.photo(photo).await.unwrap();
        assert_eq!(seen.state == PhotoState::Trashed, seen.purge_at.is_some());
    }
    assert_eq!(people.owner.usage(people.family).await.unwrap().usage_bytes, bytes.len() as u64);
    assert_eq!(upload_as(&people.owner, people.family, &bytes, "1.jpg").await, photo);
    assert!(people.owner.photo(photo).await.unwrap().purge_at.is_none(), "uploaded again, it is back");
}

#[tokio::test]
async fn after_its_time_in_the_trash_a_photo_and_its_bytes_are_gone() {
    let server = TestServer::builder().config("[limits]\ntrash_days = 0").start().await;
    let people = server.family().await;
    let bytes = picture(1);
    let photo = ready(&people.owner, people.family, &bytes, "1.jpg").await;
    let original = photo.renditions[&picup_api::photo::Rendition::Original].url.clone();
    people.owner.trash_photo(photo.id).await.unwrap();
    eventually("the photo is gone", || async {
        (people.owner.photo(photo.id).await.err()?.code() == Some(ErrorCode::NotFound)).then_some(())
    })
    .await;
    assert_eq!(people.owner.usage(people.family).await.unwrap().usage_bytes, 0);
    assert!(people.owner.media_bytes(&original, 1 << 20).await.is_err());
    eventually("its bytes are gone", || async {
        let left = files_under(&server.main_dir());
        left.iter().all(|path| !path.contains("originals/") && !path.contains("renditions/")).then_some(())
    })
    .await;
    let anew = upload_as(&people.owner, people.family, &bytes, "1.jpg").await;
    assert_ne!(anew, photo.id, "a purged photo that comes again is a new one");
}

fn files_under(path: &std::path::Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.display().to_string()] };
    entries.flatten().flat_map(|entry| files_under(&entry.path())).collect()
}

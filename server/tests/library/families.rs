//! What the library does when members and families go.

use picup_api::ErrorCode;
use picup_client::PhotoFilter;
use picup_testkit::{PASSWORD, TestServer, eventually};

use crate::stage::{album, found, picture, ready, stored};

#[tokio::test]
async fn a_deleted_members_hearts_and_comments_go_and_the_photos_stay() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = stored(&people.editor, people.family, 0..1).await[0];
    people.editor.put_heart(photo).await.unwrap();
    people.editor.add_comment(photo, "mine").await.unwrap();
    people.viewer.add_comment(photo, "theirs").await.unwrap();
    people.editor.delete_me(PASSWORD).await.unwrap();
    eventually("what the member said is gone", || async {
        let seen = people.owner.photo(photo).await.unwrap();
        ((seen.hearts, seen.comments) == (0, 1)).then_some(())
    })
    .await;
    let left = people.owner.comments(photo, &picup_client::PageQuery::first(10)).await.unwrap();
    assert_eq!(left.items[0].text, "theirs");
    assert_eq!(found(&people.owner, people.family, PhotoFilter::default()).await, [photo]);
}

#[tokio::test]
async fn a_deleted_family_is_erased_with_its_key_and_bytes() {
    let server = TestServer::start().await;
    let (people, others) = (server.family().await, server.family().await);
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await;
    album(&people.owner, people.family, "a", &[photo.id]).await;
    let kept = ready(&others.owner, others.family, &picture(1), "1.jpg").await;
    let originals = server.main_dir().join("originals").join(people.family.to_string());
    assert_eq!(files(&originals).len(), 1);
    people.owner.delete_family(people.family).await.unwrap();
    assert_eq!(people.owner.photo(photo.id).await.unwrap_err().code(), Some(ErrorCode::NotFound));

    eventually("its originals are gone", || async { files(&originals).is_empty().then_some(()) }).await;
    let seen = others.owner.photo(kept.id).await.unwrap();
    let url = &seen.renditions[&picup_api::photo::Rendition::Original].url;
    assert_eq!(
        others.owner.media_bytes(url, 1 << 20).await.unwrap(),
        picture(1),
        "the same bytes of another family stay"
    );
}

fn files(path: &std::path::Path) -> Vec<std::path::PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    entries.flatten().flat_map(|entry| files(&entry.path())).collect()
}

//! Photos a parent does not want to see: hidden from the frames, or proposed for removal.

use picup_api::{
    ErrorCode, Page, PhotoId,
    change::{Change, ChangeKind},
    sharing::{Link, SharedPhoto},
};
use picup_client::{Client, PhotoFilter};
use picup_testkit::{People, TestServer, newcomer};
use serde_json::json;

use crate::stage::{album, answer, code, found, get, order_of, picture, ready};

async fn photos(people: &People, seeds: std::ops::Range<u64>) -> Vec<PhotoId> {
    let mut photos = Vec::new();
    for seed in seeds {
        photos.push(ready(&people.owner, people.family, &picture(seed), "a.jpg").await.id);
    }
    photos
}

async fn changes_after(people: &People, seq: u64) -> Vec<Change> {
    people.viewer.changes(people.family, seq, 200).await.unwrap().changes
}

async fn last_seq(people: &People) -> u64 {
    people.viewer.changes(people.family, 0, 1).await.unwrap().last_seq
}

fn hidden(hidden: bool) -> PhotoFilter {
    PhotoFilter { hidden: Some(hidden), ..PhotoFilter::default() }
}

fn proposed(proposed: bool) -> PhotoFilter {
    PhotoFilter { removal_proposed: Some(proposed), ..PhotoFilter::default() }
}

#[tokio::test]
async fn a_photo_hidden_at_a_frame_is_hidden_everywhere_until_it_is_put_back() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let all = photos(&people, 0..2).await;
    let before = last_seq(&people).await;
    for _ in 0..2 {
        frame.client.hide(all[0]).await.unwrap();
    }
    let told: Vec<_> = changes_after(&people, before).await.into_iter().map(|change| change.kind).collect();
    assert_eq!(told, [ChangeKind::PhotoUpdated { photo_id: all[0] }], "the second one changed nothing");
    assert!(people.viewer.photo(all[0]).await.unwrap().hidden);
    assert!(frame.client.photo(all[0]).await.unwrap().hidden, "a frame sees it, so that it can be put back");
    assert_eq!(found(&people.viewer, people.family, hidden(true)).await, [all[0]]);
    assert_eq!(found(&people.viewer, people.family, hidden(false)).await, [all[1]]);
    assert_eq!(found(&people.viewer, people.family, PhotoFilter::default()).await.len(), 2);

    for _ in 0..2 {
        people.editor.unhide(all[0]).await.unwrap();
    }
    assert_eq!(changes_after(&people, before).await.len(), 2);
    assert!(!frame.client.photo(all[0]).await.unwrap().hidden);
}

#[tokio::test]
async fn a_removal_a_parent_asks_for_waits_for_the_children() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let all = photos(&people, 0..3).await;
    for photo in [all[0], all[0], all[1]] {
        frame.client.propose_removal(photo).await.unwrap();
    }
    assert_eq!(found(&people.viewer, people.family, proposed(true)).await, [all[1], all[0]]);
    assert_eq!(found(&people.viewer, people.family, proposed(false)).await, [all[2]]);

    frame.client.withdraw_removal(all[0]).await.unwrap();
    frame.client.withdraw_removal(all[0]).await.unwrap();
    people.editor.withdraw_removal(all[1]).await.unwrap();
    assert!(found(&people.viewer, people.family, proposed(true)).await.is_empty());
    assert_eq!(found(&people.viewer, people.family, PhotoFilter::default()).await.len(), 3);
}

#[tokio::test]
async fn the_trash_settles_a_proposal_for_good() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = photos(&people, 0..1).await[0];
    people.editor.propose_removal(photo).await.unwrap();
    people.owner.trash_photo(photo).await.unwrap();
    assert!(!people.owner.photo(photo).await.unwrap().removal_proposed);
    assert_eq!(code(people.editor.propose_removal(photo).await), ErrorCode::PhotoTrashed);
    assert_eq!(code(people.editor.hide(photo).await), ErrorCode::PhotoTrashed);
    people.owner.restore_photo(photo).await.unwrap();
    assert!(!people.owner.photo(photo).await.unwrap().removal_proposed);
}

#[tokio::test]
async fn a_viewer_sets_nothing_aside_and_a_stranger_finds_nothing() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let (stranger, _, _) = newcomer(&server.base_url()).await;
    let photo = photos(&people, 0..1).await[0];
    for (client, refusal) in
        [(&people.viewer, ErrorCode::Forbidden), (&stranger, ErrorCode::NotFound)] as [(&Client, _); 2]
    {
        assert_eq!(code(client.hide(photo).await), refusal);
        assert_eq!(code(client.unhide(photo).await), refusal);
        assert_eq!(code(client.propose_removal(photo).await), refusal);
        assert_eq!(code(client.withdraw_removal(photo).await), refusal);
    }
    let seen = people.owner.photo(photo).await.unwrap();
    assert!(!seen.hidden && !seen.removal_proposed);
}

#[tokio::test]
async fn albums_and_their_guests_keep_a_photo_that_is_set_aside() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = photos(&people, 0..1).await[0];
    let id = album(&people.owner, people.family, "a", &[photo]).await;
    people.editor.hide(photo).await.unwrap();
    people.editor.propose_removal(photo).await.unwrap();
    assert_eq!(order_of(&people.viewer, id).await, [photo]);

    let url = server.base_url().join(&format!("/v1/albums/{id}/links")).unwrap();
    let token = people.owner.access_token().await.unwrap();
    let request = reqwest::Client::new().post(url.as_str()).bearer_auth(token).json(&json!({}));
    let link: Link = serde_json::from_value(answer(request).await.1).unwrap();
    let shared = format!("/v1/shared/{}/photos", link.url.rsplit('/').next().unwrap());
    let (_, photos) = get(&people.owner, &shared).await;
    let photos: Page<SharedPhoto> = serde_json::from_value(photos).unwrap();
    assert_eq!(photos.items.iter().map(|photo| photo.id).collect::<Vec<_>>(), [photo]);
}

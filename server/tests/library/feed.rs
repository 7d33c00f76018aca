//! The change feed, and events as they happen.

use std::time::Duration;

use futures::StreamExt;
use picup_api::{
    FamilyId,
    change::{Change, ChangeKind, Event},
    frame::FrameAction,
};
use picup_client::{Client, FeedItem};
use picup_testkit::{TestServer, rendered};

use crate::stage::{album, code, picture, ready, stored};

async fn whole_feed(client: &Client, family: FamilyId) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    loop {
        let after = changes.last().map_or(0, |change| change.seq);
        let page = client.changes(family, after, 2).await.unwrap();
        assert!(page.changes.len() <= 2);
        changes.extend(page.changes);
        if !page.has_more {
            assert_eq!(changes.last().map_or(0, |change| change.seq), page.last_seq);
            return changes;
        }
    }
}

fn assert_gapless(changes: &[Change]) {
    let numbers: Vec<u64> = changes.iter().map(|change| change.seq).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_happens_is_told_in_order_and_without_gaps() {
    let server = TestServer::start().await;
    let people = server.family().await;
    assert_eq!(people.viewer.changes(people.family, 0, 10).await.unwrap().last_seq, 0);
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await.id;
    let album = album(&people.owner, people.family, "a", &[photo]).await;
    people.viewer.put_heart(photo).await.unwrap();
    people.viewer.put_heart(photo).await.unwrap();
    people.viewer.add_comment(photo, "good").await.unwrap();
    people.editor.trash_photo(photo).await.unwrap();
    people.editor.restore_photo(photo).await.unwrap();
    people.editor.delete_album(album).await.unwrap();

    let changes = whole_feed(&people.viewer, people.family).await;
    assert_gapless(&changes);
    let kinds: Vec<_> = changes.into_iter().map(|change| change.kind).collect();
    assert_eq!(
        kinds,
        [
            ChangeKind::PhotoAdded { photo_id: photo },
            ChangeKind::PhotoUpdated { photo_id: photo },
            ChangeKind::AlbumChanged { album_id: album },
            ChangeKind::AlbumPhotosChanged { album_id: album },
            ChangeKind::HeartsChanged { photo_id: photo },
            ChangeKind::CommentsChanged { photo_id: photo },
            ChangeKind::PhotoTrashed { photo_id: photo },
            ChangeKind::PhotoRestored { photo_id: photo },
            ChangeKind::AlbumRemoved { album_id: album },
        ]
    );
}

#[tokio::test]
async fn the_feed_has_no_gaps_when_many_write_at_once() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photos = stored(&people.owner, people.family, 0..4).await;
    let work = (0..40).map(|n| {
        let (client, photo) = ([&people.owner, &people.editor, &people.viewer][n % 3], photos[n % 4]);
        async move { client.add_comment(photo, "at once").await.unwrap() }
    });
    futures::future::join_all(work).await;
    // A picture that is made while the last page is read would be in its number and not in it.
    for photo in &photos {
        rendered(&people.owner, *photo).await;
    }
    assert_gapless(&whole_feed(&people.owner, people.family).await);
    let (status, _) =
        crate::stage::get(&people.owner, &format!("/v1/families/{}/changes?limit=0", people.family)).await;
    assert_eq!(status, 422);
}

/// The next event of a stream within ten seconds, passing over the stream's own news.
async fn next(stream: &mut (impl futures::Stream<Item = FeedItem> + Unpin)) -> (Option<u64>, Event) {
    loop {
        let item = tokio::time::timeout(Duration::from_secs(10), stream.next()).await;
        match item.expect("an event within ten seconds").expect("the stream goes on") {
            FeedItem::Event { seq, event } => return (seq, event),
            FeedItem::Connected | FeedItem::Lost { .. } => {}
            FeedItem::SignedOut(error) => panic!("signed out: {error}"),
        }
    }
}

async fn connected(stream: &mut (impl futures::Stream<Item = FeedItem> + Unpin)) {
    let item = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.unwrap().unwrap();
    assert!(matches!(item, FeedItem::Connected), "{item:?}");
}

#[tokio::test]
async fn a_listener_hears_a_change_as_it_happens_and_another_family_does_not() {
    let server = TestServer::start().await;
    let (people, others) = (server.family().await, server.family().await);
    let mut mine = people.viewer.events(people.family, None);
    let mut theirs = others.viewer.events(others.family, None);
    connected(&mut mine).await;
    connected(&mut theirs).await;
    let photo = stored(&people.owner, people.family, 0..1).await[0];
    let (seq, event) = next(&mut mine).await;
    assert_eq!(seq, Some(1));
    let Event::Change { family_id, change } = event else { panic!("{event:?}") };
    assert_eq!((family_id, change.kind), (people.family, ChangeKind::PhotoAdded { photo_id: photo }));

    let photo = stored(&others.owner, others.family, 0..1).await[0];
    let (_, event) = next(&mut theirs).await;
    let Event::Change { change, .. } = event else { panic!("{event:?}") };
    assert_eq!(
        change.kind,
        ChangeKind::PhotoAdded { photo_id: photo },
        "its own first change is the first it hears"
    );
    let foreign = crate::stage::get(&others.owner, &format!("/v1/events?family={}", people.family)).await;
    assert_eq!(foreign.0, 404);
}

#[tokio::test]
async fn a_listener_that_was_away_is_told_what_it_missed_and_then_what_happens() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await.id;
    people.owner.add_comment(photo, "one").await.unwrap();
    let mut stream = people.viewer.events(people.family, Some(1));
    assert_eq!(next(&mut stream).await.0, Some(2));
    assert_eq!(next(&mut stream).await.0, Some(3));
    people.owner.add_comment(photo, "two").await.unwrap();
    assert_eq!(next(&mut stream).await.0, Some(4));
}

#[tokio::test]
async fn a_listener_misses_nothing_when_the_server_is_killed() {
    let mut server = TestServer::start().await;
    let people = server.family().await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await.id;
    let mut stream = people.viewer.events(people.family, Some(0));
    assert_eq!(next(&mut stream).await.0, Some(1));
    assert_eq!(next(&mut stream).await.0, Some(2));
    server.restart().await;
    people.owner.add_comment(photo, "after the crash").await.unwrap();
    assert_eq!(next(&mut stream).await.0, Some(3));
}

#[tokio::test]
async fn a_frame_hears_its_commands() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let mut stream = frame.client.events(people.family, None);
    connected(&mut stream).await;
    let sent = people.owner.send_command(people.family, frame.id, FrameAction::Next).await.unwrap();
    let heard = loop {
        if let (seq, Event::Command { frame_id, command }) = next(&mut stream).await {
            break (seq, frame_id, command.id);
        }
    };
    assert_eq!(heard, (None, frame.id, sent.id));
}

#[tokio::test]
async fn a_member_removed_from_the_family_hears_nothing_more() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let mut stream = people.viewer.events(people.family, None);
    connected(&mut stream).await;
    people.owner.remove_member(people.family, people.viewer_id).await.unwrap();
    stored(&people.owner, people.family, 0..1).await;
    let heard = tokio::time::timeout(Duration::from_secs(3), async {
        while let Some(item) = stream.next().await {
            assert!(!matches!(item, FeedItem::Event { event: Event::Change { .. }, .. }), "{item:?}");
        }
    });
    let _ = heard.await;
    let refused = people.viewer.changes(people.family, 0, 1).await;
    assert_eq!(code(refused), picup_api::ErrorCode::NotFound);
}

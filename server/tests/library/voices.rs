//! Spoken comments, and comments taken away.

use picup_api::{CommentId, ErrorCode, PhotoId, change::ChangeKind};
use picup_client::{Client, PageQuery};
use picup_testkit::{PASSWORD, People, TestServer, eventually, newcomer, photos::fixture};

use crate::stage::{code, faults, get, picture, ready, stored};

const MIB: usize = 1 << 20;

/// A recording that goes on with silence.
fn recording(bytes: usize) -> Vec<u8> {
    let mut sound = fixture("voice.webm");
    sound.resize(bytes, 0);
    sound
}

async fn usage(people: &People) -> u64 {
    people.owner.usage(people.family).await.unwrap().usage_bytes
}

async fn comments(client: &Client, photo: PhotoId) -> Vec<picup_api::photo::Comment> {
    client.comments(photo, &PageQuery::first(200)).await.unwrap().items
}

#[tokio::test]
async fn a_childs_voice_is_heard_at_the_frame() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await.id;
    for (name, media_type) in
        [("voice.webm", "audio/webm"), ("voice.ogg", "audio/ogg"), ("voice.m4a", "audio/mp4")]
    {
        let sound = fixture(name);
        let said = people.viewer.say_by_voice(photo, sound.clone(), " 할머니! ").await.unwrap();
        let voice = said.voice.clone().unwrap();
        assert_eq!((voice.media_type.as_str(), voice.bytes), (media_type, sound.len() as u64));
        assert_eq!((voice.url, said.text.as_str()), (format!("/v1/comments/{}/voice", said.id), "할머니!"));
        assert_eq!(comments(&frame.client, photo).await.last(), Some(&said));
        assert_eq!(frame.client.voice(said.id).await.unwrap(), sound);
    }
    assert_eq!(frame.client.photo(photo).await.unwrap().comments, 3);
    let changes = people.viewer.changes(people.family, 0, 200).await.unwrap().changes;
    let told = changes.iter().filter(|change| change.kind == ChangeKind::CommentsChanged { photo_id: photo });
    assert_eq!(told.count(), 3);
}

#[tokio::test]
async fn a_voice_needs_no_words_and_is_sent_so_that_a_browser_only_plays_it() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = stored(&people.owner, people.family, 0..1).await[0];
    let said = people.editor.say_by_voice(photo, fixture("voice.ogg"), "").await.unwrap();
    assert_eq!(said.text, "");
    let url = server.base_url().join(&said.voice.unwrap().url).unwrap();
    let token = people.viewer.access_token().await.unwrap();
    let answer = reqwest::Client::new().get(url.as_str()).bearer_auth(token).send().await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "audio/ogg");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let caching = header("cache-control");
    assert!(caching.starts_with("private") && caching.ends_with("immutable"), "{caching}");
    assert_eq!(answer.bytes().await.unwrap(), fixture("voice.ogg"));
    assert_eq!(reqwest::get(url.as_str()).await.unwrap().status(), 401);
}

#[tokio::test]
async fn what_is_no_voice_is_refused_whatever_it_is_called() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = stored(&people.owner, people.family, 0..1).await[0];
    let say = |sound: Vec<u8>, text: &'static str| people.viewer.say_by_voice(photo, sound, text);
    let no_sound = || ("body".to_owned(), "invalid".to_owned());
    for sound in [picture(1), b"<script>".to_vec(), Vec::new(), fixture("heic.heic")] {
        assert_eq!(faults(say(sound, "").await), [no_sound()]);
    }
    let long: &'static str = "x".repeat(2001).leak();
    assert_eq!(faults(say(picture(1), long).await), [no_sound(), ("text".into(), "too_long".into())]);
    assert_eq!(code(say(recording(MIB + 1), "").await), ErrorCode::PayloadTooLarge);
    assert!(comments(&people.owner, photo).await.is_empty());
    let longest = say(recording(MIB), "").await.unwrap();
    assert_eq!(people.owner.voice(longest.id).await.unwrap(), recording(MIB));
}

#[tokio::test]
async fn members_speak_and_only_the_family_listens() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let (stranger, _, _) = newcomer(&server.base_url()).await;
    let photo = ready(&people.owner, people.family, &picture(1), "1.jpg").await.id;
    let sound = || fixture("voice.webm");
    assert_eq!(code(frame.client.say_by_voice(photo, sound(), "").await), ErrorCode::Forbidden);
    assert_eq!(code(stranger.say_by_voice(photo, sound(), "").await), ErrorCode::NotFound);
    let said = people.viewer.say_by_voice(photo, sound(), "").await.unwrap();
    assert_eq!(code(stranger.voice(said.id).await), ErrorCode::NotFound);
    assert_eq!(code(stranger.remove_comment(said.id).await), ErrorCode::NotFound);
    let written = people.viewer.add_comment(photo, "written").await.unwrap();
    assert_eq!(code(people.viewer.voice(written.id).await), ErrorCode::NotFound);

    people.owner.trash_photo(photo).await.unwrap();
    assert_eq!(code(frame.client.voice(said.id).await), ErrorCode::NotFound, "a frame sees no trash");
    assert_eq!(people.viewer.voice(said.id).await.unwrap(), sound());
    assert_eq!(code(people.viewer.say_by_voice(photo, sound(), "").await), ErrorCode::PhotoTrashed);
}

#[tokio::test]
async fn a_comment_is_taken_away_by_its_author_or_an_editor_with_its_voice() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = server.paired_frame(&people.owner).await;
    let photo = stored(&people.owner, people.family, 0..1).await[0];
    let before = usage(&people).await;
    let mut said: Vec<CommentId> = Vec::new();
    for client in [&people.viewer, &people.viewer, &people.editor] {
        said.push(client.say_by_voice(photo, fixture("voice.webm"), "").await.unwrap().id);
    }
    assert_eq!(usage(&people).await, before + 3 * fixture("voice.webm").len() as u64);
    assert_eq!(code(people.viewer.remove_comment(said[2]).await), ErrorCode::Forbidden);
    assert_eq!(code(frame.client.remove_comment(said[0]).await), ErrorCode::Forbidden);
    people.viewer.remove_comment(said[0]).await.unwrap();
    people.editor.remove_comment(said[1]).await.unwrap();
    assert_eq!(code(people.viewer.remove_comment(said[0]).await), ErrorCode::NotFound);
    assert_eq!(code(people.viewer.voice(said[0]).await), ErrorCode::NotFound);
    let left: Vec<_> = comments(&people.owner, photo).await.iter().map(|comment| comment.id).collect();
    assert_eq!(left, [said[2]]);
    assert_eq!(people.owner.photo(photo).await.unwrap().comments, 1);
    people.owner.remove_comment(said[2]).await.unwrap();
    assert_eq!(usage(&people).await, before);
}

#[tokio::test]
async fn a_deleted_members_voice_is_gone() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = stored(&people.owner, people.family, 0..1).await[0];
    let before = usage(&people).await;
    let said = people.editor.say_by_voice(photo, fixture("voice.webm"), "").await.unwrap();
    people.editor.delete_me(PASSWORD).await.unwrap();
    eventually("what the member said is gone", || async {
        (people.owner.photo(photo).await.unwrap().comments == 0).then_some(())
    })
    .await;
    assert_eq!(code(people.owner.voice(said.id).await), ErrorCode::NotFound);
    assert_eq!(usage(&people).await, before);
}

#[tokio::test]
async fn a_purged_photo_takes_its_voices_with_it() {
    let server = TestServer::builder().config("[limits]\ntrash_days = 0").start().await;
    let people = server.family().await;
    let photo = stored(&people.owner, people.family, 0..1).await[0];
    let said = people.viewer.say_by_voice(photo, fixture("voice.webm"), "").await.unwrap();
    people.viewer.say_by_voice(photo, fixture("voice.ogg"), "").await.unwrap();
    people.owner.trash_photo(photo).await.unwrap();
    eventually("the photo is gone", || async {
        (people.owner.photo(photo).await.err()?.code() == Some(ErrorCode::NotFound)).then_some(())
    })
    .await;
    assert_eq!(code(people.viewer.voice(said.id).await), ErrorCode::NotFound);
    assert_eq!(usage(&people).await, 0);
}

#[tokio::test]
async fn voices_count_against_the_quota() {
    let server = TestServer::builder().config("[limits]\nquota_bytes = 100000").start().await;
    let people = server.family().await;
    let photo = stored(&people.owner, people.family, 0..1).await[0];
    let before = usage(&people).await;
    let refused = people.viewer.say_by_voice(photo, recording(100_000), "").await;
    assert_eq!(code(refused), ErrorCode::QuotaExceeded);
    assert_eq!((usage(&people).await, comments(&people.owner, photo).await.len()), (before, 0));
}

#[tokio::test]
async fn voices_are_sealed_in_the_database() {
    let mut server = TestServer::start().await;
    let people = server.family().await;
    let photo = stored(&people.owner, people.family, 0..1).await[0];
    let mut sound = fixture("voice.webm");
    sound.extend(b"SecretVoice");
    people.owner.say_by_voice(photo, sound, "SecretWords").await.unwrap();
    let (_, seen) = get(&people.owner, &format!("/v1/photos/{photo}/comments")).await;
    assert_eq!(seen["items"][0]["text"], "SecretWords");
    server.stop().await;
    if let Some(databases) = server.databases() {
        assert!(!databases.hold("Secret"), "the server has a voice in the clear");
        return;
    }
    for file in ["library.db", "library.db-wal"] {
        let bytes = std::fs::read(server.data_dir().join(file)).unwrap_or_default();
        assert!(!bytes.windows(6).any(|window| window == b"Secret"), "{file} has a voice in the clear");
    }
}

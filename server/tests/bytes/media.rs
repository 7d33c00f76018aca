//! Signed addresses, parts, and what a browser is told about the bytes.

use picup_api::{PhotoId, photo::Rendition};
use picup_testkit::{People, TestServer, eventually, photos, rendered};
use reqwest::{Method, Response, StatusCode};

use crate::tus::{header, large_photo, original_url, refusal};

async fn get(server: &TestServer, url: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = reqwest::Client::new().get(server.base_url().join(url).unwrap());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn an_original_is_read_whole_and_in_parts() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let bytes = large_photo(1, 500_000);
    let photo = people.upload(&bytes, "휴가/../바다 \"1\".jpg").await;
    let url = original_url(&people.owner, photo).await;

    let whole = get(&server, &url, &[]).await;
    assert_eq!(whole.status(), 200);
    let tag = header(&whole, "etag").unwrap();
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("content-length", "500000"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(header(&whole, name).as_deref(), Some(value), "{name}");
    }
    let caching = header(&whole, "cache-control").unwrap();
    assert!(caching.starts_with("private, max-age=") && caching.ends_with("immutable"), "{caching}");
    let disposition = header(&whole, "content-disposition").unwrap();
    assert!(disposition.is_ascii() && !disposition.contains('/'), "{disposition}");
    assert!(whole.bytes().await.unwrap() == bytes);

    for (range, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=100000-399999", 100_000..400_000),
        ("bytes=499999-", 499_999..500_000),
        ("bytes=-10", 499_990..500_000),
        ("bytes=300000-9999999", 300_000..500_000),
    ] {
        let answer = get(&server, &url, &[("range", range), ("if-range", &tag)]).await;
        assert_eq!(answer.status(), 206, "{range}");
        let wanted = format!("bytes {}-{}/500000", part.start, part.end - 1);
        assert_eq!(header(&answer, "content-range").unwrap(), wanted);
        assert!(answer.bytes().await.unwrap() == bytes[part], "{range}");
    }
    let beyond = get(&server, &url, &[("range", "bytes=500000-")]).await;
    assert_eq!(header(&beyond, "content-range").as_deref(), Some("bytes */500000"));
    assert_eq!(refusal(beyond).await, (416, "range_not_satisfiable".to_owned()));
    let changed = get(&server, &url, &[("range", "bytes=0-0"), ("if-range", "\"other\"")]).await;
    assert_eq!((changed.status(), changed.bytes().await.unwrap().len()), (StatusCode::OK, 500_000));
    assert_eq!(get(&server, &url, &[("if-none-match", &tag)]).await.status(), 304);
    let head = reqwest::Client::new()
        .request(Method::HEAD, server.base_url().join(&url).unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!((head.status().as_u16(), header(&head, "content-length").as_deref()), (200, Some("500000")));
}

/// FAILURES 31: a signed address is altered or expired.
#[tokio::test]
async fn an_altered_or_expired_address_opens_nothing() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let (mine, other) = (
        people.upload(&photos::jpeg(64, 48, 1), "a.jpg").await,
        people.upload(&photos::jpeg(64, 48, 2), "b.jpg").await,
    );
    let url = original_url(&people.owner, mine).await;
    let invalid = (403, "media_signature_invalid".to_owned());
    let later = url.replace("?e=", "?e=9");
    for altered in [
        url.replace(&mine.to_string(), &other.to_string()),
        url.replace("/original", "/thumb"),
        later,
        url[..url.len() - 2].to_owned(),
        format!("/media/{mine}/original?e=9999999999&s="),
    ] {
        assert_eq!(refusal(get(&server, &altered, &[]).await).await, invalid, "{altered}");
    }
    let bare = format!("/media/{mine}/original");
    assert_eq!(get(&server, &bare, &[]).await.status(), 400);
    assert_eq!(get(&server, &url.replace("/original", "/secret"), &[]).await.status(), 404);
}

#[tokio::test]
async fn every_rendition_of_a_ready_photo_can_be_read_and_a_missing_one_is_made() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let photo = people.upload(&photos::jpeg(2400, 1600, 3), "a.jpg").await;
    let ready = rendered(&people.owner, photo).await;
    for rendition in [Rendition::Thumb, Rendition::Preview, Rendition::Screen1080, Rendition::Screen2160] {
        let url = &ready.renditions[&rendition].url;
        let there = || async {
            let answer = get(&server, url, &[]).await;
            if answer.status() == 404 {
                assert!(header(&answer, "retry-after").is_some());
                assert_eq!(refusal(answer).await.1, "rendition_not_ready");
                return None;
            }
            Some(answer)
        };
        let answer = eventually("the rendition is made", there).await;
        assert!(header(&answer, "content-type").unwrap().starts_with("image/"));
        assert!(header(&answer, "content-disposition").is_none());
        let part = get(&server, url, &[("range", "bytes=0-3")]).await;
        assert_eq!((part.status().as_u16(), part.bytes().await.unwrap().len()), (206, 4));
    }
    lose_thumb(&server, &people, photo);
    let url = &ready.renditions[&Rendition::Thumb].url;
    eventually("a lost rendition is made again", || async {
        (get(&server, url, &[]).await.status() == 200).then_some(())
    })
    .await;
}

/// Not the others: one that was asked for while it was being made is made once more.
fn lose_thumb(server: &TestServer, people: &People, photo: PhotoId) {
    let thumb = format!("renditions/{}/{photo}/{}", people.family, Rendition::Thumb.as_str());
    std::fs::remove_file(server.main_dir().join(thumb)).unwrap();
}

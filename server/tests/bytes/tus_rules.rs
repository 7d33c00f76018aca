//! Every rule of tus 1.0 and its extensions.

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use picup_testkit::{TestServer, newcomer, sha256};
use reqwest::{Method, header::CONTENT_TYPE};

use crate::tus::{PIECE, Tus, header, large_photo, original, photo, photo_of, refusal};

fn checksum(name: &str, algorithm: &'static digest::Algorithm, bytes: &[u8]) -> String {
    format!("{name} {}", BASE64.encode(digest::digest(algorithm, bytes)))
}

#[tokio::test]
async fn an_upload_in_pieces_becomes_a_photo_with_the_same_bytes() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(1, 1_500_000);

    let path = tus.create(&bytes).await;
    for (start, end) in [(0, 400_000), (400_000, 400_001), (400_001, 1_100_000)] {
        let answer = tus.patch(&path, start, &bytes[start..end]).await;
        assert_eq!(answer.status(), 204);
        assert_eq!(header(&answer, "upload-offset").unwrap(), end.to_string());
        assert!(header(&answer, "upload-expires").unwrap().ends_with(" GMT"));
        assert_eq!(tus.offset(&path).await, end);
    }
    let answer = tus.patch(&path, 1_100_000, &bytes[1_100_000..]).await;
    assert_eq!(answer.status(), 204);
    assert_eq!(header(&answer, "picup-duplicate").unwrap(), "false");
    let photo = photo_of(&answer);
    assert!(original(&people.owner, photo).await == bytes);
    assert_eq!(people.owner.photo(photo).await.unwrap().filename, "바다.jpg");

    // The last answer may be lost: asking again gives it again.
    let again = tus.patch(&path, bytes.len(), b"").await;
    assert_eq!((again.status().as_u16(), photo_of(&again)), (204, photo));
    let head = tus.head(&path).await;
    assert_eq!(header(&head, "upload-offset"), header(&head, "upload-length"));
    assert_eq!(photo_of(&head), photo);
}

#[tokio::test]
async fn options_tell_what_the_server_can_do() {
    let server = TestServer::builder().config("[limits]\nmax_upload_bytes = 1000000").start().await;
    let url = server.base_url().join("/v1/uploads").unwrap();
    let answer = reqwest::Client::new().request(Method::OPTIONS, url).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    for (name, value) in [
        ("tus-resumable", "1.0.0"),
        ("tus-version", "1.0.0"),
        ("tus-max-size", "1000000"),
        ("tus-extension", "creation,creation-with-upload,expiration,checksum,termination"),
        ("tus-checksum-algorithm", "sha256,sha1"),
    ] {
        assert_eq!(header(&answer, name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_creation_may_carry_the_whole_file() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = photo(1);
    let creation = tus.creation(bytes.len(), Some(sha256(&bytes)));
    let answer = creation.header(CONTENT_TYPE, PIECE).body(bytes.clone()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(header(&answer, "upload-offset").unwrap(), bytes.len().to_string());
    assert!(header(&answer, "location").is_some());
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
}

#[tokio::test]
async fn a_creation_whose_first_piece_fails_names_the_upload_if_there_is_one() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = photo(1);
    let send = |checksum: String| {
        let creation = tus.creation(bytes.len(), Some(sha256(&bytes))).header("Upload-Checksum", checksum);
        creation.header(CONTENT_TYPE, PIECE).body(bytes.clone()).send()
    };
    let answer = send("md5 AAAA".to_owned()).await.unwrap();
    assert!(header(&answer, "location").is_none(), "nothing was created");
    assert_eq!(refusal(answer).await, (400, "checksum_algorithm_unsupported".to_owned()));

    let answer = send(checksum("sha256", &digest::SHA256, b"other")).await.unwrap();
    let path = header(&answer, "location").expect("the upload is there to go on with");
    assert_eq!(refusal(answer).await, (460, "upload_checksum_mismatch".to_owned()));
    assert_eq!(tus.offset(&path).await, 0);
    let answer = tus.patch(&path, 0, &bytes).await;
    assert!(original(&people.owner, photo_of(&answer)).await == bytes);
}

#[tokio::test]
async fn the_same_bytes_are_the_same_photo_also_when_two_arrive_at_once() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(2, 300_000);
    let uploads = futures::future::join_all((0..6).map(|_| async {
        let path = tus.create(&bytes).await;
        let answer = tus.patch(&path, 0, &bytes).await;
        (photo_of(&answer), header(&answer, "picup-duplicate").unwrap())
    }));
    let answers = uploads.await;
    assert!(answers.iter().all(|(photo, _)| *photo == answers[0].0));
    assert_eq!(answers.iter().filter(|(_, duplicate)| duplicate == "false").count(), 1);
    assert_eq!(people.owner.usage(people.family).await.unwrap().usage_bytes, bytes.len() as u64);
}

/// FAILURES 20: wrong offset 409, wrong checksum 460, too long 413.
#[tokio::test]
async fn a_piece_that_does_not_fit_changes_nothing() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = large_photo(3, 10_000);
    let path = tus.create(&bytes).await;
    assert_eq!(tus.patch(&path, 0, &bytes[..4000]).await.status(), 204);

    let expect = |status: u16, code: &str| (status, code.to_owned());
    for offset in [0, 3999, 4001, 10_000] {
        let answer = refusal(tus.patch(&path, offset, b"x").await).await;
        assert_eq!(answer, expect(409, "upload_offset_mismatch"), "{offset}");
    }
    let answer = refusal(tus.patch(&path, 4000, &[0; 6001]).await).await;
    assert_eq!(answer, expect(413, "upload_too_large"));
    let unlimited = futures::stream::iter((0..7).map(|_| Ok::<_, std::io::Error>(vec![0_u8; 1000])));
    let chunked = tus.piece(&path, 4000, b"").body(reqwest::Body::wrap_stream(unlimited));
    assert_eq!(refusal(chunked.send().await.unwrap()).await, expect(413, "upload_too_large"));

    let wrong = checksum("sha256", &digest::SHA256, b"other");
    let answer =
        tus.piece(&path, 4000, &bytes[4000..5000]).header("Upload-Checksum", wrong).send().await.unwrap();
    assert_eq!(refusal(answer).await, expect(460, "upload_checksum_mismatch"));
    let answer = tus.piece(&path, 4000, b"x").header("Upload-Checksum", "md5 AAAA").send().await.unwrap();
    assert_eq!(refusal(answer).await, expect(400, "checksum_algorithm_unsupported"));
    let mut untyped = tus.piece(&path, 4000, b"x").build().unwrap();
    untyped.headers_mut().insert(CONTENT_TYPE, "image/jpeg".parse().unwrap());
    let answer = tus.http.execute(untyped).await.unwrap();
    assert_eq!(answer.status(), 415);
    assert_eq!(tus.offset(&path).await, 4000);

    for (start, end, name, algorithm) in
        [(4000, 7000, "sha1", &digest::SHA1_FOR_LEGACY_USE_ONLY), (7000, 10_000, "sha256", &digest::SHA256)]
    {
        let right = checksum(name, algorithm, &bytes[start..end]);
        let piece = tus.piece(&path, start, &bytes[start..end]).header("Upload-Checksum", right);
        assert_eq!(piece.send().await.unwrap().status(), 204);
    }
    assert!(header(&tus.head(&path).await, "picup-photo-id").is_some());
}

#[tokio::test]
async fn another_version_of_the_protocol_is_refused_with_the_one_spoken() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    for version in [None, Some("0.2.2")] {
        let url = tus.base.join("/v1/uploads").unwrap();
        let mut request = tus.http.post(url).bearer_auth(&tus.token).header("Upload-Length", 1);
        if let Some(version) = version {
            request = request.header("Tus-Resumable", version);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(header(&answer, "tus-version").as_deref(), Some("1.0.0"));
        assert_eq!(refusal(answer).await, (412, "tus_version_unsupported".to_owned()));
    }
}

#[tokio::test]
async fn a_creation_that_makes_no_sense_names_what_is_wrong() {
    let server = TestServer::builder()
        .config("[limits]\nmax_upload_bytes = 100000\nquota_bytes = 50000")
        .start()
        .await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    people.upload(&photo(9), "first.jpg").await;
    let answer = tus.creation(100_001, None).send().await.unwrap();
    assert_eq!(header(&answer, "tus-resumable").as_deref(), Some("1.0.0"));
    assert_eq!(refusal(answer).await, (413, "upload_too_large".to_owned()));
    let answer = tus.creation(50_000, None).send().await.unwrap();
    assert_eq!(refusal(answer).await, (413, "quota_exceeded".to_owned()));

    let bare = || tus.request(Method::POST, "/v1/uploads");
    let answer = bare().header("Upload-Metadata", tus.metadata(None)).send().await.unwrap();
    assert_eq!(refusal(answer).await, (400, "malformed_request".to_owned()));
    let answer =
        bare().header("Upload-Length", 5).header("Upload-Metadata", "filename !!").send().await.unwrap();
    assert_eq!(refusal(answer).await, (400, "malformed_request".to_owned()));
    let answer = bare().header("Upload-Length", 5).send().await.unwrap();
    let problem: serde_json::Value = answer.json().await.unwrap();
    let fields: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!((problem["status"].as_u64(), fields), (Some(422), vec!["family", "filename"]));
}

#[tokio::test]
async fn an_upload_that_is_given_up_is_gone() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = photo(4);
    let path = tus.create(&bytes).await;
    tus.patch(&path, 0, &bytes[..100]).await;
    assert_eq!(tus.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    assert_eq!(tus.head(&path).await.status(), 404);
    assert_eq!(tus.patch(&path, 100, &bytes[100..]).await.status(), 404);
    assert_eq!(std::fs::read_dir(server.data_dir().join("spool")).unwrap().count(), 0);
}

#[tokio::test]
async fn post_stands_in_for_the_methods_a_network_blocks() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = photo(5);
    let path = tus.create(&bytes).await;
    let piece = tus.piece(&path, 0, &bytes).build().unwrap();
    let mut posted = tus.request(Method::POST, &path).headers(piece.headers().clone());
    posted = posted.header("X-HTTP-Method-Override", "PATCH").body(bytes.clone());
    assert_eq!(posted.send().await.unwrap().status(), 204);
    assert!(header(&tus.head(&path).await, "picup-photo-id").is_some());
}

#[tokio::test]
async fn a_digest_or_a_file_that_is_wrong_ends_the_upload() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = photo(6);
    let answer = tus.creation(bytes.len(), Some(sha256(b"other"))).send().await.unwrap();
    let path = header(&answer, "location").unwrap();
    let answer = refusal(tus.patch(&path, 0, &bytes).await).await;
    assert_eq!(answer, (460, "upload_digest_mismatch".to_owned()));
    assert_eq!(tus.head(&path).await.status(), 404);

    let page = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let path = tus.create(page).await;
    assert_eq!(refusal(tus.patch(&path, 0, page).await).await, (415, "unsupported_media_type".to_owned()));
    assert_eq!(tus.creation(0, None).send().await.unwrap().status(), 415);
    assert_eq!(people.owner.usage(people.family).await.unwrap().photos, 0);
}

#[tokio::test]
async fn another_familys_upload_is_not_found_and_a_viewer_may_not_send() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let tus = Tus::of(&server, &people).await;
    let bytes = photo(7);
    let path = tus.create(&bytes).await;
    let (stranger, ..) = newcomer(&server.base_url()).await;
    let theirs = Tus::with(server.base_url(), &stranger, people.family).await;
    assert_eq!(theirs.head(&path).await.status(), 404);
    assert_eq!(theirs.patch(&path, 0, &bytes).await.status(), 404);
    assert_eq!(theirs.request(Method::DELETE, &path).send().await.unwrap().status(), 404);
    assert_eq!(theirs.creation(5, None).send().await.unwrap().status(), 404);
    let viewer = Tus::with(server.base_url(), &people.viewer, people.family).await;
    assert_eq!(viewer.creation(5, None).send().await.unwrap().status(), 403);
    assert_eq!(tus.patch(&path, 0, &bytes).await.status(), 204);
}

#[tokio::test]
async fn a_check_tells_what_need_not_be_sent() {
    use picup_api::upload::{CheckAction, CheckItem};
    let server = TestServer::start().await;
    let people = server.family().await;
    let (kept, trashed) = (photo(1), photo(2));
    let kept_id = people.upload(&kept, "a.jpg").await;
    let trashed_id = people.upload(&trashed, "b.jpg").await;
    people.owner.trash_photo(trashed_id).await.unwrap();
    let item = |id: &str, bytes: &[u8]| CheckItem { id: id.into(), sha256: sha256(bytes) };
    let items = [item("a", &kept), item("b", &trashed), item("c", b"new"), item("d", &kept)];
    let results = people.editor.check(people.family, &items).await.unwrap();
    let actions: Vec<_> = results.iter().map(|r| (r.id.as_str(), r.action, r.photo_id)).collect();
    assert_eq!(
        actions,
        [
            ("a", CheckAction::Have, Some(kept_id)),
            ("b", CheckAction::Trashed, Some(trashed_id)),
            ("c", CheckAction::Upload, None),
            ("d", CheckAction::Have, Some(kept_id)),
        ]
    );
}

//! Every kind of file a family has, from the folder to the screen.

use std::collections::{HashMap, HashSet};

use picup_api::{PhotoId, photo::PhotoKind, screen::Slide};
use picup_testkit::{TestServer, eventually, photos};
use reqwest::{StatusCode, header};
use serde_json::json;

use crate::harness::TestFrame;

const FILES: [&str; 19] = [
    "landscape_1.jpg",
    "landscape_2.jpg",
    "landscape_3.jpg",
    "landscape_4.jpg",
    "landscape_5.jpg",
    "landscape_6.jpg",
    "landscape_7.jpg",
    "landscape_8.jpg",
    "portrait_1.jpg",
    "portrait_6.jpg",
    "cmyk.jpg",
    "heic.heic",
    "avif.avif",
    "png16.png",
    "webp.webp",
    "animated.gif",
    "tiff.tif",
    "video.mp4",
    "video_rotated.mov",
];

#[tokio::test]
async fn f03_every_format_and_orientation_reaches_the_screen_upright_and_a_broken_file_never_does() {
    let server = TestServer::start().await;
    let people = server.family().await;
    let frame = TestFrame::start(&server.base_url()).await;
    frame.pair_with(&people.owner, people.family).await;
    frame.drop_in("torn.jpg", &photos::truncated_jpeg(800, 600, 1));
    for name in FILES {
        frame.drop_in(name, &photos::fixture(name));
    }
    // Rendering twenty files takes an unoptimised server on a busy machine a while.
    for count in 1..=FILES.len() {
        let here = format!("{count} are here");
        frame.until(&here, |status| status.sync.photos_cached as usize >= count).await;
    }
    let slides = walk(&frame).await;
    for (name, slide) in &named(&people, &slides).await {
        let (status, picture) = frame.picture(slide.photo_id).await;
        assert_eq!(status, StatusCode::OK, "{name}");
        assert!(picture.starts_with(&[0xFF, 0xD8]) && picture.ends_with(&[0xFF, 0xD9]), "{name}");
        assert!(!name.starts_with("torn"), "a broken file is on the screen");
        if name.starts_with("landscape") {
            assert!(slide.width > slide.height, "{name}: {} x {}", slide.width, slide.height);
        }
        if name.starts_with("portrait") {
            assert!(slide.width < slide.height, "{name}: {} x {}", slide.width, slide.height);
        }
        if name.starts_with("video") {
            check_video(&frame, slide).await;
        }
    }
}

/// What comes on while paging once through everything, also at the side of another.
async fn walk(frame: &TestFrame) -> HashMap<PhotoId, Slide> {
    let mut slides = HashMap::new();
    for _ in 0..FILES.len() * 3 {
        let (_, slide) = frame.command("next", json!({})).await;
        let mut slide: Slide = serde_json::from_value(slide).unwrap();
        let beside = slide.beside.take().map(|slide| *slide);
        slides.extend([Some(slide), beside].into_iter().flatten().map(|slide| (slide.photo_id, slide)));
    }
    assert_eq!(slides.len(), FILES.len());
    slides
}

async fn named(people: &picup_testkit::People, slides: &HashMap<PhotoId, Slide>) -> Vec<(String, Slide)> {
    let page = picup_client::PageQuery::first(200);
    let stored = people.owner.photos(people.family, &Default::default(), &page).await.unwrap().items;
    let known = stored.into_iter().filter_map(|photo| Some((photo.filename, slides.get(&photo.id)?.clone())));
    let known: Vec<_> = known.collect();
    let names: HashSet<_> = known.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, HashSet::from(FILES));
    known
}

/// The page's cookie opens it, and a player may seek in it.
async fn check_video(frame: &TestFrame, slide: &Slide) {
    // Its poster came before it.
    let moves = || async {
        frame.command("show", json!({ "photo_id": slide.photo_id })).await;
        frame.current().await.filter(|slide| slide.kind == PhotoKind::Video).map(drop)
    };
    eventually("the video is here", moves).await;
    let page = frame.http().get(frame.address("/")).send().await.unwrap();
    let cookie = page.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let video = frame.http().get(frame.address(&format!("/video/{}", slide.photo_id)));
    let part = video.header("cookie", cookie).header("range", "bytes=4-11").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert!(part.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("video/"));
    assert!(part.bytes().await.unwrap().starts_with(b"ftyp"));
}
